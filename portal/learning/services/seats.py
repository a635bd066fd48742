"""Signing up for a date of an event, and who came: capacity is held by one UPDATE, whoever asks at the same moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.goals.event import AnEvent
from portal.learning.goals.kind import HandedIn
from portal.learning.models import EventDate, EventSeat, Membership, RecordState, SeatState, Step, StepRecord
from portal.learning.services.doing import hold, open_step, refuse_closed, remember, take
from portal.learning.services.settling import record_of, settle
from portal.notices import services as notices

WITH_A_PLACE = (SeatState.TAKEN, SeatState.ATTENDED, SeatState.ABSENT)
_OPEN = (SeatState.TAKEN, SeatState.WAITING)


def seats_of_member(membership: Membership, key: str) -> dict[int, EventSeat]:
    """Return the seats that a member has at the dates of an event, by the date's inner number."""
    statement = (
        select(EventSeat)
        .join(EventSeat.date)
        .where(EventSeat.membership_id == membership.id, EventDate.step_key == key)
    )
    return {seat.date_id: seat for seat in session().scalars(statement)}


def sign_up(membership: Membership, date: EventDate) -> EventSeat:
    """Give a member a place at a date, or one in its waiting list; a place at another date is given up for it. Flushed.

    Raises Refused where the step is closed to the member or done, the date is over, cancelled or full.
    """
    hold(membership)
    step = open_step(membership, date.step_key)
    refuse_closed(membership, step)
    record = record_of(membership, step)
    if record is not None and record.state in {RecordState.DONE, RecordState.WAITING}:
        raise Refused(_("You have been at this event already."))
    present = seats_of_member(membership, date.step_key)
    seat = present.get(date.id)
    if seat is not None and seat.state in _OPEN:
        return seat
    _hold_dates([date.id, *(number for number, other in present.items() if other.state in _OPEN)])
    session().refresh(date)
    if not date.is_open:
        raise Refused(_("This date is over or cancelled. Choose another one."))
    state = SeatState.TAKEN if _take_place(date) else SeatState.WAITING
    if state is SeatState.WAITING and not date.waiting_list:
        raise Refused(_("The last place has just been taken. Choose another date."))
    for other in present.values():
        if other.state in _OPEN and other.date_id != date.id:
            _give_up(other)
    if seat is None:
        seat = EventSeat(date_id=date.id, membership_id=membership.id)
        session().add(seat)
    seat.state, seat.at, seat.asked, seat.decided_at, seat.decided_by_id = state, now(), False, None, None
    take(membership, step.key, HandedIn(RecordState.STARTED, evidence={"date": date.public_id}))
    session().flush()
    return seat


def _hold_dates(numbers: Iterable[int]) -> None:
    """Hold dates in one order, so that two people who change places do not wait for each other."""
    session().execute(
        select(EventDate.id).where(EventDate.id.in_(set(numbers))).order_by(EventDate.id).with_for_update()
    )


def _take_place(date: EventDate) -> bool:
    taken = session().execute(
        update(EventDate)
        .where(
            EventDate.id == date.id,
            EventDate.cancelled_at.is_(None),
            or_(EventDate.capacity.is_(None), EventDate.taken < EventDate.capacity),
        )
        .values(taken=EventDate.taken + 1)
        .returning(EventDate.id)
        .execution_options(synchronize_session=False)
    )
    found = taken.first() is not None
    session().refresh(date)
    return found


def give_up(membership: Membership, date: EventDate) -> None:
    """Let a member give up their place; whoever waits longest gets it. Flushed; without a place nothing happens.

    Raises Refused where the date has begun.
    """
    hold(membership)
    seat = seats_of_member(membership, date.step_key).get(date.id)
    if seat is None or seat.state not in _OPEN:
        return
    if date.starts_at <= now() and date.cancelled_at is None:
        raise Refused(_("This date has begun: you cannot give your place up any more. Ask your instructor."))
    _hold_dates([date.id])
    _give_up(seat)


def _give_up(seat: EventSeat) -> None:
    had_a_place = seat.state == SeatState.TAKEN
    seat.state, seat.at = SeatState.GIVEN_UP, now()
    session().flush()
    date = session().get_one(EventDate, seat.date_id)
    if had_a_place:
        session().execute(
            update(EventDate)
            .where(EventDate.id == seat.date_id)
            .values(taken=EventDate.taken - 1)
            .execution_options(synchronize_session=False)
        )
        session().refresh(date)
        let_waiting_in(date)


def let_waiting_in(date: EventDate) -> None:
    """Give places that are free to those who wait, the longest first, and tell them. Flushed; the date is held."""
    while date.is_open:
        statement = (
            select(EventSeat)
            .join(EventSeat.membership)
            .where(EventSeat.date_id == date.id, EventSeat.state == SeatState.WAITING, Membership.left_at.is_(None))
            .order_by(EventSeat.at, EventSeat.id)
            .limit(1)
            .options(joinedload(EventSeat.membership).joinedload(Membership.version))
        )
        seat = session().scalar(statement)
        if seat is None or not _take_place(date):
            return
        seat.state = SeatState.TAKEN
        session().flush()
        _tell_of_place(date, seat)


