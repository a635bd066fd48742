"""How a public document is answered: which form is asked for, and the headers that verifiers of all kinds need."""

from __future__ import annotations

import gzip
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
JOSE = "application/jose"
VC = "application/vc+ld+json"
VC_JWT = "application/vc+jwt"
JWK = "application/jwk+json"
DID = "application/did+ld+json"
COMPRESSED_FROM = 1_000
NOT_FOUND = stable_bytes({"error": "There is no badge document at this address."})


def wanted(*kinds: str) -> str:
    """Return which of some forms the caller ranks highest: the first one where ranks are equal (RFC 9110, 12.5.1)."""
    kinds = kinds or (LD_JSON, JSON, HTML)
    accept = request.accept_mimetypes
    return max(kinds, key=accept.quality) if accept else kinds[0]


def document(body: bytes, kind: str, *, varies: bool = False, seconds: int = 300) -> ResponseReturnValue:
    """Answer with a public document; its content type has no parameters, since a Mozilla Backpack compares it whole."""
    response = Response(body, content_type=kind)
    if varies:
        response.vary.add("Accept")
    response.add_etag()
    tag = f"{response.get_etag()[0]}-{kind.rpartition('/')[2]}"
    if kind != PNG and len(body) > COMPRESSED_FROM:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] > 0:
            response.set_data(gzip.compress(body, compresslevel=1, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
            tag += "-gzip"
    response.set_etag(tag)
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
