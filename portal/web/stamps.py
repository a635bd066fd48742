"""Every view says who may call it: @requires, @public or @callback. An unstamped view stops the app from starting."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import abort, current_app, redirect, request, url_for
from flask_login import current_user

from portal.core import db
from portal.core.errors import LaurelError
from portal.web.policy import Permission, allows

if TYPE_CHECKING:
    from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])
Rule = Callable[[Any, Any], bool]
STAMP = "laurel_stamp"
_CSRF_FREE = "laurel_csrf_free"
_FRAMEWORK_ENDPOINTS = frozenset({"static"})


class Unstamped(LaurelError):
    """A view does not say who may call it."""


@dataclass(frozen=True)
class Stamp:
    """What a view says of its callers."""

    kind: str
    permission: Permission | None = None
    subject: str | None = None


def _rules() -> Mapping[Permission, Rule]:
    return cast("Mapping[Permission, Rule]", current_app.extensions["laurel_rules"])


def requires(permission: Permission, subject: str | None = None) -> Callable[[View], View]:
    """Let in only signed-in people whose role has the permission and, where the view has a subject, to whom it may be done."""

    def stamp(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return _to_sign_in()
            if not allows(current_user.role, permission):
                abort(403)
            if subject is not None and not _rules()[permission](current_user, kwargs[subject]):
                abort(404)
            return view(*args, **kwargs)

        setattr(guarded, STAMP, Stamp("requires", permission, subject))
        return cast("View", guarded)

    return stamp


def _to_sign_in() -> Any:
    if request.method != "GET" or request.headers.get("X-Requested-With") == "fetch":
        abort(401)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


def public(view: View) -> View:
    """Let in everybody."""
    setattr(view, STAMP, Stamp("public"))
    return view


def callback(view: View) -> View:
    """Mark a protocol's return by GET, which may write: its path carries a single-use nonce bound to the session."""

    @functools.wraps(view)
    def writing(*args: Any, **kwargs: Any) -> Any:
        db.begin_writing()
        response = current_app.make_response(view(*args, **kwargs))
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    setattr(writing, STAMP, Stamp("callback"))
    return cast("View", writing)


def csrf_free(view: View) -> View:
    """Mark a protocol endpoint whose callers cannot carry a CSRF token: they are one tested list."""
    setattr(view, _CSRF_FREE, True)
    return view


def is_csrf_free(view: Callable[..., Any]) -> bool:
    """Whether a view is a protocol endpoint without CSRF."""
    return bool(getattr(view, _CSRF_FREE, False))


def stamp_of(view: Callable[..., Any]) -> Stamp | None:
    """Return what a view says of its callers."""
    return cast("Stamp | None", getattr(view, STAMP, None))


def check_app(app: Flask) -> None:
    """Refuse an app with a view that is not stamped, or whose stamp names an object without a rule."""
    rules = cast("Mapping[Permission, Rule]", app.extensions["laurel_rules"])
    for endpoint, view in app.view_functions.items():
        if endpoint.rpartition(".")[2] in _FRAMEWORK_ENDPOINTS:
            continue
        stamp = stamp_of(view)
        if stamp is None:
            message = f"The view {endpoint} is not stamped: put @requires(Permission.X), @public or @callback on it."
            raise Unstamped(message)
        if stamp.subject is not None and stamp.permission not in rules:
            message = f"The view {endpoint} names an object, but no access.py has a rule for {stamp.permission}."
            raise Unstamped(message)
