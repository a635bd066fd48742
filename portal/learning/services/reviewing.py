"""The review queue: work that was handed in, and completions that wait to be approved, on the paths that somebody reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, Subquery, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core.db import session
from portal.learning.models import (
    CoInstructor,
    LearningPath,
    Membership,
    PathState,
    PathVersion,
    RecordState,
    Status,
    Step,
    StepEvent,
    StepRecord,
)
from portal.learning.services.reading import steps_of
from portal.web.paging import PER_PAGE, Page, page_number
from portal.web.policy import Permission

APPROVAL = "approval"
WORK = "work"
MOST_PATHS = 200


@dataclass(frozen=True)
class Sieve:
    """What of the queue is looked at: one path (its public id), one kind of step or `approval`; the newest first or not."""

    path: str = ""
    kind: str = ""
    newest_first: bool = False


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a reviewer since `at`: a step that was handed in, or a whole to be approved."""

    membership: Membership
    at: datetime
    record: StepRecord | None = None
    step: Step | None = None

    @property
    def kind(self) -> str:
        """The kind of the step, or `approval`."""
        return self.step.kind if self.step is not None else APPROVAL


def _paths_reviewed_by(person: Person) -> Any:
    """Return the condition that somebody reviews a path, on rows of LearningPath."""
    if person.may(Permission.ADMIN_PEOPLE):
        return LearningPath.id.is_not(None)
    named = select(CoInstructor.path_id).where(CoInstructor.person_id == person.id, CoInstructor.may_review)
    return or_(LearningPath.owner_id == person.id, LearningPath.id.in_(named))


def _queue(person: Person, sieve: Sieve) -> Subquery:
    """Return the queue as rows of what (work or approval), row (inner number), at, path_id, kind."""
    work = (
        select(
            literal(WORK, String).label("what"),
            StepRecord.id.label("row"),
            StepRecord.handed_in_at.label("at"),
            LearningPath.id.label("path_id"),
            Step.kind.label("kind"),
        )
        .select_from(StepRecord)
        .join(Membership, Membership.id == StepRecord.membership_id)
        .join(
            Step,
            and_(
                Step.version_id == Membership.version_id,
                Step.key == StepRecord.step_key,
                Step.content_hash == StepRecord.content_hash,
            ),
        )
        .join(LearningPath, LearningPath.id == Membership.path_id)
        .where(StepRecord.state == RecordState.WAITING, StepRecord.round == Membership.round)
    )
    approvals = (
        select(
            literal(APPROVAL, String).label("what"),
            Membership.id.label("row"),
            Membership.active_at.label("at"),
            LearningPath.id.label("path_id"),
            literal(APPROVAL, String).label("kind"),
        )
        .select_from(Membership)
        .join(LearningPath, LearningPath.id == Membership.path_id)
        .join(PathVersion, PathVersion.id == Membership.version_id)
        .where(
            PathVersion.approved,
            Membership.status == Status.IN_REVIEW,
            Membership.completed_at.is_(None),
            Membership.done == Membership.total,
            Membership.total > 0,
        )
    )
    return union_all(*(_narrowed(rows, person, sieve) for rows in _wanted(work, approvals, sieve.kind))).subquery()


def _wanted(work: Any, approvals: Any, kind: str) -> list[Any]:
    if kind == APPROVAL:
        return [approvals]
    return [work.where(Step.kind == kind)] if kind else [work, approvals]


def _narrowed(rows: Any, person: Person, sieve: Sieve) -> Any:
    rows = rows.where(
        Membership.left_at.is_(None),
        Membership.person_id != person.id,
        LearningPath.state == PathState.PUBLISHED,
        _paths_reviewed_by(person),
    )
    return rows.where(LearningPath.public_id == sieve.path) if sieve.path else rows


