"""The pages of this room."""

from __future__ import annotations

from portal.accounts.blueprint import bp
from portal.accounts.views import signing

__all__ = ["bp", "signing"]
