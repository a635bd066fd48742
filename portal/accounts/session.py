"""Who is signed in: the one module that knows Flask-Login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_login import LoginManager, current_user
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.db import session

if TYPE_CHECKING:
    from flask import Flask

login = LoginManager()
login.session_protection = None


@login.user_loader  # type: ignore[untyped-decorator]
def _load(identity: str) -> Person | None:
    public_id, _, epoch = identity.partition(".")
    person = session().scalar(select(Person).where(Person.public_id == public_id))
    return person if person and person.active and person.session_epoch == epoch else None


def reader() -> tuple[str, str] | None:
    """Return language and time zone of whoever reads the page, or None for a guest."""
    if request.environ.get("laurel.own_origin") or not current_user.is_authenticated:
        return None
    return current_user.language, current_user.timezone


def init_app(app: Flask) -> None:
    """Let people be signed in."""
    login.init_app(app)
    app.config["REMEMBER_COOKIE_NAME"] = f"{app.config['SESSION_COOKIE_NAME']}-remember"
