"""Which characters a badge's texts may hold: control characters break other programs' canonical forms."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from portal.openbadges.errors import N_, Unfit

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f\ud800-\udfff]")
_SCHEMES = frozenset({"http", "https", "urn", "did", "mailto", "data"})


def clean_text(text: str) -> str:
    """Strip the control characters that come with text pasted from office programs, and unify line ends to LF."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def check_text(text: str, field: str) -> None:
    """Raise `Unfit` if a text holds a control character, half a character or a bare carriage return."""
    found = _CONTROL.search(text)
    if found:
        raise Unfit(
            field,
            N_("This text holds an invisible control character (U+%(code)s). Please type that place again."),
            code=f"{ord(found.group()):04X}",
        )


def check_document(document: dict[str, Any]) -> None:
    """Raise `Unfit` if any text of a JSON document fails `check_text`; the field is its dotted path."""
    level: list[object] = [document]
    while level:
        item = level.pop()
        if isinstance(item, str):
            if _CONTROL.search(item):
                _name_place(document, "")
        elif isinstance(item, dict):
            level += item.values()
        elif isinstance(item, list):
            level += item


def _name_place(value: object, place: str) -> None:
    if isinstance(value, str):
        check_text(value, place)
    elif isinstance(value, list):
        for item in value:
            _name_place(item, place)
    elif isinstance(value, dict):
        for name, item in value.items():
            _name_place(item, f"{place}.{name}" if place else name)


def check_address(address: str, field: str) -> None:
    """Raise `Unfit` if an address is relative, of a kind that badges do not use, or holds a forbidden character."""
    scheme, colon, rest = address.partition(":")
    if not colon or scheme.lower() not in _SCHEMES or not rest:
        raise Unfit(field, N_("This must be a complete address, for example https://example.org/page."))
    if _NOT_IN_ADDRESSES.search(address):
        raise Unfit(field, N_("This address holds a character that addresses must not have, such as a space."))
    if scheme.lower() in ("http", "https") and not _has_host(address):
        raise Unfit(field, N_("This address names no host."))


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False


def is_web_address(address: str) -> bool:
    """Whether an address is complete, begins with http or https, and names a host."""
    return (
        address.lower().startswith(("http://", "https://"))
        and not _NOT_IN_ADDRESSES.search(address)
        and _has_host(address)
    )


def host_of(address: str) -> str:
    """Take the lower-cased host, with its port where one is named; empty where there is none."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
