"""Telling people something: one row each, once; the worker sees to the mails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from portal.accounts.session import own_path
from portal.core import jobs
from portal.core.db import session
from portal.notices.inserting import insert_into
from portal.notices.jobs import post_notices
from portal.notices.kinds import BY_NAME, Kind
from portal.notices.models import Notice, NoticeKindSetting

BATCH = 500
LONGEST_KEY = 200
LONGEST_URL = 500
Value = str | int | datetime | None


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What one person is told: `key` is unique per thing told, `url` a path of this portal, `values` fill the words."""

    person_id: int
    key: str
    url: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)


def tell(people: Iterable[int], kind: str, *, key: str, url: str = "", **values: Value) -> None:
    """Tell some people (their inner ids) the same thing; a repeat for the same person and key changes nothing.

    `values` fill the placeholders of the kind, datetimes in the reader's own time zone. Raises ValueError where a value is
    missing or unknown to the kind, or `url` leads out of the portal. Flushes; the mails are written after the commit.
    """
    tell_each(kind, (Telling(person_id=number, key=key, url=url, values=values) for number in people))


def tell_each(kind: str, tellings: Iterable[Telling]) -> None:
    """Tell many people something of one kind, each in their own values: one insert for every 500 of them."""
    known = BY_NAME[kind]
    setting = session().get(NoticeKindSetting, kind)
    if setting is not None and not setting.told:
        return
    told = False
    waiting = iter(tellings)
    while batch := list(islice(waiting, BATCH)):
        session().execute(
            insert_into(Notice).on_conflict_do_nothing(index_elements=["person_id", "key"]),
            [_row(known, telling) for telling in batch],
        )
        told = True
    if told:
        jobs.ring(post_notices)


def _row(kind: Kind, telling: Telling) -> dict[str, Any]:
    if not telling.key or len(telling.key) > LONGEST_KEY:
        message = f"The key of a notice has 1 to {LONGEST_KEY} characters, not {telling.key!r}."
        raise ValueError(message)
    if telling.url and (own_path(telling.url) != telling.url or len(telling.url) > LONGEST_URL):
        message = f"A notice leads to a path of this portal, not to {telling.url!r}."
        raise ValueError(message)
    return {
        "person_id": telling.person_id,
        "kind": kind.name,
        "key": telling.key,
        "url": telling.url,
        "content": stored(kind, telling.values),
    }


def stored(kind: Kind, values: Mapping[str, Value]) -> dict[str, Any]:
    """Return the values of a notice as its row keeps them; raise ValueError for one that is unknown or missing."""
    unknown = set(values) - set(kind.values)
    missing = {name for name in kind.values if values.get(name) in {None, ""}} - set(kind.optional)
    if unknown or missing:
        wrong = f"unknown: {sorted(unknown)}, missing: {sorted(missing)}"
        message = f"The notice {kind.name} takes {kind.values}; {wrong}."
        raise ValueError(message)
    return dict(_stored(values))


def _stored(values: Mapping[str, Value]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, datetime):
            if value.tzinfo is None:
                message = f"The instant {name} of a notice needs a time zone."
                raise ValueError(message)
            yield name, {"instant": value.isoformat()}
        else:
            yield name, "" if value is None else str(value)
