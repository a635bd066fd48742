"""The dates of an event as its instructor keeps them; whoever has a place is told of a change, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Person
from portal.core import db
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _, speaking
from portal.learning.models import EventDate, EventSeat, LearningPath, Membership, SeatState, Step
from portal.learning.services.seats import WITH_A_PLACE, let_waiting_in
from portal.notices import services as notices

MOST_DATES = 200


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """What an instructor says of a date: when, where, for how many."""

    starts_at: datetime
    ends_at: datetime
    timezone: str
    place: str = ""
    link: str = ""
    note: str = ""
    capacity: int | None = None
    waiting_list: bool = True


_TELLING = ("starts_at", "ends_at", "timezone", "place", "link")


def date_by_public_id(public_id: str) -> EventDate | None:
    """Return the date of a public id with its path, or None."""
    return session().scalar(
        select(EventDate).where(EventDate.public_id == public_id).options(joinedload(EventDate.path))
    )


def dates_of(path: LearningPath, key: str) -> Sequence[EventDate]:
    """Return the dates of the event that a step is, the next ones first."""
    statement = (
        select(EventDate)
        .where(EventDate.path_id == path.id, EventDate.step_key == key)
        .order_by(EventDate.starts_at, EventDate.id)
    )
    return session().scalars(statement).all()


def event_of(path: LearningPath, key: str) -> Step | None:
    """Return the step of an event as its instructor sees it, else as learners do; None where there is none."""
    for version in (path.draft, path.published):
        step = version.step(key) if version is not None else None
        if step is not None and step.kind == "event":
            return step
    return None


def add_date(path: LearningPath, key: str, appointment: Appointment) -> EventDate:
    """Add a date to an event. Flushed; raises Refused where it ends before it begins, or there are too many."""
    _check(appointment)
    if len(dates_of(path, key)) >= MOST_DATES:
        raise Refused(_("An event can have at most %(most)s dates.", most=MOST_DATES))
    date = EventDate(path_id=path.id, step_key=key, **_values(appointment))
    session().add(date)
    session().flush()
    return date


def _values(appointment: Appointment) -> dict[str, object]:
    return {field.name: getattr(appointment, field.name) for field in fields(appointment)}


def _check(appointment: Appointment) -> None:
    if appointment.ends_at <= appointment.starts_at:
        raise Refused(_("The end has to be after the beginning."), field="ends")
    if not (appointment.place or appointment.link):
        raise Refused(_("Say where it takes place, or give the address of the online meeting."), field="place")


def change_date(date: EventDate, appointment: Appointment) -> bool:
    """Change a date; those who signed up are told where its time or place changed. Flushed; whether anything changed.

    Raises Refused where the date is cancelled, its end is before its beginning, or more people have a place than would
    have one. A place that comes free goes to whoever waits longest.
    """
    _check(appointment)
    db.hold(date)
    if date.cancelled_at is not None:
        raise Refused(_("This date is cancelled. Add another one."))
    if appointment.capacity is not None and appointment.capacity < date.taken:
        raise Refused(
            _("%(taken)s people have signed up already: there have to be places for them.", taken=date.taken),
            field="capacity",
        )
    changed = {name for name, value in _values(appointment).items() if getattr(date, name) != value}
    if not changed:
        return False
    for name in changed:
        setattr(date, name, getattr(appointment, name))
    date.changed_at = now()
    date.sequence += 1
    session().flush()
    let_waiting_in(date)
    if changed.intersection(_TELLING):
        _tell(date)
    return True


def cancel_date(date: EventDate) -> None:
    """Cancel a date; those who signed up are told, and can choose another. Flushed; twice changes nothing."""
    db.hold(date)
    if date.cancelled_at is not None:
        return
    if date.is_over:
        raise Refused(_("This date is over: it cannot be cancelled any more."))
    date.cancelled_at = date.changed_at = now()
    date.sequence += 1
    session().flush()
    _tell(date)


def remove_date(date: EventDate) -> None:
    """Take a date away for which nobody ever signed up. Flushed; raises Refused where somebody did."""
    db.hold(date)
    if session().scalar(select(func.count()).select_from(EventSeat).where(EventSeat.date_id == date.id)):
        raise Refused(_("People have signed up for this date: cancel it, so that they are told."))
    session().delete(date)
    session().flush()


def _tell(date: EventDate) -> None:
    statement = (
        select(EventSeat)
        .join(EventSeat.membership)
        .where(
            EventSeat.date_id == date.id,
            EventSeat.state.in_([SeatState.TAKEN, SeatState.WAITING]),
            Membership.left_at.is_(None),
        )
        .options(
            contains_eager(EventSeat.membership).joinedload(Membership.person),
            contains_eager(EventSeat.membership).joinedload(Membership.version),
        )
    )
    seats = session().scalars(statement).all()
    step = event_of(date.path, date.step_key)
    title = step.title if step is not None else date.path.title
    notices.tell_each("event_changed", (_telling(date, seat.membership, title) for seat in seats))


def _telling(date: EventDate, membership: Membership, title: str) -> notices.Telling:
    return notices.Telling(
        person_id=membership.person_id,
        key=f"event:{date.public_id}:{date.sequence}",
        url=f"/learning-paths/{date.path.public_id}/steps/{date.step_key}",
        values={
            "path": membership.version.title,
            "step": title,
            "date": date.starts_at,
            "place": _where(date, membership.person),
        },
    )


def _where(date: EventDate, person: Person) -> str:
    if date.cancelled_at is None:
        return date.place or date.link
    with speaking(person.language, person.timezone):
        return _("This date is cancelled. Choose another one.")


def seats_of(date: EventDate) -> Select[Any]:
    """Return a SELECT of those who signed up for a date or wait for it, by name."""
    return (
        select(EventSeat)
        .join(EventSeat.membership)
        .join(Membership.person)
        .where(EventSeat.date_id == date.id, EventSeat.state != SeatState.GIVEN_UP, Membership.left_at.is_(None))
        .order_by(EventSeat.state == SeatState.WAITING, Person.name, EventSeat.id)
        .options(contains_eager(EventSeat.membership).contains_eager(Membership.person).selectinload(Person.addresses))
    )


def counts_of(dates: Iterable[EventDate]) -> dict[int, dict[str, int]]:
    """Return how many seats of each state some dates have, by the date's inner number."""
    counts: dict[int, dict[str, int]] = {date.id: {} for date in dates}
    statement = (
        select(EventSeat.date_id, EventSeat.state, func.count())
        .where(EventSeat.date_id.in_(counts))
        .group_by(EventSeat.date_id, EventSeat.state)
    )
    for number, state, count in session().execute(statement):
        counts[number][state] = count
    return counts


def places_given(date: EventDate) -> int:
    """Return how many places of a date are given, counted anew."""
    statement = select(func.count()).where(EventSeat.date_id == date.id, EventSeat.state.in_(WITH_A_PLACE))
    return session().scalar(statement) or 0
