"""The worker's part of sending: claim a row, commit, ask the courier, record what it says, commit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from portal.accounts.session import own_path
from portal.badges import services as badges
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.jobs import claim, job, release, still_mine
from portal.delivery.backpacks import found_at, remember
from portal.delivery.couriers.courier import Courier, Outcome, Parcel
from portal.delivery.couriers.registry import courier_for, courier_of
from portal.delivery.models import ConsentRequest, HandOff, Reason, Sending, SendingState
from portal.delivery.probing import probe
from portal.notices import services as notices

LEASE_SECONDS = 180
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (20, 2 * 60, 10 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600))
"""How long to wait after each attempt that settled nothing; after the last one the sending has failed."""
KEPT_FOR = timedelta(days=7)
_NO_ANSWER = {
    "private_address": Outcome(state=SendingState.FAILED, reason=Reason.PRIVATE_ADDRESS),
    "timed_out": Outcome(state=SendingState.WAITING, reason=Reason.TIMED_OUT),
}


@job(every=20)
def carry_badges() -> None:
    """Carry what is due, one badge at a time, until nothing is due."""
    while rows := claim(Sending, limit=1, seconds=LEASE_SECONDS):
        carry(rows[0])


@job(every=3600)
def forget_old_ways_back() -> None:
    """Remove hand-off pages and ways back from consent pages that nobody can use any more."""
    for model in (ConsentRequest, HandOff):
        session().execute(delete(model).where(model.expires_at < now() - KEPT_FOR))
    commit()


def carry(sending: Sending) -> None:
    """Attempt one claimed sending; whatever happens in between, the row says what has to be done."""
    courier = _courier(sending)
    if isinstance(courier, Outcome):
        _record(sending, courier)
        return
    if not _noted(sending, courier):
        return
    parcel = _parcel(sending, tried_before=sending.pushed_at is not None)
    commit()
    outcome = courier.begin(parcel)
    commit()
    if outcome.state == SendingState.WAITING:
        if not _about_to_push(sending):
            return
        outcome = courier.carry(parcel)
    _record(sending, outcome)


def _courier(sending: Sending) -> Courier | Outcome:
    """Return the courier of a sending, after a look at a backpack that is not known; else what to record."""
    courier = courier_of(sending.courier)
    if courier is not None:
        return courier
    found = found_at(sending.backpack_url)
    commit()
    if found is None:
        found = probe(sending.backpack_url)
        if not found.answers:
            return _NO_ANSWER.get(found.problem or "", Outcome(state=SendingState.WAITING, reason=Reason.UNREACHABLE))
        remember(found)
        commit()
    return courier_for(found) or Outcome(state=SendingState.FAILED, reason=Reason.NO_WAY_IN)


def _noted(sending: Sending, courier: Courier) -> bool:
    """Write down which courier goes; end what cannot be sent any more, or is not ours any more."""
    if not still_mine(sending):
        commit()
        return False
    session().refresh(sending)
    sending.courier = courier.key
    if not sending.award.live:
        _settle(sending, Outcome(state=SendingState.FAILED, reason=Reason.REVOKED))
        commit()
        return False
    commit()
    return True


def _parcel(sending: Sending, *, tried_before: bool) -> Parcel:
    return Parcel(
        person_id=sending.person_id,
        backpack_url=sending.backpack_url,
        assertion_url=badges.assertion_v1_url(sending.award),
        tried_before=tried_before,
    )


def _about_to_push(sending: Sending) -> bool:
    """Write down that the backpack may hear of the badge from now on: a later 304 then means that it took it from us."""
    if not still_mine(sending):
        commit()
        return False
    if sending.pushed_at is None:
        sending.pushed_at = now()
    commit()
    return True


def _record(sending: Sending, outcome: Outcome) -> None:
    if still_mine(sending):
        session().refresh(sending)
        _settle(sending, outcome)
    commit()


def _settle(sending: Sending, outcome: Outcome) -> None:
    sending.reason = outcome.reason
    if outcome.state == SendingState.WAITING:
        again_at = _again_at(sending, outcome)
        if again_at is not None:
            release(sending, again_at=again_at)
            return
        outcome = Outcome(state=SendingState.FAILED, reason=outcome.reason)
    release(sending, state=outcome.state)
    sending.settled_at = now()
    if outcome.state.accepted:
        sending.confirmed_by = "backpack"
    elif outcome.state.may_be_retried and outcome.reason != Reason.REVOKED:
        _tell(sending)


def _tell(sending: Sending) -> None:
    """Tell the learner that a badge did not arrive: once for each time that sending it has ended so."""
    notices.tell(
        [sending.person_id],
        "sending_failed",
        key=f"sending:{sending.public_id}:{now():%Y%m%d%H%M%S}",
        url=own_path(sending.back_to),
        badge=sending.award.badge_class.name,
        backpack=sending.backpack_name,
    )


def _again_at(sending: Sending, outcome: Outcome) -> datetime | None:
    """Return when to try again, or None after the last attempt; a wait that the backpack asks for is never cut short."""
    if sending.attempts > len(PAUSES):
        return None
    if outcome.again_at is not None and outcome.reason is None:
        return outcome.again_at
    usual = now() + PAUSES[max(sending.attempts, 1) - 1]
    return max(usual, outcome.again_at) if outcome.again_at else usual
