"""What learners and their instructors are told of work: handed in, returned, accepted, failed, approved."""

from __future__ import annotations

from datetime import datetime

from portal.accounts.models import Person
from portal.core.db import session
from portal.core.i18n import _, speaking
from portal.learning.models import Membership, Step, StepEvent, StepRecord
from portal.learning.services.settling import awaits_approval
from portal.notices import services as notices
from portal.notices.services import Telling


def reviewers_of(membership: Membership) -> list[int]:
    """Return who decides on what a member hands in, by inner number: the owner and the co-instructors with that right."""
    path = membership.path
    named = [right.person_id for right in path.co_instructors if right.may_review]
    return [number for number in dict.fromkeys([path.owner_id, *named]) if number != membership.person_id]


def tell_reviewers(membership: Membership, step: Step, event: StepEvent) -> None:
    """Tell those who review a path that a member's work waits. Flushed."""
    notices.tell(
        reviewers_of(membership),
        "work_waiting",
        key=_key("waiting", event),
        url=_decide_url(membership, step),
        path=membership.version.title,
        step=step.title,
        learner=membership.person.name,
    )


def tell_if_approval_waits(membership: Membership) -> None:
    """Tell those who review a path that a member has done everything and waits to be approved, once a round. Flushed."""
    if not awaits_approval(membership):
        return
    tellings = []
    for number in reviewers_of(membership):
        person = session().get(Person, number)
        if person is None:
            continue
        with speaking(person.language, person.timezone):
            what = _("Approval of the whole learning path")
        tellings.append(
            Telling(
                person_id=number,
                key=f"approval:{membership.public_id}:{membership.round}:{_last_done(membership)}",
                url=f"/authoring/members/{membership.public_id}/approval",
                values={"path": membership.version.title, "step": what, "learner": membership.person.name},
            )
        )
    notices.tell_each("work_waiting", tellings)


def _last_done(membership: Membership) -> str:
    """Return when the last of what is done was done: who was sent back and did it again is told of again."""
    moments = [record.done_at for record in membership.records if record.done_at is not None]
    return max(moments).isoformat() if moments else ""


def tell_returned(membership: Membership, step: Step, record: StepRecord, event: StepEvent) -> None:
    """Tell a member that their work was returned. Flushed."""
    notices.tell(
        [membership.person_id],
        "work_returned",
        key=_key("returned", event),
        url=_step_url(membership, step),
        path=membership.version.title,
        step=step.title,
        comment=record.comment,
    )


def tell_accepted(membership: Membership, step: Step, record: StepRecord, event: StepEvent) -> None:
    """Tell a member that their work was accepted, with the grade where there is one. Flushed."""
    person = membership.person
    with speaking(person.language, person.timezone):
        grade = _("%(grade)s of 100", grade=f"{record.grade:g}") if record.grade is not None else ""
    notices.tell(
        [membership.person_id],
        "work_accepted",
        key=_key("accepted", event),
        url=_step_url(membership, step),
        path=membership.version.title,
        step=step.title,
        comment=record.comment,
        grade=grade,
    )


def tell_failed(membership: Membership, step: Step, event: StepEvent) -> None:
    """Tell a member that an instructor set a step failed. Flushed."""
    notices.tell(
        [membership.person_id],
        "failed",
        key=_key("failed", event),
        url=_step_url(membership, step),
        path=membership.version.title,
        step=step.title,
    )


def tell_another_try(membership: Membership, until: datetime | None, event: StepEvent) -> None:
    """Tell a member that they have another try. Flushed."""
    notices.tell(
        [membership.person_id],
        "another_try",
        key=_key("another-try", event),
        url=_path_url(membership),
        path=membership.version.title,
        date=until,
    )


def tell_approved(membership: Membership, event: StepEvent) -> None:
    """Tell a member that their completion was approved. Flushed."""
    notices.tell(
        [membership.person_id],
        "approved",
        key=_key("approved", event),
        url=_path_url(membership),
        path=membership.version.title,
        comment=event.comment,
    )


def _key(what: str, event: StepEvent) -> str:
    return f"{what}:{event.public_id}"


def _path_url(membership: Membership) -> str:
    return f"/learning-paths/{membership.path.public_id}"


def _step_url(membership: Membership, step: Step) -> str:
    return f"{_path_url(membership)}/steps/{step.key}"


def _decide_url(membership: Membership, step: Step) -> str:
    return f"/authoring/members/{membership.public_id}/steps/{step.key}?from=review"
