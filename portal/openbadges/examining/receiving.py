"""Telling what somebody handed in: an address, a JSON document, a token, or a picture with one of them inside."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.openbadges.baking import media_type, unbake
from portal.openbadges.documents import MAX_DOCUMENT, Document, read_document
from portal.openbadges.errors import N_, Unreadable
from portal.openbadges.text import is_web_address

_TOKEN = re.compile(r"[A-Za-z0-9_-]+={0,2}\.[A-Za-z0-9_-]+={0,2}\.[A-Za-z0-9_-]*={0,2}")
_MAX_ADDRESS = 2_048


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """What was handed in. Exactly one of `address`, `document` and `token` is filled."""

    address: str = ""
    document: Document | None = None
    token: str = ""
    picture: bytes = b""
    """The picture it came in, where it came in one."""


def receive(source: str | bytes) -> Received:
    """Tell what `source` is by its content alone; raise `Unreadable` where it is nothing that can hold a badge."""
    if isinstance(source, bytes):
        if media_type(source):
            return _of_text(unbake(source), picture=source)
        if len(source) > MAX_DOCUMENT:
            raise Unreadable(N_("The document is larger than %(limit)s bytes."), limit=MAX_DOCUMENT)
        try:
            source = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Unreadable(N_("This is neither a picture nor a text.")) from error
    return _of_text(source)


def _of_text(text: str, picture: bytes = b"") -> Received:
    text = text.strip().strip("\0")
    if len(text) <= _MAX_ADDRESS and is_web_address(text):
        return Received(address=text, picture=picture)
    if _TOKEN.fullmatch(text):
        return Received(token=text, picture=picture)
    if text.startswith("{"):
        return Received(document=read_document(text), picture=picture)
    if text.lstrip().lower().startswith(("<!doctype html", "<html")):
        raise Unreadable(N_("This is a web page, not a badge."))
    raise Unreadable(N_("This is neither an address, nor a JSON document, nor a signed token."))