def queue_page(person: Person, sieve: Sieve, *, per_page: int = PER_PAGE) -> Page[Waiting]:
    """Return the asked page of what waits for somebody; a number of statements that does not grow with it."""
    queue = _queue(person, sieve)
    total = session().scalar(select(func.count()).select_from(queue)) or 0
    number = min(page_number(), max(1, -(-total // per_page)))
    places = session().execute(
        select(queue.c.what, queue.c.row, queue.c.at)
        .order_by(*_order(queue, newest_first=sieve.newest_first))
        .limit(per_page)
        .offset((number - 1) * per_page)
    )
    return Page(_loaded([(what, row, at) for what, row, at in places]), total, number, per_page)


def _order(queue: Subquery, *, newest_first: bool) -> list[Any]:
    columns = [queue.c.at, queue.c.what, queue.c.row]
    return [column.desc() for column in columns] if newest_first else columns


def _loaded(places: Sequence[tuple[str, int, datetime]]) -> list[Waiting]:
    around = (joinedload(Membership.person), joinedload(Membership.path), joinedload(Membership.version))
    records = {
        record.id: record
        for record in session().scalars(
            select(StepRecord)
            .where(StepRecord.id.in_([row for what, row, _at in places if what == WORK]))
            .options(joinedload(StepRecord.membership).options(*around))
        )
    }
    memberships = {
        membership.id: membership
        for membership in session().scalars(
            select(Membership)
            .where(Membership.id.in_([row for what, row, _at in places if what == APPROVAL]))
            .options(*around)
        )
    }
    steps = steps_of(records.values())
    return [
        Waiting(records[row].membership, at, records[row], steps[row])
        if what == WORK
        else Waiting(memberships[row], at)
        for what, row, at in places
        if row in (steps if what == WORK else memberships)
    ]


def next_in_queue(
    person: Person,
    sieve: Sieve,
    at: datetime,
    *,
    record: StepRecord | None = None,
    membership: Membership | None = None,
) -> Waiting | None:
    """Return what comes in the queue after a place in it, whether that still waits or not; None at the end."""
    return _neighbour(person, sieve, at, record, membership, backwards=sieve.newest_first)


def previous_in_queue(
    person: Person,
    sieve: Sieve,
    at: datetime,
    *,
    record: StepRecord | None = None,
    membership: Membership | None = None,
) -> Waiting | None:
    """Return what comes in the queue before a place in it; None at the beginning."""
    return _neighbour(person, sieve, at, record, membership, backwards=not sieve.newest_first)


def _neighbour(
    person: Person,
    sieve: Sieve,
    at: datetime,
    record: StepRecord | None,
    membership: Membership | None,
    *,
    backwards: bool,
) -> Waiting | None:
    queue = _queue(person, sieve)
    what, row = (WORK, record.id) if record is not None else (APPROVAL, membership.id if membership else 0)
    columns = [(queue.c.at, at), (queue.c.what, what), (queue.c.row, row)]
    beyond = or_(
        *(
            and_(
                *(column == value for column, value in columns[:place]),
                columns[place][0] < columns[place][1] if backwards else columns[place][0] > columns[place][1],
            )
            for place in range(len(columns))
        )
    )
    found = session().execute(
        select(queue.c.what, queue.c.row, queue.c.at)
        .where(beyond)
        .order_by(*_order(queue, newest_first=backwards))
        .limit(1)
    )
    return next(iter(_loaded([(what, row, at) for what, row, at in found])), None)


def paths_in_queue(person: Person) -> list[tuple[str, str]]:
    """Return the paths on which something waits for somebody, each by public id with its title; 200 at most."""
    queue = _queue(person, Sieve())
    statement = (
        select(LearningPath.public_id, PathVersion.title)
        .join(LearningPath.published)
        .where(LearningPath.id.in_(select(queue.c.path_id)))
        .order_by(func.lower(PathVersion.title), LearningPath.id)
        .limit(MOST_PATHS)
    )
    return [(public_id, title) for public_id, title in session().execute(statement)]


def kinds_in_queue(person: Person) -> set[str]:
    """Return the kinds of what waits for somebody: names of kinds of steps, and `approval`."""
    queue = _queue(person, Sieve())
    return set(session().scalars(select(queue.c.kind).distinct()))


def history_of(membership: Membership, key: str) -> Sequence[StepEvent]:
    """Return what happened to a member's step, the newest first."""
    statement = (
        select(StepEvent)
        .where(StepEvent.membership_id == membership.id, StepEvent.step_key == key)
        .order_by(StepEvent.at.desc(), StepEvent.id.desc())
        .options(joinedload(StepEvent.by))
    )
    return session().scalars(statement).all()
