"""JSON documents: the same value always becomes the same bytes, and broken ones are refused with a reason."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, NoReturn

from portal.openbadges.errors import N_, Unreadable

Document = dict[str, Any]
"""A JSON object as Python's json module gives it."""

MAX_DOCUMENT = 1_000_000
"""The most bytes a badge document may have when it is read."""

MAX_DEPTH = 60
"""The deepest nesting that a badge document may have when it is read."""


def stable_bytes(document: Document) -> bytes:
    """Write a document as byte-stable JSON.

    Members are sorted, there is no white space, and everything beyond ASCII is escaped, because some readers of
    baked pictures mangle other bytes. Two equal documents give equal bytes.
    """
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.encode("ascii")


def read_document(body: bytes | str) -> Document:
    """Read one JSON object; raise `Unreadable` for anything else, for repeated members and for sizes out of bounds."""
    value = _parse(body)
    if not isinstance(value, dict):
        raise Unreadable(N_("This is JSON, but not an object as a badge is."))
    _check_depth(value)
    return value


def _parse(body: bytes | str) -> object:
    if len(body) > MAX_DOCUMENT:
        raise Unreadable(N_("The document is larger than %(limit)s bytes."), limit=MAX_DOCUMENT)
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
        return json.loads(text, object_pairs_hook=_members, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(N_("The document is not valid JSON.")) from error


def _members(pairs: list[tuple[str, object]]) -> Document:
    members = dict(pairs)
    if len(members) != len(pairs):
        msg = "a member is repeated"
        raise ValueError(msg)
    return members


def _no_constant(name: str) -> NoReturn:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def _check_depth(value: object) -> None:
    level: list[object] = [value]
    for _depth in range(MAX_DEPTH):
        level = [child for item in level for child in _children(item)]
        if not level:
            return
    raise Unreadable(N_("The document is nested too deeply."))


def _children(item: object) -> list[object]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []


def identity_hash(address: str, salt: str) -> str:
    """Hash a recipient's e-mail address (Open Badges 2.0, IdentityHash).

    `address` is lower-cased first, `salt` is appended as it is; the answer is `sha256$` and 64 hexadecimal digits.
    """
    return "sha256$" + hashlib.sha256((address.strip().lower() + salt).encode()).hexdigest()


def timestamp(moment: datetime) -> str:
    """Write an aware time as ISO 8601 in UTC with whole seconds, as every version of the standard reads it."""
    if moment.tzinfo is None:
        msg = "a badge's time needs a time zone"
        raise ValueError(msg)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def without_empty(document: Document) -> Document:
    """Leave out the members whose value is None or an empty text, list or object."""
    return {name: value for name, value in document.items() if value not in (None, "", [], {})}
