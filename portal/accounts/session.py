"""Who is signed in: the one module that knows Flask-Login."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import request
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.services import passwords
from portal.core.db import session

if TYPE_CHECKING:
    from flask import Flask

login = LoginManager()
STAYS_SIGNED_IN = timedelta(days=30)
HOME = "/"
LONGEST_PATH = 2_000
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


def enter(person: Person, *, stay: bool = False) -> None:
    """Sign a person in, in a session that holds nothing from before; `stay` keeps it for 30 days, else the browser ends it."""
    cookie.clear()
    cookie.permanent = stay
    login_user(person)


def keep(person: Person) -> None:
    """Let this session go on after the person's other sessions were ended."""
    stay = cookie.permanent
    login_user(person)
    cookie.permanent = stay


def leave() -> None:
    """Sign out whoever is signed in, and forget everything the session held."""
    logout_user()
    cookie.clear()


def own_path(address: str | None) -> str:
    """Return a path of this portal as it was asked for, or the first page for anything that leads elsewhere."""
    address = address or ""
    if not address.startswith("/") or address.startswith("//") or len(address) > LONGEST_PATH:
        return HOME
    if "\\" in address or not address.isprintable():
        return HOME
    try:
        parts = urlsplit(address)
    except ValueError:
        return HOME
    if parts.scheme or parts.netloc or parts.path.startswith(("//", "/sign-")):
        return HOME
    return address


def init_app(app: Flask) -> None:
    """Let people be signed in."""
    passwords.warm_up(app.testing)
    app.config["PERMANENT_SESSION_LIFETIME"] = STAYS_SIGNED_IN
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    login.init_app(app)
    app.config["REMEMBER_COOKIE_NAME"] = f"{app.config['SESSION_COOKIE_NAME']}-remember"
