"""Sending a badge to a backpack: one row for each award, whatever is clicked how often."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.badges import services as badges
from portal.core import ids
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.jobs import ring
from portal.delivery import jobs
from portal.delivery.backpacks import Backpack, backpack_of, found_at, offered
from portal.delivery.couriers.courier import Outcome, Parcel
from portal.delivery.couriers.handoff import outcome_of
from portal.delivery.couriers.registry import courier_for
from portal.delivery.models import HandOff, Reason, Sending, SendingState

if TYPE_CHECKING:
    from portal.badges.models import Award

HAND_OFF_LASTS = timedelta(hours=1)
LEARNER, BACKPACK = "learner", "backpack"
CONNECT = "connect"


def send(award: Award, through: str, *, back_to: str = "/") -> Sending:
    """Have an award sent to the backpack of a key; flushes, and wakes the worker after the commit.

    There is one sending for every award: a repeat returns it as it stands. `back_to` is a path of this portal, where the
    person returns to from the backpack's own pages. Raises Refused naming `backpack` where that one is not offered.
    """
    known = sending_of(award)
    if known is not None:
        return known
    if award.person is None:
        raise Refused(_("This badge belongs to nobody any more."))
    sending = Sending(
        award=award, award_id=award.id, person_id=award.person.id, back_to=back_to, state=SendingState.WAITING
    )
    _address(sending, backpack_of(award.person, through))
    try:
        with session().begin_nested():
            session().add(sending)
    except IntegrityError:
        known = sending_of(award)
        if known is None:
            raise
        return known
    return sending


def sending_of(award: Award) -> Sending | None:
    """Return the sending of an award, or None where it was never sent."""
    return session().scalar(select(Sending).where(Sending.award_id == award.id))


def _address(sending: Sending, backpack: Backpack) -> None:
    """Aim a sending at a backpack, as far as it can be told without asking there."""
    sending.backpack_url, sending.backpack_name, sending.built_in = backpack.url, backpack.name, backpack.builtin
    sending.courier, sending.reason, sending.settled_at, sending.pushed_at = None, None, None, None
    state = SendingState.WAITING
    found = found_at(backpack.url)
    courier = courier_for(found) if found else None
    if courier is not None:
        sending.courier = courier.key
        state = courier.begin(_parcel(sending)).state
    _set(sending, state)


def _parcel(sending: Sending) -> Parcel:
    return Parcel(
        person_id=sending.person_id,
        backpack_url=sending.backpack_url,
        assertion_url=badges.assertion_v1_url(sending.award),
    )


def _set(sending: Sending, state: SendingState) -> None:
    sending.state = state
    if state == SendingState.WAITING:
        sending.attempts, sending.not_before = 0, now()
        ring(jobs.carry_badges)


def _held(sending: Sending) -> Sending:
    """Lock a row for the running transaction and read it anew, so that two clicks follow one another."""
    row = session().scalar(
        select(Sending)
        .where(Sending.id == sending.id)
        .with_for_update(of=Sending)
        .execution_options(populate_existing=True)
    )
    assert row is not None
    return row


def retry(sending: Sending) -> Sending:
    """Try a sending again that was refused or has failed, through the backpack that is offered now."""
    sending = _held(sending)
    if SendingState(sending.state).may_be_retried and sending.award.live:
        _address(sending, offered())
        session().flush()
    return sending


def hurry(sending: Sending) -> Sending:
    """Have the worker try a waiting sending now instead of after its pause."""
    sending = _held(sending)
    if sending.state == SendingState.WAITING and sending.leased_until <= now():
        _set(sending, SendingState.WAITING)
        session().flush()
    return sending


def permit(person_id: int, backpack_url: str) -> int:
    """Let everything go that waited for a person's permission at a backpack; return how many sendings that are."""
    waiting = (
        session()
        .scalars(
            update(Sending)
            .where(
                Sending.person_id == person_id,
                Sending.backpack_url == backpack_url,
                Sending.state == SendingState.NEEDS_PERMISSION,
            )
            .values(
                state=SendingState.WAITING, reason=None, courier=CONNECT, attempts=0, not_before=now(), settled_at=None
            )
            .returning(Sending.id)
            .execution_options(synchronize_session=False)
        )
        .all()
    )
    if waiting:
        session().expire_all()
        ring(jobs.carry_badges)
    return len(waiting)


