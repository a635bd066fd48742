"""What must be true before the portal serves anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.badges import services as badges
from portal.core.errors import LaurelError
from portal.core.settings import settings
from portal.demo import loading

if TYPE_CHECKING:
    from flask import Flask


class NotStarted(LaurelError):
    """The portal must not serve like this; the message says what to do."""


def check(app: Flask) -> None:
    """Raise where the base URL was changed under badges, or where a production portal has the demo's passwords."""
    with app.app_context():
        badges.check_base_url()
        if not settings().production:
            return
        known = loading.known_passwords()
        if known:
            message = f"These accounts have the demo's password, which everybody knows: {', '.join(known)}. Change or remove them first."
            raise NotStarted(message)
