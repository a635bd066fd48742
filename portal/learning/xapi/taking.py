"""Taking statements: kept once each by their id, and weighed against the step that they are about.

What counts is the moment at which a thing was done: the statement's own timestamp, but never one that is still to come.
A statement counts whether its learner was on the path at that moment or came later; after a renewal only what was done
since. What a learner's own launch says counts from that launch on, whatever timestamp it gives itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import LaurelError
from portal.core.i18n import _
from portal.core.settings import settings
from portal.learning.goals.kind import HandedIn
from portal.learning.models import Membership, RecordState, Statement, Step
from portal.learning.progress import FULL
from portal.learning.services.doing import take
from portal.learning.services.settling import record_of
from portal.learning.xapi.actors import agent_of, names_of, person_named, written
from portal.learning.xapi.keys import Caller
from portal.learning.xapi.reading import VOIDED, BadStatement, check_uuid, read_timestamp

XAPI = "xapi"
_NOT_COMPARED = frozenset({"id", "stored", "timestamp", "authority", "version"})
_MOST_LOOKED_AT = 1000


class Conflict(LaurelError):
    """Another statement has this id already."""


class NotYours(LaurelError):
    """The caller may not say this."""


@dataclass(frozen=True)
class _Weighed:
    at: datetime
    grade: float | None


def take_statements(caller: Caller, documents: Sequence[Mapping[str, Any]], version: str) -> list[str]:
    """Keep checked statements of a caller, each once, and let them do what they do; return their ids in order. Flushed.

    A statement that is known already changes nothing. Raises Conflict where another statement has the id, NotYours where a
    launch speaks of somebody else, BadStatement where an id stands twice.
    """
    given = [check_uuid(document["id"], "id") if "id" in document else str(uuid.uuid4()) for document in documents]
    if len(set(given)) != len(given):
        raise BadStatement(_("An id stands twice in what was sent."))
    fresh = []
    for statement_id, document in zip(given, documents, strict=True):
        row = _keep(caller, statement_id, document, version)
        if row is not None:
            fresh.append(row)
    if caller.key is not None:
        caller.key.used_at = now()
    session().flush()
    _void([row for row in fresh if row.verb == VOIDED])
    _weigh_new(caller, [row for row in fresh if row.verb != VOIDED and row.person_id is not None and not row.voided])
    return given


def statement_of(caller: Caller, statement_id: str, *, voided: bool = False) -> Statement | None:
    """Return a statement that a caller may read: of its own step, and after a launch of the learner alone."""
    row = _known(caller, statement_id)
    if row is None or row.voided is not voided:
        return None
    if caller.membership is not None and row.person_id != caller.membership.person_id:
        return None
    return row


def _known(caller: Caller, statement_id: str) -> Statement | None:
    return session().scalar(
        select(Statement).where(
            Statement.path_id == caller.path_id,
            Statement.step_key == caller.step_key,
            Statement.statement_id == statement_id,
        )
    )


def _keep(caller: Caller, statement_id: str, document: Mapping[str, Any], version: str) -> Statement | None:
    """Keep a statement; None where it is known already."""
    known = _known(caller, statement_id)
    if known is None:
        row = _row(caller, statement_id, document, version)
        try:
            with session().begin_nested():
                session().add(row)
        except IntegrityError:
            known = _known(caller, statement_id)
            if known is None:  # pragma: no cover - the constraint that failed says that there is one
                raise
        else:
            return row
    if not _same(known.document, document):
        raise Conflict(_("Another statement has the id %(id)s already.", id=statement_id))
    return None


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two statements say the same (xAPI-Data.md, 2.3.1): what the store sets by itself plays no part."""
    if "timestamp" in other and read_timestamp(one["timestamp"], "timestamp") != read_timestamp(
        other["timestamp"], "timestamp"
    ):
        return False
    return {name: part for name, part in one.items() if name not in _NOT_COMPARED} == {
        name: part for name, part in other.items() if name not in _NOT_COMPARED
    }


def _row(caller: Caller, statement_id: str, document: Mapping[str, Any], version: str) -> Statement:
    actor = written(document["actor"])
    person = person_named(actor, caller.path_id) if actor else None
    if caller.membership is not None and (person is None or person.id != caller.membership.person_id):
        raise NotYours(_("What a learner opened can speak of that learner alone."))
    stored = now()
    said = document.get("timestamp")
    timestamp = read_timestamp(said, "timestamp").replace(microsecond=0) if said else stored
    return Statement(
        statement_id=statement_id,
        path_id=caller.path_id,
        step_key=caller.step_key,
        key_id=caller.key.id if caller.key is not None else None,
        person_id=person.id if person is not None else None,
        launched=caller.membership is not None,
        actor=actor,
        verb=document["verb"]["id"],
        object_id=str(document["object"].get("id", "")),
        timestamp=_counting(caller, timestamp, stored),
        stored_at=stored,
        document={
            **document,
            "id": statement_id,
            "stored": stored.isoformat().replace("+00:00", "Z"),
            "timestamp": said or stored.isoformat().replace("+00:00", "Z"),
            "authority": _authority(caller),
            "version": document.get("version", version),
        },
    )