def deny(person_id: int, backpack_url: str) -> None:
    """Note at everything that waits for a permission that it was not given."""
    session().execute(
        update(Sending)
        .where(
            Sending.person_id == person_id,
            Sending.backpack_url == backpack_url,
            Sending.state == SendingState.NEEDS_PERMISSION,
        )
        .values(reason=Reason.ACCESS_DENIED)
        .execution_options(synchronize_session=False)
    )
    session().expire_all()


def hand_over(sending: Sending) -> str:
    """Note that the person opens the backpack's window, and return the token of a new hand-off page.

    From now on the sending counts as handed over and not confirmed, until the page or the person says more. Raises
    Refused where there is nothing to hand over.
    """
    sending = _held(sending)
    if sending.state not in {SendingState.TO_HAND_OVER, SendingState.HANDED_OVER} or not sending.award.live:
        raise Refused(_("This badge does not wait to be handed over any more."))
    _set(sending, SendingState.HANDED_OVER)
    sending.reason = None
    token = ids.secret()
    session().add(HandOff(digest=ids.digest(token), sending=sending, expires_at=now() + HAND_OFF_LASTS))
    session().flush()
    return token


def hand_off_of(token: str) -> HandOff | None:
    """Return the hand-off of a token that can still be answered, or None."""
    return session().scalar(
        select(HandOff).where(
            HandOff.digest == ids.digest(token), HandOff.answered_at.is_(None), HandOff.expires_at > now()
        )
    )


def record_answer(token: str, answer: Any) -> bool:
    """Record what the backpack's script told the hand-off page; once for each page, and never over a settled sending.

    Returns whether it said something of the badge. The page runs foreign code, so what it says is believed of this one
    sending and of nothing else.
    """
    hand_off = hand_off_of(token)
    if hand_off is None:
        return False
    outcome = outcome_of(answer, badges.assertion_v1_url(hand_off.sending.award))
    if outcome is None:
        return False
    spent = session().scalar(
        update(HandOff)
        .where(HandOff.id == hand_off.id, HandOff.answered_at.is_(None))
        .values(answered_at=now())
        .returning(HandOff.id)
        .execution_options(synchronize_session=False)
    )
    sending = _held(hand_off.sending)
    if spent is None or sending.state != SendingState.HANDED_OVER:
        return False
    _settled(sending, outcome, by=BACKPACK)
    return True


def confirm(sending: Sending, *, accepted: bool) -> Sending:
    """Record what the person says became of a badge that was handed over: the backpack took it, or did not."""
    sending = _held(sending)
    if sending.state == SendingState.HANDED_OVER:
        outcome = (
            Outcome(state=SendingState.SENT)
            if accepted
            else Outcome(state=SendingState.FAILED, reason=Reason.NOT_ACCEPTED)
        )
        _settled(sending, outcome, by=LEARNER)
    return sending


def _settled(sending: Sending, outcome: Outcome, *, by: str) -> None:
    sending.state, sending.reason, sending.settled_at = outcome.state, outcome.reason, now()
    sending.confirmed_by = by if outcome.state.accepted else None
    session().flush()


def may_be_replaced(sending: Sending | None) -> bool:
    """Whether no backpack has, or is just being given, the award of a sending."""
    if sending is None:
        return True
    if sending.state == SendingState.WAITING:
        return sending.pushed_at is None and sending.leased_until <= now()
    return not SendingState(sending.state).accepted and sending.state != SendingState.HANDED_OVER


def give_up(award: Award) -> Sending | None:
    """End the sending of an award that is to be replaced; no worker takes it from now on.

    Raises Refused where a backpack has accepted the badge, or may be about to.
    """
    known = sending_of(award)
    if known is None:
        return None
    sending = _held(known)
    if not may_be_replaced(sending):
        raise Refused(_("A backpack has this badge, or is just being asked to take it. It cannot be replaced now."))
    sending.state, sending.lease, sending.settled_at = SendingState.REPLACED, None, now()
    session().flush()
    return sending
