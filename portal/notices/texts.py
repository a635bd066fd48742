"""The words of notices: an administrator's own or the portal's, filled in for one reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.core.db import session
from portal.core.i18n import date, date_time, speaking
from portal.core.markdown import without_controls
from portal.core.settings import settings
from portal.notices.kinds import Kind
from portal.notices.models import NoticeText
from portal.notices.writing import one_line

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
LINK = "{link}"


@dataclass(frozen=True)
class Words:
    """A text with its placeholders, as it is edited."""

    subject: str
    body: str


@dataclass(frozen=True)
class Filled:
    """A text as its reader gets it: each part a paragraph of lines, or None where the button stands."""

    subject: str
    parts: list[list[str] | None]


def default_words(kind: Kind, language: str) -> Words:
    """Return the portal's own words in a language."""
    with speaking(language):
        return Words(str(kind.subject), str(kind.body))


class Phrasebook:
    """The words of every kind in the languages of some readers: one statement, however many they are."""

    def __init__(self, languages: Iterable[str]) -> None:
        rows = session().scalars(select(NoticeText).where(NoticeText.language.in_(sorted(set(languages)))))
        self._words = {(row.kind, row.language): Words(row.subject, row.body) for row in rows}

    def words(self, kind: Kind, language: str) -> Words:
        """Return the words of a kind in a language: an administrator's own, else the portal's."""
        key = (kind.name, language)
        if key not in self._words:
            self._words[key] = default_words(kind, language)
        return self._words[key]


def unknown_placeholders(kind: Kind, text: str) -> list[str]:
    """Return what stands in braces in a text and means nothing to its kind, in order."""
    found = PLACEHOLDER.findall(text)
    return list(dict.fromkeys(name for name in found if name not in kind.placeholders))


def restored(content: Mapping[str, Any]) -> dict[str, str | datetime]:
    """Return the values that the row of a notice keeps, as they were told."""
    return {
        name: datetime.fromisoformat(value["instant"]) if isinstance(value, dict) else str(value)
        for name, value in content.items()
    }


def written_values(kind: Kind, values: Mapping[str, str | datetime], *, name: str, url: str) -> dict[str, str]:
    """Return what the placeholders stand for, in the language and time zone that are spoken now."""
    write = date_time if kind.timed else date
    told = {
        key: write(value) if isinstance(value, datetime) else without_controls(value).strip()
        for key, value in values.items()
    }
    return {**dict.fromkeys(kind.values, ""), **told, "name": one_line(name), "site": settings().site_name, "link": url}


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """Return one line with its placeholders filled in; nothing in a value is taken for a placeholder."""
    return one_line(PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text))


def fill(kind: Kind, words: Words, values: Mapping[str, str]) -> Filled:
    """Return a text filled in: a line whose placeholders are all empty is left out, a subject is never empty."""
    return Filled(fill_line(words.subject, values) or str(kind.label), _parts(words.body, values))


def _parts(body: str, values: Mapping[str, str]) -> list[list[str] | None]:
    parts: list[list[str] | None] = [[]]
    for line in without_controls(body).split("\n"):
        names = PLACEHOLDER.findall(line)
        if names and not any(values.get(name, name) for name in names):
            continue
        if line.strip() == LINK:
            parts += [None, []]
            continue
        for written in PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), line).split("\n"):
            if not written.strip():
                parts.append([])
            elif (last := parts[-1]) is not None:
                last.append(written.strip())
    return [part for part in parts if part is None or part]
