"""Working through a path: what a learner hands in, and what comes from elsewhere for them."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import FileStorage, MultiDict

from portal.core import db, ids
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.goals.kind import HandedIn, Turn
from portal.learning.goals.registry import kind_of
from portal.learning.models import Membership, PathState, RecordState, Step, StepEvent, StepRecord
from portal.learning.progress import Standing, StepState
from portal.learning.services.settling import progress_of, record_of, settle
from portal.learning.services.telling import tell_if_approval_waits, tell_reviewers

OPEN = frozenset({RecordState.STARTED, RecordState.RETURNED})


def hold(membership: Membership) -> None:
    """Hold a membership for the running transaction, and read it anew: two tabs, two people, one after the other."""
    db.hold(membership)
    if "records" in membership.__dict__:
        for record in membership.records:
            session().expire(record)
        session().expire(membership, ["records"])


def hand_in(
    membership: Membership,
    key: str,
    answers: Mapping[str, str] | None = None,
    files: MultiDict[str, FileStorage] | None = None,
    *,
    said: str | None = None,
) -> StepRecord:
    """Take a learner's turn at a step, and complete the path where nothing more is left; flushed.

    `said` is the content hash of the step that the learner had before them. A step that is done, failed or waits stays as
    it is. Raises Refused where the path is not active, the step is not there, is locked, over or has changed, or the
    answers need correcting.
    """
    hold(membership)
    step = open_step(membership, key)
    if said is not None and said != step.content_hash:
        raise Refused(_("This step has changed since you opened it. Read it once more, then go on."))
    record = record_of(membership, step)
    if record is not None and record.state not in OPEN:
        return record
    refuse_closed(membership, step)
    kind = kind_of(step.kind)
    if not kind.by_learner:
        raise Refused(_("This step is not done here: its page says what it waits for."))
    turn = Turn(step, membership, record, MultiDict(answers or {}), files or MultiDict())
    return _write(membership, step, kind.hand_in(turn))


def take(membership: Membership, key: str, handed: HandedIn) -> StepRecord | None:
    """Take what was done of a step elsewhere; the record, or None where the step is not part of the path. Flushed.

    What is done already stays as it is. For what the portal itself finds out: no rule of the learner's own turn is asked.
    """
    hold(membership)
    step = membership.version.step(key)
    if step is None or step.is_group:
        return None
    record = record_of(membership, step)
    if record is not None and record.state == RecordState.DONE:
        return record
    return _write(membership, step, handed)


def _write(membership: Membership, step: Step, handed: HandedIn) -> StepRecord:
    record = record_of(membership, step)
    before = record.state if record is not None else None
    if record is None:
        record = fresh_record(membership, step)
    record.state = handed.state
    record.note = handed.note
    record.evidence = dict(handed.evidence)
    record.grade = handed.grade
    record.attempts += int(handed.attempted)
    record.handed_in_at = handed.at or now()
    membership.active_at = now()
    record.done_at = (handed.at or now()) if handed.state == RecordState.DONE else None
    if handed.state not in OPEN or before is None or handed.attempted:
        event = remember(membership, step.key, handed.state, grade=handed.grade)
        if handed.state == RecordState.WAITING:
            tell_reviewers(membership, step, event)
    settle(membership)
    tell_if_approval_waits(membership)
    return record


def remember(
    membership: Membership,
    key: str | None,
    what: str,
    *,
    by_id: int | None = None,
    comment: str = "",
    grade: float | None = None,
) -> StepEvent:
    """Write down that something happened to a member's step; `by_id` is the inner number of an instructor."""
    event = StepEvent(
        public_id=ids.public_id(),
        membership_id=membership.id,
        step_key=key,
        what=what,
        at=now(),
        by_id=by_id,
        comment=comment,
        grade=grade,
    )
    session().add(event)
    return event


def open_step(membership: Membership, key: str) -> Step:
    """Return a step that its member, or an instructor for them, may go on with; raise Refused where it is not there."""
    if membership.path.state != PathState.PUBLISHED:
        raise Refused(
            _("This learning path is not active at present. What you did is kept; go on when it is active again.")
        )
    if membership.left_at is not None:
        raise Refused(_("You have left this learning path. Join it again to go on."))
    step = membership.version.step(key)
    if step is None or step.is_group:
        raise Refused(_("This step is not part of the learning path any more."))
    return step


def refuse_closed(membership: Membership, step: Step) -> None:
    """Raise Refused where a learner cannot work on a step: others come first, or its time is over."""
    standing = standing_of(membership, step)
    if standing.state is StepState.FAILED:
        raise Refused(_("The time for this step is over. Ask an instructor if you need another try."))
    if standing.locked:
        raise Refused(_("Finish the steps before this one first."))


def standing_of(membership: Membership, step: Step) -> Standing:
    """Return how a step stands for its member."""
    return progress_of(membership).standings[step.key]


def fresh_record(membership: Membership, step: Step) -> StepRecord:
    """Return the row for a step, emptied of what was done when the step said something else."""
    record = next(
        (row for row in membership.records if row.step_key == step.key and row.round == membership.round), None
    )
    if record is None:
        record = StepRecord(step_key=step.key, round=membership.round)
        membership.records.append(record)
    record.content_hash = step.content_hash
    record.note = record.comment = ""
    record.evidence = {}
    record.grade = None
    record.attempts = 0
    record.handed_in_at = now()
    record.decided_by = record.decided_at = record.done_at = None
    record.state = RecordState.WAITING
    return record
