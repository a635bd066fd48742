"""Working through a path: handing a step in, deciding on it, and completing the whole."""

from __future__ import annotations

from collections.abc import Mapping

from portal.accounts.models import Person
from portal.certificates import services as certificates
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.goals.registry import kind_of
from portal.learning.models import Membership, PathState, RecordState, Step, StepRecord
from portal.learning.progress import Progress
from portal.learning.services.reading import progress_of


def hold(membership: Membership) -> None:
    """Hold a membership for the running transaction, and read it anew: two tabs, two people, one after the other."""
    session().flush()
    session().refresh(membership, with_for_update=True)


def hand_in(
    membership: Membership, key: str, answers: Mapping[str, str] | None = None, *, said: str | None = None
) -> StepRecord:
    """Take a learner's turn at a step, and complete the path where nothing more is left; flushed.

    `said` is the content hash of the step that the learner had before them. A step that is done or waits stays as it is.
    Raises Refused where the path is not active, the step is not there or has changed, or the answers need correcting.
    """
    hold(membership)
    step = _open_step(membership, key)
    if said is not None and said != step.content_hash:
        raise Refused(_("This step has changed since you opened it. Read it once more, then go on."))
    record = record_of(membership, step)
    if record is not None and record.state != RecordState.RETURNED:
        return record
    handed = kind_of(step.kind).hand_in(step.content, answers or {})
    record = _fresh_record(membership, step)
    record.state = handed.state
    record.note = handed.note
    record.evidence = dict(handed.evidence)
    record.handed_in_at = membership.active_at = now()
    record.done_at = now() if handed.state == RecordState.DONE else None
    settle(membership)
    return record


def confirm(membership: Membership, key: str, by: Person, comment: str = "") -> StepRecord:
    """Confirm a step for a member, whether they asked or not; the last one completes the path. Flushed.

    A step that is done stays as it is. Raises Refused where the path is not active or the instructor is the member.
    """
    hold(membership)
    step = _open_step(membership, key)
    _refuse_oneself(membership, by)
    record = record_of(membership, step)
    if record is not None and record.state == RecordState.DONE:
        return record
    if record is None:
        record = _fresh_record(membership, step)
    record.state = RecordState.DONE
    record.done_at = now()
    _decided(record, by, comment)
    settle(membership)
    return record


def send_back(membership: Membership, key: str, by: Person, comment: str) -> StepRecord:
    """Give a step that waits back to its learner, with a comment that says why. Flushed.

    Raises Refused where the comment is missing, or where the step does not wait any more.
    """
    hold(membership)
    step = _open_step(membership, key)
    _refuse_oneself(membership, by)
    if not comment.strip():
        raise Refused(_("Say what is still missing, so that the learner knows what to do."), field="comment")
    record = record_of(membership, step)
    if record is None or record.state != RecordState.WAITING:
        raise Refused(_("This step does not wait for a confirmation any more."))
    record.state = RecordState.RETURNED
    _decided(record, by, comment)
    session().flush()
    return record


def _decided(record: StepRecord, by: Person, comment: str) -> None:
    record.decided_by = by
    record.decided_at = now()
    record.comment = comment.strip()


def _refuse_oneself(membership: Membership, by: Person) -> None:
    if membership.person_id == by.id:
        raise Refused(_("Somebody else has to confirm what you did yourself."))


def _open_step(membership: Membership, key: str) -> Step:
    if membership.path.state != PathState.PUBLISHED:
        raise Refused(
            _("This learning path is not active at present. What you did is kept; go on when it is active again.")
        )
    if membership.left_at is not None:
        raise Refused(_("You have left this learning path. Join it again to go on."))
    step = membership.version.step(key)
    if step is None:
        raise Refused(_("This step is not part of the learning path any more."))
    return step


def record_of(membership: Membership, step: Step) -> StepRecord | None:
    """Return what a member did of a step, as long as the step still says the same; None where that is nothing."""
    return next(
        (
            record
            for record in membership.records
            if record.step_key == step.key and record.content_hash == step.content_hash
        ),
        None,
    )


def _fresh_record(membership: Membership, step: Step) -> StepRecord:
    """Return the row for a step, emptied of what was done when the step said something else."""
    record = next((record for record in membership.records if record.step_key == step.key), None)
    if record is None:
        record = StepRecord(step_key=step.key)
        membership.records.append(record)
    record.content_hash = step.content_hash
    record.note = record.comment = ""
    record.evidence = {}
    record.handed_in_at = now()
    record.decided_by = record.decided_at = record.done_at = None
    record.state = RecordState.WAITING
    return record


def settle(membership: Membership) -> Progress:
    """Complete a membership where everything that counts is done, with its certificate, in the running transaction."""
    standing = progress_of(membership)
    membership.to_settle = False
    if standing.completed and membership.completed_at is None:
        membership.completed_at = now()
        _certify(membership)
    session().flush()
    return standing


def _certify(membership: Membership) -> None:
    version = membership.version
    if not version.certification.enabled:
        return
    membership.certificate = certificates.grant(
        version.certification,
        holder=membership.person,
        title=version.title,
        path_public_id=membership.path.public_id,
        path_version=version.number,
        source=membership.source,
        language=version.language,
    )
