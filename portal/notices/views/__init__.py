"""The pages of this room: what a person was told, what comes by mail, and the way out of mails."""

from __future__ import annotations

from portal.notices.blueprint import bp
from portal.notices.views import inbox, preferences, unsubscribing

__all__ = ["bp", "inbox", "preferences", "unsubscribing"]
