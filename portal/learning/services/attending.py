"""What an instructor sees of one member beside their progress: what happened, and whether another try makes sense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.clock import now
from portal.core.db import session
from portal.learning.models import Membership, RecordState, Status, StepEvent
from portal.learning.services.settling import deadline_of

MOST = 200


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a member: `what` as StepEvent says it, of the step with this title where it is of one."""

    what: str
    title: str | None
    at: datetime
    by: str | None
    comment: str
    grade: float | None


def history_of(membership: Membership) -> Sequence[Happening]:
    """Return what happened to a member's steps, the newest first, at most 200."""
    titles = {step.key: step.title for step in membership.version.steps}
    statement = (
        select(StepEvent)
        .where(StepEvent.membership_id == membership.id)
        .order_by(StepEvent.at.desc(), StepEvent.id.desc())
        .limit(MOST)
        .options(joinedload(StepEvent.by))
    )
    return [
        Happening(
            what=event.what,
            title=titles.get(event.step_key or ""),
            at=event.at,
            by=event.by.name if event.by is not None else None,
            comment=event.comment,
            grade=event.grade,
        )
        for event in session().scalars(statement)
    ]


def may_try_again(membership: Membership) -> bool:
    """Whether another try changes something: a step is failed, or its time is over."""
    if membership.completed_at is not None:
        return False
    if membership.status in {Status.FAILED, Status.OVERDUE}:
        return True
    if any(row.round == membership.round and row.state == RecordState.FAILED for row in membership.records):
        return True
    ends = (deadline_of(step, membership) for step in membership.version.steps)
    return any(end is not None and end < now() for end in ends)
