"""Rendering a page, and what every template may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for

from portal.core import i18n, markdown
from portal.core.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask


def page(template: str, **context: Any) -> str:
    """Render a page of templates/."""
    return render_template(template, **context)


def wants_fragment() -> bool:
    """Whether a script of our own asks for the inside of a page alone."""
    return request.headers.get("X-Requested-With") == "fetch"


def picture_url(key: str, size: int | None = None) -> str:
    """Return the address of a stored picture, whole or as a square of 128 or 256 pixels."""
    return url_for("web.picture", key=key, size=size) if size else url_for("web.picture", key=key)


def _instant(value: datetime | None) -> str:
    return "" if value is None else value.isoformat()


def init_app(app: Flask) -> None:
    """Give every template its globals and filters."""
    app.jinja_env.globals.update(
        picture_url=picture_url,
        wants_fragment=wants_fragment,
        _=i18n._,
        ngettext=i18n.ngettext,
        current_language=i18n.language,
    )
    app.jinja_env.filters.update(
        date=i18n.date,
        datetime=i18n.date_time,
        instant=_instant,
        number=i18n.number,
        markdown=markdown.render,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def _shell() -> dict[str, Any]:
        from portal.web.navigation import navigation

        return {"site_name": settings().site_name, "navigation": navigation()}
