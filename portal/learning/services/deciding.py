"""What instructors decide for a member: a step accepted, sent back, failed, another try, the whole approved."""

from __future__ import annotations

from datetime import datetime

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.goals.registry import kind_of
from portal.learning.models import Membership, RecordState, Step, StepRecord
from portal.learning.progress import FULL
from portal.learning.services.doing import fresh_record, hold, open_step, remember
from portal.learning.services.seats import note_attendance
from portal.learning.services.settling import awaits_approval, progress_of, record_of, settle
from portal.learning.services.telling import (
    tell_accepted,
    tell_another_try,
    tell_approved,
    tell_failed,
    tell_if_approval_waits,
    tell_returned,
)

__all__ = ["another_try", "approve", "awaits_approval", "confirm", "fail", "may_return", "send_back"]


def confirm(
    membership: Membership, key: str, by: Person, comment: str = "", *, grade: float | None = None
) -> StepRecord:
    """Set a step done for a member, whether they handed something in or not; the last one completes the path. Flushed.

    What was handed in counts as done at the moment it was handed in, an event at the end of the date; the learner's place
    there says that they came. `grade` is in percent. A step that is done stays as it is. Raises Refused where the path is
    not active, the instructor is the member, or the grade is none.
    """
    hold(membership)
    step = open_step(membership, key)
    _refuse_oneself(membership, by)
    if grade is not None and not 0 <= grade <= FULL:
        raise Refused(_("A grade is a number from 0 to 100."), field="grade")
    record = record_of(membership, step)
    if record is not None and record.state == RecordState.DONE:
        return record
    handed_in = record is not None and record.state == RecordState.WAITING
    if record is None:
        record = fresh_record(membership, step)
    came = note_attendance(membership, step, record, by, attended=True)
    record.state = RecordState.DONE
    record.done_at = record.handed_in_at if handed_in else came or now()
    record.grade = grade if grade is not None else record.grade
    _decided(record, by, comment)
    event = remember(membership, key, "accepted", by_id=by.id, comment=record.comment, grade=grade)
    settle(membership)
    if kind_of(step.kind).reviewed:
        tell_accepted(membership, step, record, event)
    tell_if_approval_waits(membership)
    return record


def send_back(membership: Membership, key: str, by: Person, comment: str) -> StepRecord:
    """Give a step that waits back to its learner, with a comment that says why. Flushed.

    So is a step that was accepted, for as long as the whole waits to be approved. Their place at an event says that they
    were not there. Raises Refused where the comment is missing, or where the step does not wait any more.
    """
    hold(membership)
    step = open_step(membership, key)
    _refuse_oneself(membership, by)
    if not comment.strip():
        raise Refused(_("Say what is still missing, so that the learner knows what to do."), field="comment")
    record = record_of(membership, step)
    if record is None or not may_return(membership, step, record):
        raise Refused(_("This step does not wait for a confirmation any more."))
    note_attendance(membership, step, record, by, attended=False)
    record.state = RecordState.RETURNED
    record.done_at = None
    _decided(record, by, comment)
    event = remember(membership, key, "returned", by_id=by.id, comment=record.comment)
    settle(membership)
    tell_returned(membership, step, record, event)
    return record


def may_return(membership: Membership, step: Step, record: StepRecord | None) -> bool:
    """Whether a step can be given back to its learner: it waits, or was accepted and the whole waits to be approved."""
    if record is None or not kind_of(step.kind).reviewed:
        return False
    return record.state == RecordState.WAITING or (
        record.state == RecordState.DONE and membership.version.approved and membership.completed_at is None
    )


def fail(membership: Membership, key: str, by: Person, comment: str) -> StepRecord:
    """Set a step failed for a member, with a comment that says why. Flushed.

    Raises Refused where the comment is missing, the member has completed the path, or the instructor is the member.
    """
    hold(membership)
    step = open_step(membership, key)
    _refuse_oneself(membership, by)
    if membership.completed_at is not None:
        raise Refused(_("%(name)s has completed this learning path already.", name=membership.person.name))
    if not comment.strip():
        raise Refused(_("Say why the step is failed, so that the learner knows."), field="comment")
    record = record_of(membership, step) or fresh_record(membership, step)
    note_attendance(membership, step, record, by, attended=False)
    record.state = RecordState.FAILED
    record.done_at = None
    _decided(record, by, comment)
    event = remember(membership, key, "failed", by_id=by.id, comment=record.comment)
    settle(membership)
    tell_failed(membership, step, event)
    return record


def another_try(membership: Membership, by: Person, *, until: datetime | None = None, comment: str = "") -> None:
    """Give a member another try at what failed: it is to do again, until a later date where one is given. Flushed.

    Every deadline that ends before `until` (aware) is put off to it; without it the time for the steps begins anew.
    Raises Refused where the member has completed the path, or where `until` lies in the past.
    """
    hold(membership)
    _refuse_oneself(membership, by)
    if membership.completed_at is not None:
        raise Refused(_("%(name)s has completed this learning path already.", name=membership.person.name))
    if until is not None and until <= now():
        raise Refused(_("Choose a date that is still to come."), field="until")
    for record in membership.records:
        if record.round == membership.round and record.state == RecordState.FAILED:
            record.round = -record.id  # kept, but part of no round any more
    if until is not None:
        membership.extended_until = until
    else:
        membership.started_at = now()
    event = remember(membership, None, "another_try", by_id=by.id, comment=comment.strip())
    settle(membership)
    tell_another_try(membership, until, event)


def approve(membership: Membership, by: Person, comment: str = "") -> None:
    """Approve that a member has completed a path whose completions are approved. Flushed.

    Raises Refused where something is still to be done, or where the instructor is the member.
    """
    hold(membership)
    _refuse_oneself(membership, by)
    if membership.approved_at is not None or membership.completed_at is not None:
        return
    if not progress_of(membership).fulfilled:
        raise Refused(_("%(name)s has not done every step that counts yet.", name=membership.person.name))
    membership.approved_at = now()
    membership.approved_by_id = by.id
    event = remember(membership, None, "approved", by_id=by.id, comment=comment.strip())
    settle(membership)
    tell_approved(membership, event)


def _decided(record: StepRecord, by: Person, comment: str) -> None:
    record.decided_by = by
    record.decided_at = now()
    record.comment = comment.strip()


def _refuse_oneself(membership: Membership, by: Person) -> None:
    if membership.person_id == by.id:
        raise Refused(_("Somebody else has to confirm what you did yourself."))
