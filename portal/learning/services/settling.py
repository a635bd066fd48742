"""Weighing what members did, and completing those who have nothing left to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.certificates import services as certificates
from portal.core.clock import now
from portal.core.db import session
from portal.core.jobs import ring
from portal.core.periods import later
from portal.learning.models import Membership, PathVersion, RecordState, Status, Step, StepRecord
from portal.learning.progress import Evidence, Goal, Progress, StepState, progress

ANOTHER_PATH = "path"
"""The kind of a step that asks for another path to be completed."""


def progress_of(membership: Membership) -> Progress:
    """Return how far a member is at this moment."""
    version = membership.version
    return progress(
        goals_of(version, membership),
        evidence_of(membership),
        now(),
        ordered=version.ordered,
        needs_approval=version.approved,
        approved=membership.approved_at is not None,
    )


def progress_at_the_start(version: PathVersion) -> Progress:
    """Return how far somebody is who has just begun: what a path asks, for those who have not joined it."""
    return progress(goals_of(version), (), now(), ordered=version.ordered, needs_approval=version.approved)


def goals_of(version: PathVersion, membership: Membership | None = None) -> list[Goal]:
    """Return what a version asks, with the deadlines of a member (none without one)."""
    return [
        Goal(
            key=step.key,
            content_hash=step.content_hash,
            mandatory=step.mandatory,
            minutes=step.minutes,
            points=step.points or 0,
            parent=step.parent_key,
            group=step.is_group,
            needed=step.needed,
            deadline=deadline_of(step, membership) if membership is not None else None,
            strict=step.strict,
        )
        for step in version.steps
    ]


def deadline_of(step: Step, membership: Membership) -> datetime | None:
    """Return until when a member has to do a step, or None: the same time of day where they live, later by its period.

    A date or period that the member was given more time for ends when that does.
    """
    if step.limit_count:
        end = later(membership.started_at, step.limit_count, step.limit_unit, membership.person.timezone)
    elif step.due_at is not None and not _of_an_earlier_round(step.due_at, membership):
        end = step.due_at
    else:
        return None
    return max(end, membership.extended_until) if membership.extended_until is not None else end


def _of_an_earlier_round(due_at: datetime, membership: Membership) -> bool:
    """Whether a date was over before a renewal began: it was meant for those who came first."""
    return membership.round > 1 and due_at < membership.started_at


def evidence_of(membership: Membership) -> list[Evidence]:
    """Return what a member did in the present round, as progress weighs it."""
    return [
        Evidence(
            record.step_key,
            record.content_hash,
            StepState(record.state),
            record.done_at or record.handed_in_at,
        )
        for record in evidence_rows(membership)
    ]


def record_of(membership: Membership, step: Step) -> StepRecord | None:
    """Return what a member did of a step, as long as the step still says the same; None where that is nothing."""
    return next(
        (
            record
            for record in evidence_rows(membership)
            if record.step_key == step.key and record.content_hash == step.content_hash
        ),
        None,
    )


def awaits_approval(membership: Membership) -> bool:
    """Whether a member has done everything and waits for an instructor to approve the whole."""
    return (
        membership.completed_at is None
        and membership.version.approved
        and membership.status == Status.IN_REVIEW
        and progress_of(membership).fulfilled
    )


def settle(membership: Membership) -> Progress:
    """Keep what progress says of a membership, and complete it where nothing is left; in the running transaction."""
    return settle_all([membership])[0]


def settle_all(memberships: Sequence[Membership]) -> list[Progress]:
    """Settle many memberships: whoever has everything done is completed, with a certificate. Flushed.

    Each membership has its version with steps, its records and its person loaded. Whoever completed a path stays so.
    """
    found = [progress_of(membership) for membership in memberships]
    completed = []
    for membership, standing in zip(memberships, found, strict=True):
        membership.to_settle = False
        if membership.completed_at is not None:
            continue
        _keep(membership, standing)
        if standing.completed:
            membership.completed_at = standing.done_at or now()
            completed.append(membership)
    if completed:
        _carry_on(completed)
    session().flush()
    _certify(completed)
    return found


def _carry_on(completed: Sequence[Membership]) -> None:
    """Have completions carried to the paths that ask for them, where there are such."""
    from portal.learning.jobs import carry_completions

    contents = session().scalars(select(Step.content).where(Step.kind == ANOTHER_PATH))
    asked = {content.get("path") for content in contents}
    for membership in completed:
        membership.to_carry = membership.path.public_id in asked
    if any(membership.to_carry for membership in completed):
        ring(carry_completions)


def _keep(membership: Membership, standing: Progress) -> None:
    """Write down what lists of many members show, where it changed."""
    kept = {
        "status": standing.status,
        "done": standing.done,
        "total": standing.total,
        "points": standing.points,
        "changes_at": standing.changes_at,
    }
    for name, value in kept.items():
        if getattr(membership, name) != value:
            setattr(membership, name, value)


def _certify(memberships: Sequence[Membership]) -> None:
    """Grant the certificates of completions: in a later round the new one renews the one that the member has."""
    by_certification: dict[int, list[Membership]] = {}
    for membership in memberships:
        if membership.version.certification.enabled:
            by_certification.setdefault(membership.version.certification_id, []).append(membership)
    for completed in by_certification.values():
        made = certificates.grant_many(completed[0].version.certification, [_earned(one) for one in completed])
        for membership in completed:
            membership.certificate_id = made[membership.source]
    session().flush()
    for membership in memberships:
        session().expire(membership, ["certificate"])


def _earned(membership: Membership) -> certificates.Grant:
    version = membership.version
    keys = {step.key: step for step in version.tasks}
    records = [
        row
        for row in evidence_rows(membership)
        if row.state == RecordState.DONE
        and row.step_key in keys
        and row.content_hash == keys[row.step_key].content_hash
    ]
    grades = [row.grade for row in records if row.grade is not None and keys[row.step_key].mandatory]
    return certificates.Grant(
        holder_id=membership.person_id,
        holder_name=membership.person.name,
        title=version.title,
        path_public_id=membership.path.public_id,
        path_version=version.number,
        source=membership.source,
        language=version.language,
        achieved_at=membership.completed_at,
        grade=round(sum(grades) / len(grades), 1) if grades else None,
        minutes=sum(keys[row.step_key].minutes or 0 for row in records) or None,
        replaces_id=membership.certificate_id,
    )


def evidence_rows(membership: Membership) -> list[StepRecord]:
    """Return the records of a member's present round."""
    return [row for row in membership.records if row.round == membership.round]
