"""The pages of this room."""

from __future__ import annotations

from portal.accounts.blueprint import bp
from portal.accounts.views import addresses, erasing, links, profile, signing

__all__ = ["addresses", "bp", "erasing", "links", "profile", "signing"]
