"""Texts with placeholders: `{name}` stands for what is known, and `[, grade {grade}]` is left out where it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACEHOLDERS = ("name", "path", "issued", "valid_until", "grade", "hours", "number", "issuer")
STRONG = frozenset({"name", "path"})
_PLACE = re.compile(r"\{\s*([^{}]*?)\s*\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a text: an `unknown` placeholder, or a bracket that is `open`; `what` shows where."""

    kind: str
    what: str


def problems_of(text: str) -> list[Problem]:
    """Return what is wrong with a text, in the order it stands there."""
    found = [Problem("unknown", place[0]) for place in _PLACE.finditer(text) if place[1] not in PLACEHOLDERS]
    rest = _OPTIONAL.sub(lambda optional: optional[1], _PLACE.sub("", text))
    found += [
        Problem("open", rest[max(0, place.start() - 12) : place.end() + 12]) for place in re.finditer(r"[\[\]{}]", rest)
    ]
    return found


def filled(text: str, values: Mapping[str, str]) -> list[tuple[str, bool]]:
    """Return a text with its placeholders filled, as pieces: the words, and whether they stand out.

    Square brackets hold what is left out where a placeholder inside has no value. A value is never read again: a name
    that holds braces stays as it is. Unknown placeholders stay as they were typed, for a preview.
    """
    pieces: list[tuple[str, bool]] = []
    start = 0
    for optional in _OPTIONAL.finditer(text):
        pieces += _plain(text[start : optional.start()], values)
        if all(values.get(place[1], place[1] not in PLACEHOLDERS) for place in _PLACE.finditer(optional[1])):
            pieces += _plain(optional[1], values)
        start = optional.end()
    return [piece for piece in pieces + _plain(text[start:], values) if piece[0]]


def _plain(text: str, values: Mapping[str, str]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    start = 0
    for place in _PLACE.finditer(text):
        known = place[1] in PLACEHOLDERS
        pieces += [(text[start : place.start()], False)]
        pieces += [(values.get(place[1], ""), place[1] in STRONG) if known else (place[0], False)]
        start = place.end()
    return [*pieces, (text[start:], False)]
