"""The worker's part of reading public collections: outside any transaction, bounded in time and size."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.jobs import claim, job, release, ring, still_mine
from portal.delivery.reading import displayer
from portal.delivery.reading.badges import examined
from portal.delivery.reading.models import Reading
from portal.delivery.services import settings

LEASE_SECONDS = 300
BATCH = 5
EVERY = timedelta(hours=12)
WATCHED = timedelta(seconds=12)
AFTER_FAILURE = timedelta(minutes=15)


@job(every=60)
def read_collections() -> None:
    """Read what is due, a few snapshots at a time, until nothing is due."""
    while batch := claim(Reading, limit=BATCH, seconds=LEASE_SECONDS):
        keyword = settings().collection_keyword
        commit()
        for reading in batch:
            _read(reading, keyword)


def _read(reading: Reading, keyword: str) -> None:
    collections: list[dict[str, Any]] | None = None
    problem: str | None = None
    address, backpack_url, wanted = reading.address, reading.backpack_url, reading.not_before
    try:
        collections = [
            {
                "number": found.number,
                "name": found.name,
                "badges": [examined(badge, address=address, now=now()) for badge in found.badges],
            }
            for found in displayer.public_collections(backpack_url, address, keyword)
        ]
    except displayer.NotRead as error:
        problem = error.reason
    _record(reading, collections, problem, asked_again=wanted)


def _record(
    reading: Reading, collections: list[dict[str, Any]] | None, problem: str | None, *, asked_again: object
) -> None:
    if not still_mine(reading):
        commit()
        return
    session().refresh(reading)
    moment = now()
    reading.tried_at = moment
    reading.problem = problem
    if collections is not None:
        reading.collections = collections
        reading.read_at = moment
    watched = reading.watch_until is not None and reading.watch_until > moment
    pause = WATCHED if watched else EVERY if problem is None else AFTER_FAILURE
    wanted_meanwhile = reading.not_before != asked_again
    release(reading, again_at=reading.not_before if wanted_meanwhile else moment + pause)
    if watched:
        ring(read_collections, after=int(WATCHED.total_seconds()) + 1)
    commit()
