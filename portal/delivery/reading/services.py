"""What a person's public collections show, when they were read, and how they are read anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from portal.accounts.models import Person
from portal.accounts.services import verified_addresses
from portal.core.clock import now
from portal.core.db import session
from portal.core.jobs import ring
from portal.delivery.reading import jobs
from portal.delivery.reading.models import Reading
from portal.delivery.services import backpack_address, settings


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the Open Badges tab shows: collections as they were last read, how old that is, what is going on."""

    collections: list[dict[str, Any]] = field(default_factory=list)
    read_at: datetime | None = None
    reading: bool = False
    watched: bool = False
    problem: str | None = None


def shown_collections(person: Person) -> Shown:
    """Return what was last read of the public collections of a person's verified addresses in the configured backpack.

    A collection is shown where its name contains the configured word, in any case; more than one may.
    """
    addresses = [entry.address for entry in verified_addresses(person)]
    readings = list(
        session().scalars(
            select(Reading)
            .where(
                Reading.person_id == person.id,
                Reading.backpack_url == backpack_address(),
                Reading.address.in_(addresses),
            )
            .order_by(Reading.id)
        )
    )
    keyword = settings().collection_keyword.casefold()
    collections, seen = [], set()
    for reading in readings:
        for collection in reading.collections:
            if keyword in collection["name"].casefold() and collection["number"] not in seen:
                seen.add(collection["number"])
                collections.append(collection)
    moments = [reading.read_at for reading in readings if reading.read_at]
    return Shown(
        collections=collections,
        read_at=min(moments) if moments else None,
        reading=any(reading.not_before <= now() for reading in readings),
        watched=any(reading.watch_until and reading.watch_until > now() for reading in readings),
        problem=next((reading.problem for reading in readings if reading.problem), None),
    )


def refresh(person: Person) -> None:
    """Have the worker read a person's public collections now."""
    _wanted_now(person, watch_until=None)


def watch(person: Person, minutes: int = 10) -> None:
    """Have the worker read a person's public collections now, and again every few seconds for so many minutes."""
    _wanted_now(person, watch_until=now() + timedelta(minutes=minutes))


def read_everything_again() -> None:
    """Have every kept snapshot read anew: the word that collections must contain was changed."""
    session().execute(update(Reading).values(not_before=now()))
    ring(jobs.read_collections)


def _wanted_now(person: Person, *, watch_until: datetime | None) -> None:
    backpack = backpack_address()
    known = {
        reading.address: reading
        for reading in session().scalars(
            select(Reading).where(Reading.person_id == person.id, Reading.backpack_url == backpack)
        )
    }
    for entry in verified_addresses(person):
        reading = known.get(entry.address)
        if reading is None:
            reading = Reading(person_id=person.id, address=entry.address, backpack_url=backpack, collections=[])
            session().add(reading)
        reading.not_before = now()
        if watch_until is not None:
            reading.watch_until = watch_until
    session().flush()
    ring(jobs.read_collections)
