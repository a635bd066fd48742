"""Reading the members of documents that others wrote: every answer has the type it promises, whatever stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.openbadges.documents import Document


def text(document: Mapping[str, object], *names: str) -> str:
    """Take the first of these members that is a text; an object's `@value` or its first language counts too."""
    for name in names:
        found = _as_text(document.get(name))
        if found:
            return found
    return ""


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        inner = value.get("@value") or next(iter(value.values()), "")
        return inner if isinstance(inner, str) else ""
    return _as_text(value[0]) if isinstance(value, list) and value else ""


def listed(value: object) -> list[object]:
    """Take a member's values as a list, whether it held one, many or none."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def texts(value: object) -> list[str]:
    """Take the texts among a member's values."""
    return [item for item in listed(value) if isinstance(item, str)]


def objects(value: object) -> list[Document]:
    """Take the objects among a member's values."""
    return [item for item in listed(value) if isinstance(item, dict)]


def part(document: Mapping[str, object], name: str) -> Document:
    """Take the first object in a member; an empty one where there is none."""
    return next(iter(objects(document.get(name))), {})


def identifier(value: object) -> str:
    """Take the address or identifier that a value is or has."""
    if isinstance(value, list) and value:
        return identifier(value[0])
    if isinstance(value, dict):
        value = value.get("id") or value.get("@id") or ""
    return value if isinstance(value, str) else ""


def types(document: Mapping[str, object]) -> list[str]:
    """List an object's types."""
    return texts(document.get("type")) + texts(document.get("@type"))


def contexts(document: Mapping[str, object]) -> list[str]:
    """List the addresses in an object's `@context`."""
    return texts(document.get("@context"))
