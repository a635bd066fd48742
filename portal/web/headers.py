"""The headers of every answer: a strict content security policy and its companions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import current_app, g, request
from werkzeug.exceptions import HTTPException

from portal.core.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Response

View = TypeVar("View", bound="Callable[..., Any]")
_POP_UP = "laurel_pop_up"
HSTS = "max-age=31536000; includeSubDomains"
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def widen(directive: str, origin: str) -> None:
    """Add one origin to one directive of the answer being made, such as ('form-action', 'https://backpack.example')."""
    g.setdefault("csp_extra", []).append((directive, origin))


def replace_policy(policy: str) -> None:
    """Answer with a policy of its own: for the hand-off page that runs a foreign script in a sandbox."""
    g.csp_policy = policy


def allow_opener() -> None:
    """Keep the link to the window that opened this page: for pop-up pages of the protocols."""
    g.coop = "unsafe-none"


def pop_up(view: View) -> View:
    """Mark a page that other sites open in a window: it, and the sign-in on the way to it, keep the link to its opener."""
    setattr(view, _POP_UP, True)
    return view


def _opener_policy() -> str:
    return str(g.coop) if "coop" in g else "unsafe-none" if _leads_to_pop_up() else "same-origin"


def _leads_to_pop_up() -> bool:
    views = current_app.view_functions
    if getattr(views.get(request.endpoint or ""), _POP_UP, False):
        return True
    try:
        path = urlsplit(request.values.get("next", "")).path
    except (ValueError, HTTPException):
        return False
    return bool(path) and any(
        rule.rule == path and getattr(views[rule.endpoint], _POP_UP, False) for rule in current_app.url_map.iter_rules()
    )


def _policy() -> str:
    if "csp_policy" in g:
        return str(g.csp_policy)
    sources = dict(SOURCES)
    for directive, origin in g.get("csp_extra", []):
        present = sources.get(directive, "")
        sources[directive] = f"{present} {origin}".strip() if present != "'none'" else origin
    return "; ".join(f"{directive} {value}" for directive, value in sources.items())


def complete(response: Response) -> Response:
    """Mark an answer that is the same for everybody and has every header it needs: nothing is added to it any more."""
    response.laurel_complete = True  # type: ignore[attr-defined]
    return response


def is_complete(response: Response) -> bool:
    """Whether an answer was marked as complete."""
    return getattr(response, "laurel_complete", False)


def _add(response: Response) -> Response:
    if is_complete(response):
        return response
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if response.mimetype == "text/html":
        headers.setdefault("Cross-Origin-Opener-Policy", _opener_policy())
        if not any(directive == "frame-ancestors" for directive, _origin in g.get("csp_extra", [])):
            headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Cache-Control", "no-store" if request.endpoint else "no-cache")
    if settings().secure:
        headers.setdefault("Strict-Transport-Security", HSTS)
    return response


def public_document(response: Response, *, seconds: int = 300) -> Response:
    """Mark an answer as public: any site may read it, caches may keep it, and an ETag spares the body."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.add_etag()
    return cast("Response", response.make_conditional(request))


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(_add)
