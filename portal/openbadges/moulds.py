"""Documents of which there are many alike: made once with marks in the places that differ, and filled for each.

A mark is a text that stands nowhere else; a value must be plain, so that it means the same in JSON, in an address and in a
canonical form. What a mould gives is byte for byte what composing each document by itself gives: whoever uses one compares
the first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PLAIN = re.compile(r"[A-Za-z0-9$:/._#%?=&+~@-]+")


def are_plain(values: Iterable[str]) -> bool:
    """Whether values may be put into moulds."""
    return all(_PLAIN.fullmatch(value) for value in values)


class TextMould:
    """A text with marks."""

    def __init__(self, text: str, marks: Iterable[str]) -> None:
        """Find the marks of a text."""
        one_of = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
        self._pieces = re.split(f"({one_of})", text)
        self._places = range(1, len(self._pieces), 2)

    @property
    def beginning(self) -> str:
        """What stands before the first mark."""
        return self._pieces[0]

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text with a value in place of each mark."""
        pieces = list(self._pieces)
        for place in self._places:
            pieces[place] = values[pieces[place]]
        return "".join(pieces)
