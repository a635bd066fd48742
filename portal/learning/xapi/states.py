"""What outside content remembers of a learner's work on a step, such as the page where they stopped: kept with their record.

So it goes with the record: a step that says something else, a renewal or another try begin anew.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import LaurelError
from portal.core.i18n import _
from portal.learning.goals.kind import HandedIn
from portal.learning.models import Membership, RecordState, StepRecord
from portal.learning.services.doing import hold, take
from portal.learning.services.settling import record_of
from portal.learning.xapi.actors import names_of, written
from portal.learning.xapi.keys import Caller
from portal.learning.xapi.taking import NotYours

STATES = "states"
MOST_BYTES = 64 * 1024
MOST_DOCUMENTS = 50


class TooMuch(LaurelError):
    """More is to be remembered than is kept."""


class Changed(LaurelError):
    """What is remembered is not what the caller believes."""


@dataclass(frozen=True)
class Place:
    """Where a document lies: which activity, which registration (empty where none is said), under which name."""

    activity: str
    registration: str
    name: str = ""


@dataclass(frozen=True)
class Document:
    """What content wanted to be remembered, byte for byte."""

    place: Place
    type: str
    data: bytes
    at: datetime

    @property
    def etag(self) -> str:
        """The SHA-1 of what it holds, as the standard has it (xAPI-Communication.md, 3.1)."""
        return hashlib.sha1(self.data, usedforsecurity=False).hexdigest()


def learner_of(caller: Caller, agent: Mapping[str, Any]) -> Membership:
    """Return the member whose own launch this is; raise NotYours for a key, and where the agent is somebody else."""
    if caller.membership is None:
        raise NotYours(_("State is kept for content that a learner opened from here: use what the launch hands it."))
    if written(agent) not in names_of(caller.membership.person):
        raise NotYours(_("What a learner opened can speak of that learner alone."))
    return caller.membership


def documents_at(membership: Membership, step_key: str, place: Place) -> list[Document]:
    """Return what is remembered of an activity and registration: under the place's name, or all of it where it has none."""
    return [found for found in _read(_record(membership, step_key)) if _fits(found.place, place)]


def change(
    membership: Membership, step_key: str, place: Place, change: Callable[[list[Document]], Document | None]
) -> None:
    """Put what `change` makes of the documents at a place in their place, or nothing where it returns None. Flushed.

    Raises TooMuch where a learner's documents of one step would have more than 64 KB or be more than 50.
    """
    hold(membership)
    record = _record(membership, step_key) or take(membership, step_key, HandedIn(RecordState.STARTED))
    if record is None:
        raise NotYours(_("This step is not part of the learning path any more."))
    documents = _read(record)
    rest = [found for found in documents if not _fits(found.place, place)]
    made = change([found for found in documents if _fits(found.place, place)])
    if made is not None:
        rest.append(made)
        if len(rest) > MOST_DOCUMENTS or sum(len(found.data) for found in rest) > MOST_BYTES:
            raise TooMuch(_("At most 64 KB in 50 documents are remembered of a learner's work on a step."))
    record.evidence = {**record.evidence, STATES: [_written(found) for found in rest]}
    session().flush()


def put(place: Place, kind: str, data: bytes) -> Document:
    """Return a document of this moment."""
    return Document(place, kind, data, now())


def _record(membership: Membership, step_key: str) -> StepRecord | None:
    step = membership.version.step(step_key)
    return record_of(membership, step) if step is not None else None


def _fits(one: Place, asked: Place) -> bool:
    return (one.activity, one.registration) == (asked.activity, asked.registration) and asked.name in {"", one.name}


def _read(record: StepRecord | None) -> list[Document]:
    entries = record.evidence.get(STATES, ()) if record is not None else ()
    return [
        Document(
            Place(entry["activity"], entry["registration"], entry["name"]),
            entry["type"],
            b64decode(entry["data"]),
            datetime.fromisoformat(entry["at"]),
        )
        for entry in entries
    ]


def _written(document: Document) -> dict[str, str]:
    place = document.place
    return {
        "activity": place.activity,
        "registration": place.registration,
        "name": place.name,
        "type": document.type,
        "data": b64encode(document.data).decode(),
        "at": document.at.isoformat(),
    }
