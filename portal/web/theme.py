"""Light, dark, or what the reader's system says: kept in a cookie and written into the page, so that nothing flashes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request

from portal.core.settings import settings
from portal.web.stamps import public

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

bp = Blueprint("theme", __name__)

THEMES = ("auto", "light", "dark")
A_YEAR = 365 * 24 * 60 * 60


def _cookie() -> str:
    return f"laurel-theme-{settings().cookie_suffix}"


def theme() -> str:
    """Return the reader's choice: "auto", "light" or "dark"."""
    chosen = request.cookies.get(_cookie(), "auto")
    return chosen if chosen in THEMES else "auto"


@bp.post("/theme")
@public
def choose() -> ResponseReturnValue:
    """Remember the choice in this browser, and go back to the page it was made on."""
    chosen = request.form.get("theme", "auto")
    response = redirect(_where_from(), 303)
    response.set_cookie(
        _cookie(),
        chosen if chosen in THEMES else "auto",
        max_age=A_YEAR,
        secure=settings().secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def _where_from() -> str:
    came_from = urlsplit(request.referrer or "")
    if f"{came_from.scheme}://{came_from.netloc}" != settings().origin or not came_from.path.startswith("/"):
        return "/"
    path = "/" + came_from.path.lstrip("/")
    return f"{path}?{came_from.query}" if came_from.query else path


def init_app(app: Flask) -> None:
    """Give an app its switch, and templates the reader's choice: theme()."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(theme=theme)
