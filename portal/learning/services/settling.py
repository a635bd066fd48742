"""Weighing what members did, and completing those who have nothing left to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.certificates import services as certificates
from portal.core.clock import now
from portal.core.db import session
from portal.core.jobs import ring
from portal.core.periods import later
from portal.learning.models import Membership, PathVersion, Step, StepRecord
from portal.learning.progress import Evidence, Goal, Progress, StepState, progress


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
    elif step.due_at is not None:
        end = step.due_at
    else:
        return None
    return max(end, membership.extended_until) if membership.extended_until is not None else end


def evidence_of(membership: Membership) -> list[Evidence]:
    """Return what a member did in the present round, as progress weighs it."""
    return [
        Evidence(
            record.step_key,
            record.content_hash,
            StepState(record.state),
            record.done_at or record.handed_in_at,
        )
        for record in membership.records
        if record.round == membership.round
    ]


def record_of(membership: Membership, step: Step) -> StepRecord | None:
    """Return what a member did of a step, as long as the step still says the same; None where that is nothing."""
    return next(
        (
            record
            for record in membership.records
            if record.step_key == step.key
            and record.content_hash == step.content_hash
            and record.round == membership.round
        ),
        None,
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
            membership.to_carry = True
            completed.append(membership)
    session().flush()
    _certify(completed)
    if completed:
        from portal.learning.jobs import carry_completions

        ring(carry_completions)
    return found


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
    for membership in memberships:
        version = membership.version
        if version.certification.enabled:
            membership.certificate = certificates.grant(
                version.certification,
                holder=membership.person,
                title=version.title,
                path_public_id=membership.path.public_id,
                path_version=version.number,
                source=membership.source,
                language=version.language,
            )
    session().flush()
