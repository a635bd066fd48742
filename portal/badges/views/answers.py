"""How a public document is answered: which form is asked for, and the headers that verifiers of all kinds need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, make_response, request

from portal.openbadges.documents import stable_bytes
from portal.web.headers import public_document

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

LD_JSON = "application/ld+json"
JSON = "application/json"
HTML = "text/html"
PNG = "image/png"
NOT_FOUND = stable_bytes({"error": "There is no badge document at this address."})


def wanted() -> str:
    """Return the form that the caller ranks highest: JSON-LD by default and where ranks are equal (RFC 9110, 12.5.1)."""
    accept = request.accept_mimetypes
    if not accept:
        return LD_JSON
    ld_json, json, html = (accept.quality(kind) for kind in (LD_JSON, JSON, HTML))
    if html > max(ld_json, json):
        return HTML
    return JSON if json > ld_json else LD_JSON


def document(body: bytes, kind: str, *, varies: bool = False, seconds: int = 300) -> ResponseReturnValue:
    """Answer with a public document; its content type has no parameters, since a Mozilla Backpack compares it whole."""
    response = Response(body, content_type=kind)
    if varies:
        response.vary.add("Accept")
    response.add_etag()
    tag = response.get_etag()[0]
    response.set_etag(f"{tag}-{kind.rpartition('/')[2]}")
    return public_document(response, seconds=seconds)


def gone(body: bytes, kind: str, *, varies: bool = False) -> ResponseReturnValue:
    """Answer that a document does not stand any more."""
    return _unkept(body, kind, 410, varies=varies)


def missing(*, varies: bool = False) -> ResponseReturnValue:
    """Answer a program that there is nothing at this address."""
    return _unkept(NOT_FOUND, JSON, 404, varies=varies)


def _unkept(body: bytes, kind: str, status: int, *, varies: bool) -> ResponseReturnValue:
    response = Response(body, status=status, content_type=kind)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "no-cache"
    if varies:
        response.vary.add("Accept")
    return response


def human(html: str, status: int = 200) -> ResponseReturnValue:
    """Answer with the human page that stands at the same address as a document."""
    response = make_response(html, status)
    response.vary.add("Accept")
    return response
