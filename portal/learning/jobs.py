"""Work of this room that happens later."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.jobs import claim, job, release, still_mine
from portal.learning.audience_models import AudienceWork, PathMessage
from portal.learning.models import EventDate, EventSeat, Membership, PathVersion, SeatState

BATCH = 500
LEASE_SECONDS = 300
DAY = 86_400
log = logging.getLogger(__name__)


def _batch(statement: Select[Any]) -> Select[Any]:
    """Take the next memberships, each with what its progress is made of."""
    return (
        statement.where(Membership.left_at.is_(None))
        .order_by(Membership.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Membership)
        .options(
            selectinload(Membership.records),
            joinedload(Membership.person),
            joinedload(Membership.path),
            joinedload(Membership.version).selectinload(PathVersion.steps),
            joinedload(Membership.version).joinedload(PathVersion.certification),
        )
    )


@job(every=60)
def settle_members() -> None:
    """Weigh anew what has changed: a new version, or a deadline that has passed; a batch of members, a commit.

    Whoever has nothing more to do is completed.
    """
    from portal.learning.services.carrying import look_back_on
    from portal.learning.services.deadlines import tell_late
    from portal.learning.services.settling import settle_all

    while True:
        due = or_(Membership.to_settle, Membership.changes_at < now())
        statement = select(Membership).where(due, Membership.completed_at.is_(None))
        members = session().scalars(_batch(statement)).unique().all()
        asked = [member for member in members if member.to_settle]
        moment = now()
        ran_out = [member.changes_at is not None and member.changes_at < moment for member in members]
        found = settle_all(members)
        tell_late(pair for pair, late in zip(zip(members, found, strict=True), ran_out, strict=True) if late)
        look_back_on(asked)
        commit()
        session().expunge_all()
        if len(members) < BATCH:
            return


@job(every=300)
def remind_of_deadlines() -> None:
    """Tell members of deadlines that are near; a batch of members, a commit."""
    from portal.learning.services.deadlines import remind, to_be_reminded

    while True:
        members = session().scalars(_batch(to_be_reminded())).unique().all()
        remind(members)
        commit()
        session().expunge_all()
        if len(members) < BATCH:
            return


@job(every=60)
def carry_completions() -> None:
    """Carry each completion to the other paths that ask for it; one completion, a commit."""
    from portal.learning.services.carrying import carry

    while True:
        statement = _batch(select(Membership).where(Membership.to_carry)).limit(1)
        found = session().scalars(statement).unique().first()
        if found is None:
            return
        carry(found)
        commit()
        session().expunge_all()


@job(every=60)
def see_to_audiences() -> None:
    """Let people come to paths and leave them because of groups and long lists; a batch of people, a commit."""
    from portal.learning.services import audiences

    while taken := claim(AudienceWork, limit=1, seconds=LEASE_SECONDS):
        if still_mine(taken[0]):
            audiences.do_work(taken[0])
        commit()
        session().expunge_all()


@job(every=60)
def tell_messages() -> None:
    """Tell members what an instructor wrote to them; a message, a commit."""
    from portal.learning.services import messages

    while taken := claim(PathMessage, limit=1, seconds=LEASE_SECONDS):
        if still_mine(taken[0]):
            messages.tell(taken[0])
            release(taken[0], state=messages.SENT)
        commit()
        session().expunge_all()


@job(every=60)
def ask_who_came() -> None:
    """Ask the instructors of events that are over who was there; one seat, a commit."""
    from portal.learning.services.seats import ask_about

    while True:
        statement = (
            select(EventSeat)
            .join(EventSeat.date)
            .join(EventSeat.membership)
            .where(
                EventSeat.state == SeatState.TAKEN,
                EventSeat.asked.is_(False),
                EventDate.ends_at <= now(),
                EventDate.cancelled_at.is_(None),
            )
            .order_by(EventDate.ends_at, EventSeat.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=EventSeat)
        )
        seat = session().scalar(statement)
        if seat is None:
            return
        ask_about(seat)
        commit()
        session().expunge_all()


@job(every=60)
def carry_grants() -> None:
    """Grant the certificates that instructors ordered by lists."""
    from portal.certificates.models import GrantOrder
    from portal.learning.services import by_hand

    while taken := claim(GrantOrder, limit=by_hand.BATCH, seconds=by_hand.LEASE):
        by_hand.carry(taken)
        commit()
        session().expunge_all()


@job(every=DAY)
def remove_unnamed_files() -> None:
    """Delete stored files that no row names any more and that are older than a day; a file, a commit."""
    from portal.learning.services import sweeping

    known: set[str] = set()
    for names in sweeping.usual_names():
        known |= names
        commit()
    for key in sweeping.old_files(known):
        named = sweeping.is_named(key)
        commit()
        if not named and sweeping.remove_unnamed(key):
            log.info("The file %s was removed: nothing names it any more.", key)
        commit()
