"""How large a request may be, where a page has to take more than others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import current_app, request
from flask import session as cookie

from portal.core.db import session

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

View = TypeVar("View", bound="Callable[..., Any]")
_SIZES = "laurel_sizes"


def accepts(*, most_bytes: int | None = None, most_parts: int | None = None) -> Callable[[View], View]:
    """Let a view take requests of more bytes, or forms of more fields, than others, from those who are signed in."""

    def mark(view: View) -> View:
        setattr(view, _SIZES, (most_bytes, most_parts))
        return view

    return mark


def _widen() -> None:
    most_bytes, most_parts = getattr(current_app.view_functions.get(request.endpoint or ""), _SIZES, (None, None))
    if "_user_id" not in cookie:
        return
    if most_parts is not None:
        request.max_form_parts = most_parts
    if most_bytes is not None:
        request.max_content_length = most_bytes
        session().rollback()  # a large request is a long time on its way: nothing is held for it meanwhile
        _ = request.files


def init_app(app: Flask) -> None:
    """Ask before anything reads a form: first of all that is done before a request."""
    app.before_request(_widen)
