"""A notice in one line: as the list in the portal and the digest show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.settings import absolute
from portal.notices.kinds import BY_NAME, Kind
from portal.notices.models import Notice
from portal.notices.texts import Filled, Phrasebook, Words, fill, fill_line, restored, written_values


@dataclass(frozen=True)
class Line:
    """What stands in a list for one notice."""

    notice: Notice
    kind: Kind
    title: str
    detail: str
    url: str

    @property
    def told_at(self) -> datetime:
        """When it was told."""
        return self.notice.created_at


def target(row: Notice) -> str:
    """Return the public address of what a notice is about, or nothing."""
    return absolute(row.url) if row.url else ""


def filled_notice(row: Notice, kind: Kind, name: str, words: Words) -> Filled:
    """Return what a notice says, in the language and time zone that are spoken now."""
    return fill(kind, words, written_values(kind, restored(row.content), name=name, url=target(row)))


def line(row: Notice, name: str, language: str, book: Phrasebook) -> Line | None:
    """Return the line of a notice in the language and time zone that are spoken now, or None for a kind that is no more."""
    kind = BY_NAME.get(row.kind)
    if kind is None:
        return None
    values = written_values(kind, restored(row.content), name=name, url=target(row))
    title = fill_line(book.words(kind, language).subject, values) or str(kind.label)
    return Line(row, kind, title, values.get(kind.detail, ""), target(row))