def _counting(caller: Caller, timestamp: datetime, stored: datetime) -> datetime:
    """Return when a thing counts as done: not in the future, and after a launch not before it."""
    at = min(timestamp, stored)
    return max(at, caller.launched_at.replace(microsecond=0)) if caller.launched_at is not None else at


def _authority(caller: Caller) -> dict[str, Any]:
    if caller.membership is not None:
        return agent_of(caller.membership.person)
    name = caller.key.key if caller.key is not None else ""
    return {"objectType": "Agent", "account": {"homePage": settings().base_url, "name": f"key:{name}"}}


def _void(rows: Sequence[Statement]) -> None:
    """Void what is named: it counts for nobody any more who has not done the step by it yet (xAPI-Data.md, 2.3.2)."""
    for row in rows:
        statement = select(Statement).where(
            Statement.path_id == row.path_id,
            Statement.step_key == row.step_key,
            func.lower(Statement.statement_id) == row.object_id.lower(),
            Statement.verb != VOIDED,
        )
        if row.launched:
            statement = statement.where(Statement.person_id == row.person_id)
        named = session().scalar(statement)
        if named is not None:
            named.voided = True
    session().flush()


def _weigh_new(caller: Caller, rows: Sequence[Statement]) -> None:
    people = {row.person_id for row in rows}
    if not people:
        return
    statement = (
        select(Membership)
        .where(Membership.path_id == caller.path_id, Membership.person_id.in_(people), Membership.left_at.is_(None))
        .order_by(Membership.id)
        .options(joinedload(Membership.person), joinedload(Membership.version), joinedload(Membership.path))
    )
    for membership in session().scalars(statement).all():
        _weigh(membership, caller.step_key, [row for row in rows if row.person_id == membership.person_id])


def look_back(membership: Membership) -> None:
    """Take what was said of a member before they came, or before the step asked for it. Flushed."""
    steps = [step for step in membership.version.steps if step.kind == XAPI]
    if not steps:
        return
    names = names_of(membership.person)
    for step in steps:
        statement = (
            select(Statement)
            .where(
                Statement.path_id == membership.path_id,
                Statement.step_key == step.key,
                Statement.actor.in_(names),
                Statement.verb == step.content.get("verb"),
                Statement.object_id == step.content.get("activity"),
                Statement.voided.is_(False),
            )
            .order_by(Statement.timestamp)
            .limit(_MOST_LOOKED_AT)
        )
        rows = session().scalars(statement).all()
        for row in rows:
            row.person_id = membership.person_id
        _weigh(membership, step.key, rows)


def _weigh(membership: Membership, key: str, rows: Sequence[Statement]) -> None:
    """Let the earliest of the statements that are enough do the step; what an instructor failed stays failed."""
    step = membership.version.step(key)
    if step is None or step.kind != XAPI:
        return
    record = record_of(membership, step)
    if record is not None and (record.state == RecordState.DONE or record.decided_at is not None):
        return
    enough = [found for row in rows if (found := _enough(membership, step, row)) is not None]
    if enough:
        best = min(enough, key=lambda found: found.at)
        remembered = record.evidence if record is not None else {}
        take(membership, key, HandedIn(RecordState.DONE, evidence=remembered, at=best.at, grade=best.grade))


def _enough(membership: Membership, step: Step, row: Statement) -> _Weighed | None:
    """Return when a statement did a step, and how well; None where it does not."""
    content = step.content
    result = row.document.get("result", {})
    grade = _grade(result.get("score", {}))
    wanted = (
        row.verb == content.get("verb")
        and row.object_id == content.get("activity")
        and (membership.round == 1 or row.timestamp >= membership.started_at)
        and (not content.get("success") or result.get("success") is True)
        and (content.get("score") is None or (grade is not None and grade >= content["score"]))
    )
    return _Weighed(row.timestamp, grade) if wanted else None


def _grade(score: Mapping[str, Any]) -> float | None:
    """Return a score in percent: scaled, or raw between the lowest and the highest; None where neither is there."""
    if "scaled" in score:
        return round(max(0.0, float(score["scaled"])) * FULL, 2)
    if {"raw", "max"} <= set(score):
        low, high = float(score.get("min", 0)), float(score["max"])
        if high > low:
            return round(max(0.0, min(1.0, (float(score["raw"]) - low) / (high - low))) * FULL, 2)
    return None
