"""The content of a step, whatever its kind, as texts by the names of what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from portal.core.i18n import _

_FILE = re.compile(r"^[0-9a-f]{64}\.\w+$")


def content_words(content: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands in a step's content, each text by where it stands: lists are counted from 1."""
    names = _names()
    found: dict[str, str] = {}
    for where, value in _leaves(content):
        shown = " › ".join(names.get(part, part.strip("_").replace("_", " ").capitalize()) for part in where)
        found[shown] = value
    return found


def _leaves(value: Any, where: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in {"id", "key", "sha256"}:
                yield from _leaves(inner, (*where, str(name)))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _leaves(inner, (*where, str(number)))
    elif isinstance(value, bool):
        yield where, _("Yes") if value else _("No")
    elif value is not None and value != "":
        yield where, _("A file") if isinstance(value, str) and _FILE.match(value) else str(value)


def _names() -> dict[str, str]:
    return {
        "text": _("Text"),
        "task": _("What to do"),
        "link": _("Web address"),
        "file": _("File"),
        "files": _("Files"),
        "questions": _("Question"),
        "answers": _("Answer"),
        "explanation": _("Explanation"),
        "right": _("Right"),
        "points": _("Points"),
        "name": _("Name"),
        "percent": _("Percent"),
    }
