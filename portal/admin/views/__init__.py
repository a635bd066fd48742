"""The pages of this room, a module for each entry of the Administration menu."""

from __future__ import annotations

from portal.admin.blueprint import bp
from portal.admin.notices import views as notices
from portal.admin.open_badges import views as open_badges
from portal.admin.views import groups, mail, people, system

__all__ = ["bp", "groups", "mail", "notices", "open_badges", "people", "system"]
