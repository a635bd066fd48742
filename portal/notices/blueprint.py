"""The blueprint that this room's pages hang on, and the bell on every page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask_login import current_user

from portal.notices import services

bp = Blueprint("notices", __name__)


def _unread() -> int:
    return services.unread_count(current_user) if current_user.is_authenticated else 0


@bp.app_context_processor
def _bell() -> dict[str, Any]:
    """Let the shell ask how many notices are unread; nothing is asked on pages without a bell."""
    return {"unread_notices": _unread}
