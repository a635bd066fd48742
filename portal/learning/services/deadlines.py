"""What members are told of the time for their steps: that it is nearly over, and that it is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Select, or_, select

from portal.core.clock import now
from portal.learning.models import Membership, PathState, Step
from portal.learning.models.paths import LearningPath
from portal.learning.progress import Progress, Standing, StepState
from portal.learning.services.settling import progress_of, record_of
from portal.notices import services as notices
from portal.notices.services import Telling

NEAR = timedelta(days=3)


def to_be_reminded() -> Select[Membership]:
    """Return a SELECT of members whose next deadline comes within three days, and who were not reminded of it yet."""
    moment = now()
    return (
        select(Membership)
        .join(LearningPath, LearningPath.id == Membership.path_id)
        .where(
            Membership.completed_at.is_(None),
            Membership.changes_at >= moment,
            Membership.changes_at <= moment + NEAR,
            or_(Membership.reminded_of.is_(None), Membership.reminded_of != Membership.changes_at),
            LearningPath.state == PathState.PUBLISHED,
        )
    )


def remind(memberships: Iterable[Membership]) -> None:
    """Tell members which steps they have to do by their next deadline, once each. Flushed."""
    tellings = []
    for membership in memberships:
        membership.reminded_of = membership.changes_at
        for step, standing in _due(membership, progress_of(membership)):
            if standing.goal.deadline == membership.changes_at and standing.state not in _HANDED_IN:
                tellings.append(_telling("near", membership, step, standing))
    notices.tell_each("deadline_near", tellings)


_HANDED_IN = frozenset({StepState.DONE, StepState.WAITING, StepState.FAILED})


def tell_late(found: Iterable[tuple[Membership, Progress]]) -> None:
    """Tell members whose time for a step is over that it is overdue or failed, once each. Flushed."""
    overdue, failed = [], []
    for membership, progress in found:
        for step, standing in _due(membership, progress):
            if standing.overdue:
                overdue.append(_telling("overdue", membership, step, standing))
            elif standing.state is StepState.FAILED and _ran_out(membership, step):
                failed.append(_telling("ran-out", membership, step, standing, dated=False))
    notices.tell_each("overdue", overdue)
    notices.tell_each("failed", failed)


def _due(membership: Membership, progress: Progress) -> list[tuple[Step, Standing]]:
    """Return the steps that have a deadline and count, with how they stand."""
    pairs = ((step, progress.standings.get(step.key)) for step in membership.version.steps)
    return [
        (step, standing)
        for step, standing in pairs
        if standing is not None and standing.goal.deadline is not None and standing.counts
    ]


def _ran_out(membership: Membership, step: Step) -> bool:
    """Whether it was time that failed a step, not an instructor, of whom the member has heard."""
    record = record_of(membership, step)
    return record is None or record.state != StepState.FAILED


def _telling(what: str, membership: Membership, step: Step, standing: Standing, *, dated: bool = True) -> Telling:
    deadline = standing.goal.deadline
    assert deadline is not None
    place = "" if step.is_group else f"/steps/{step.key}"
    return Telling(
        person_id=membership.person_id,
        key=f"{what}:{membership.public_id}:{step.key}:{deadline:%Y%m%d%H%M%S}",
        url=f"/learning-paths/{membership.path.public_id}{place}",
        values={"path": membership.version.title, "step": step.title, **({"date": deadline} if dated else {})},
    )
