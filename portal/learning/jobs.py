"""Work of this room that happens later."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import commit, session
from portal.core.jobs import job
from portal.learning.models import Membership

BATCH = 100


@job(every=60)
def settle_members() -> None:
    """Complete those whom a new version has left with nothing more to do; a batch of members, a commit."""
    from portal.learning.services.doing import settle

    while True:
        statement = (
            select(Membership)
            .where(Membership.to_settle, Membership.left_at.is_(None))
            .order_by(Membership.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
            .options(selectinload(Membership.records), selectinload(Membership.person))
        )
        members = session().scalars(statement).all()
        for membership in members:
            settle(membership)
        commit()
        session().expunge_all()
        if len(members) < BATCH:
            return