def _tell_of_place(date: EventDate, seat: EventSeat) -> None:
    membership = seat.membership
    step = membership.version.step(date.step_key)
    notices.tell(
        [membership.person_id],
        "event_place",
        key=f"place:{seat.public_id}:{date.sequence}:{int(seat.at.timestamp())}",
        url=f"/learning-paths/{membership.path.public_id}/steps/{date.step_key}",
        path=membership.version.title,
        step=step.title if step is not None else membership.version.title,
        date=date.starts_at,
        place=date.place or date.link,
    )


def leave_dates(membership: Membership) -> None:
    """Give up every place that a member still has at dates to come: they leave the path. Flushed."""
    statement = (
        select(EventSeat)
        .join(EventSeat.date)
        .where(EventSeat.membership_id == membership.id, EventSeat.state.in_(_OPEN), EventDate.starts_at > now())
        .order_by(EventSeat.date_id)
    )
    seats = session().scalars(statement).all()
    _hold_dates([seat.date_id for seat in seats])
    for seat in seats:
        _give_up(seat)


def ask_about(seat: EventSeat) -> None:
    """Ask the instructor whether somebody came to a date that is over: the step waits from its end on. Flushed."""
    seat.asked = True
    membership = seat.membership
    hold(membership)
    step = membership.version.step(seat.date.step_key)
    record = record_of(membership, step) if step is not None else None
    if step is None or (record is not None and record.state != RecordState.STARTED):
        session().flush()
        return
    _write(seat, RecordState.WAITING)


def _write(seat: EventSeat, state: RecordState) -> StepRecord | None:
    date = seat.date
    return take(seat.membership, date.step_key, HandedIn(state, evidence={"date": date.public_id}, at=_end_of(date)))


def _end_of(date: EventDate) -> datetime:
    """Return when a date ended; now, where it is still going on."""
    return min(date.ends_at, now())


def _decide(seat: EventSeat, by: Person, *, attended: bool) -> None:
    seat.state = SeatState.ATTENDED if attended else SeatState.ABSENT
    seat.asked, seat.decided_at, seat.decided_by_id = True, now(), by.id
    session().flush()


def set_attended(seat: EventSeat, by: Person, *, attended: bool, comment: str = "") -> None:
    """Say that somebody was at a date or was not; being there is done at the end of the date. Flushed.

    Whoever was not there may choose another date. Raises Refused before the date begins, for a date that was cancelled or a
    seat that waited, for one's own seat, and where the path is completed already.
    """
    date, membership = seat.date, seat.membership
    hold(membership)
    session().refresh(seat)
    if membership.person_id == by.id:
        raise Refused(_("Somebody else has to confirm that you were there."))
    if date.cancelled_at is not None or date.starts_at > now():
        raise Refused(_("Who came can be said once the date has begun."))
    if seat.state not in WITH_A_PLACE:
        raise Refused(_("%(name)s had no place at this date.", name=membership.person.name))
    if seat.state == (SeatState.ATTENDED if attended else SeatState.ABSENT):
        return
    if not attended and membership.completed_at is not None:
        raise Refused(_("%(name)s has completed this learning path already.", name=membership.person.name))
    _decide(seat, by, attended=attended)
    record = _write(seat, RecordState.DONE) if attended else _take_back(seat)
    if record is not None:
        record.decided_by, record.decided_at, record.comment = by, now(), comment.strip()
        remember(membership, date.step_key, "accepted" if attended else "returned", by_id=by.id, comment=record.comment)
    session().flush()


def _take_back(seat: EventSeat) -> StepRecord | None:
    """Let somebody who was not there choose another date, also where it was said before that they were."""
    membership = seat.membership
    step = membership.version.step(seat.date.step_key)
    record = record_of(membership, step) if step is not None else None
    if record is None or record.evidence.get("date") != seat.date.public_id:
        return None
    record.state, record.done_at = RecordState.RETURNED, None
    settle(membership)
    return record


def note_attendance(
    membership: Membership, step: Step, record: StepRecord, by: Person, *, attended: bool
) -> datetime | None:
    """Let a member's place at an event say what an instructor decides of the step; flushed, the membership is held.

    Returns when the date ended (now, where it is still going on), or None where the step is no event or its date has not
    begun. The step itself stays as it is.
    """
    if step.kind != AnEvent.name:
        return None
    seats = session().scalars(
        select(EventSeat)
        .join(EventSeat.date)
        .where(
            EventSeat.membership_id == membership.id,
            EventSeat.state.in_(WITH_A_PLACE),
            EventDate.step_key == step.key,
            EventDate.public_id == record.evidence.get("date", ""),
            EventDate.cancelled_at.is_(None),
            EventDate.starts_at <= now(),
        )
        .options(joinedload(EventSeat.date))
        .with_for_update(of=EventSeat)
    )
    seat = seats.first()
    if seat is None:
        return None
    _decide(seat, by, attended=attended)
    return _end_of(seat.date)


def attend_all(date: EventDate, by: Person) -> int:
    """Say that everybody of whom nothing was said yet was at a date; how many that are. Flushed."""
    statement = (
        select(EventSeat)
        .join(EventSeat.membership)
        .where(
            EventSeat.date_id == date.id,
            EventSeat.state == SeatState.TAKEN,
            Membership.left_at.is_(None),
            Membership.person_id != by.id,
        )
        .order_by(EventSeat.membership_id)
        .options(joinedload(EventSeat.date), joinedload(EventSeat.membership).joinedload(Membership.person))
    )
    seats = session().scalars(statement).unique().all()
    for seat in seats:
        set_attended(seat, by, attended=True)
    return len(seats)
