"""How a public document is answered: which form is asked for, and the headers that verifiers of all kinds need."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Response, make_response, request

from portal.core import storage
from portal.core.settings import settings
from portal.openbadges.baking import bake_png
from portal.openbadges.documents import stable_bytes
from portal.web.headers import HSTS, complete

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from portal.badges.publishing import Published

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
_PLAIN = [
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
]
NOT_FOUND = stable_bytes({"error": "There is no badge document at this address."})


def wanted(*kinds: str) -> str:
    """Return which of some forms the caller ranks highest: the first one where ranks are equal (RFC 9110, 12.5.1)."""
    kinds = kinds or (LD_JSON, JSON, HTML)
    if request.environ.get("HTTP_ACCEPT", "*/*") == "*/*":
        return kinds[0]
    accept = request.accept_mimetypes
    return max(kinds, key=accept.quality) if accept else kinds[0]


def document(body: bytes, kind: str, *, varies: bool = False, seconds: int = 300) -> ResponseReturnValue:
    """Answer with a public document; its content type has no parameters, since a Mozilla Backpack compares it whole."""
    tag = f"{hashlib.sha1(body, usedforsecurity=False).hexdigest()}-{kind.rpartition('/')[2]}"
    headers = _headers(kind, seconds)
    vary = "Accept" if varies else ""
    if len(body) > COMPRESSED_FROM:
        vary = f"{vary}, Accept-Encoding".removeprefix(", ")
        if "gzip" in request.environ.get("HTTP_ACCEPT_ENCODING", "") and request.accept_encodings["gzip"] > 0:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
            tag += "-gzip"
    if vary:
        headers.append(("Vary", vary))
    return _tagged(body, headers, tag)


def picture(tag: str, make: Callable[[], bytes]) -> ResponseReturnValue:
    """Answer with a PNG that is made only where the caller does not have it; `tag` names what it is made of."""
    tag = hashlib.sha1(tag.encode(), usedforsecurity=False).hexdigest() + "-png"
    if request.if_none_match.contains_weak(tag):
        return _tagged(b"", _headers(PNG, 300), tag)
    return _tagged(make(), _headers(PNG, 300), tag)


def baked(found: Published, keyword: str) -> ResponseReturnValue:
    """Answer with the badge's picture and an award's document in it; put together now, never stored."""
    tag = f"{found.image_key} {keyword} {hashlib.sha1(found.body, usedforsecurity=False).hexdigest()}"
    return picture(tag, lambda: bake_png(_badge_picture(found.image_key), found.body, keyword))


@lru_cache(maxsize=16)
def _badge_picture(key: str) -> bytes:
    """Return a badge's picture; a key is the hash of the content, so what is kept in this process never gets old."""
    return storage.read(key)


def _headers(kind: str, seconds: int) -> list[tuple[str, str]]:
    return [
        ("Content-Type", kind),
        ("Access-Control-Allow-Origin", "*"),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
        ("Cache-Control", f"public, max-age={seconds}"),
        *_always(),
    ]


def _tagged(body: bytes, headers: list[tuple[str, str]], tag: str) -> ResponseReturnValue:
    response = Response(body, headers=[*headers, ("ETag", f'"{tag}"')])
    if "HTTP_IF_NONE_MATCH" in request.environ:
        response.make_conditional(request)
    return complete(response)


def _always() -> list[tuple[str, str]]:
    return [*_PLAIN, ("Strict-Transport-Security", HSTS)] if settings().secure else _PLAIN


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
