"""Carrying the completion of one path to the other paths that ask for it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.db import session
from portal.learning.goals.kind import HandedIn
from portal.learning.models import Membership, RecordState, Step
from portal.learning.services.doing import take
from portal.learning.services.settling import ANOTHER_PATH
from portal.learning.xapi import taking as statements

LOOKED_BACK_FOR = frozenset({ANOTHER_PATH, statements.XAPI})


def carry(completed: Membership) -> None:
    """Take the completion of a path as done wherever its member is on a path that asks for it. Flushed."""
    completed.to_carry = False
    if completed.completed_at is None:
        return
    statement = (
        select(Membership, Step)
        .join(Step, Step.version_id == Membership.version_id)
        .where(
            Membership.person_id == completed.person_id,
            Membership.left_at.is_(None),
            Membership.completed_at.is_(None),
            Step.kind == ANOTHER_PATH,
        )
        .options(joinedload(Membership.person))
    )
    for membership, step in session().execute(statement).all():
        if step.content.get("path") == completed.path.public_id:
            take(membership, step.key, HandedIn(RecordState.DONE, at=completed.completed_at))
    session().flush()


def look_back_on(memberships: Iterable[Membership]) -> None:
    """Take what members did elsewhere before they came, or before their path asked for it. Flushed."""
    for membership in memberships:
        if membership.completed_at is None and any(step.kind in LOOKED_BACK_FOR for step in membership.version.steps):
            look_back(membership)


def look_back(membership: Membership) -> None:
    """Take what a member had completed, or outside content had said of them, before they came to a path that asks for it.

    Flushed.
    """
    statements.look_back(membership)
    asked = {step.content.get("path"): step.key for step in membership.version.steps if step.kind == ANOTHER_PATH}
    if not asked:
        return
    statement = (
        select(Membership)
        .join(Membership.path)
        .where(Membership.person_id == membership.person_id, Membership.completed_at.is_not(None))
        .options(joinedload(Membership.path))
    )
    for done in session().scalars(statement).all():
        key = asked.get(done.path.public_id)
        if key is not None:
            take(membership, key, HandedIn(RecordState.DONE, at=done.completed_at))
