"""Events: dates beside the versions, places under a race, who came, and the calendar file."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from sqlalchemy import select

from portal.accounts.models import EmailAddress, Person
from portal.app import create_app
from portal.core.db import commit, db, session
from portal.core.errors import Refused
from portal.learning import services
from portal.learning.models import EventDate, EventSeat, Membership
from portal.learning.services import events, seats
from portal.learning.services.events import Appointment
from portal.notices.models import Notice
from tests.conftest import test_settings
from tests.neighbours import postgres

START = datetime(2027, 5, 3, 7, 0, tzinfo=UTC)


def appointment(**changes):
    values = {
        "starts_at": START,
        "ends_at": START + timedelta(hours=2),
        "timezone": "Europe/Helsinki",
        "place": "Room 1",
    }
    return Appointment(**{**values, **changes})


@pytest.fixture
def event(make_path, person):
    instructor = person("instructor")
    path = make_path(instructor, steps=(), publish=False)
    step = services.add_step(path, "event", title="Fire drill", content={"text": "Bring boots."})
    services.publish(path)
    commit()
    return path, step.key, instructor


def joined(path, person, **values):
    membership = services.join(path, person(**values))
    commit()
    return membership


def test_the_last_place_is_given_once_and_the_next_one_waits(event, person):
    path, key, _ = event
    date = events.add_date(path, key, appointment(capacity=1))
    first, second = joined(path, person), joined(path, person)
    assert seats.sign_up(first, date).state == "taken"
    assert seats.sign_up(second, date).state == "waiting"
    seats.give_up(first, date)
    assert seats.seats_of_member(second, key)[date.id].state == "taken"
    assert date.taken == 1 == events.places_given(date)
    assert session().scalar(select(Notice.kind).where(Notice.person_id == second.person_id)) == "event_place"


def test_without_a_waiting_list_a_full_date_is_refused(event, person):
    path, key, _ = event
    date = events.add_date(path, key, appointment(capacity=1, waiting_list=False))
    seats.sign_up(joined(path, person), date)
    with pytest.raises(Refused, match="last place"):
        seats.sign_up(joined(path, person), date)


def test_changing_to_another_date_frees_the_first(event, person):
    path, key, _ = event
    one, two = events.add_date(path, key, appointment(capacity=1)), events.add_date(path, key, appointment(capacity=1))
    member = joined(path, person)
    seats.sign_up(member, one)
    seats.sign_up(member, two)
    assert (one.taken, two.taken) == (0, 1)


def test_who_leaves_the_path_gives_the_place_up(event, person):
    path, key, _ = event
    date = events.add_date(path, key, appointment(capacity=1))
    member, waiting = joined(path, person), joined(path, person)
    seats.sign_up(member, date)
    seats.sign_up(waiting, date)
    services.leave(member)
    assert seats.seats_of_member(waiting, key)[date.id].state == "taken"


def race(app, number_of_people):
    with app.app_context():
        db.metadata.create_all(db.engine)
        owner = Person(name="Owner", role="instructor")
        session().add(owner)
        session().flush()
        path = services.create_path(owner, services.Info(title="Drill"))
        step = services.add_step(path, "event", title="Drill", content={"text": "Come."})
        services.publish(path)
        date = events.add_date(path, step.key, appointment(capacity=3))
        members = []
        for number in range(number_of_people):
            person = Person(name=f"P{number}", role="learner")
            person.addresses.append(EmailAddress(address=f"r{number}@example.org", is_primary=True))
            session().add(person)
            session().flush()
            members.append(services.join(path, person).id)
        commit()
        date_id = date.id
    gate = threading.Barrier(number_of_people)
    failures = []

    def come(number):
        with app.app_context():
            gate.wait()
            try:
                seats.sign_up(session().get_one(Membership, number), session().get_one(EventDate, date_id))
                commit()
            except Exception as error:  # noqa: BLE001 - whatever it is fails the test
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=come, args=(number,)) for number in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with app.app_context():
        states = sorted(session().scalars(select(EventSeat.state)))
        taken = session().get_one(EventDate, date_id).taken
        db.session.remove()
        db.engine.dispose()
    assert taken == 3
    assert states == ["taken"] * 3 + ["waiting"] * (number_of_people - 3)


def test_people_on_threads_never_get_more_places_than_there_are(tmp_path):
    race(create_app(test_settings(tmp_path)), 8)


@pytest.mark.postgres
def test_people_on_threads_never_get_more_places_than_there_are_on_postgresql(tmp_path):
    with postgres() as address:
        race(create_app(replace(test_settings(tmp_path), database_url=address)), 8)


def test_whoever_signed_up_is_told_of_a_change_once(event, person):
    path, key, _ = event
    date = events.add_date(path, key, appointment())
    member = joined(path, person)
    seats.sign_up(member, date)
    assert not events.change_date(date, appointment())
    assert events.change_date(date, appointment(place="Room 2"))
    events.cancel_date(date)
    events.cancel_date(date)
    told = session().scalars(select(Notice).where(Notice.person_id == member.person_id)).all()
    assert [notice.kind for notice in told] == ["event_changed", "event_changed"]
    assert date.sequence == 2


def test_being_there_is_done_at_the_end_of_the_date(event, person, clock, run_jobs):
    path, key, instructor = event
    date = events.add_date(path, key, appointment())
    member = joined(path, person)
    seats.sign_up(member, date)
    commit()
    with pytest.raises(Refused, match="once the date has begun"):
        seats.set_attended(session().scalars(select(EventSeat)).one(), instructor, attended=True)
    session().rollback()
    clock(START + timedelta(days=3))
    run_jobs()
    record = session().scalars(select(Membership)).one().records[0]
    assert (record.state, record.handed_in_at) == ("waiting", date.ends_at)
    assert seats.attend_all(session().get_one(EventDate, date.id), instructor) == 1
    member = session().scalars(select(Membership)).one()
    assert member.completed_at == date.ends_at


def test_whoever_was_not_there_may_choose_another_date(event, person, clock):
    path, key, instructor = event
    date = events.add_date(path, key, appointment())
    later = events.add_date(
        path, key, appointment(starts_at=START + timedelta(days=9), ends_at=START + timedelta(days=9, hours=1))
    )
    member = joined(path, person)
    seat = seats.sign_up(member, date)
    commit()
    clock(START + timedelta(days=1))
    seats.set_attended(seat, instructor, attended=False, comment="We missed you.")
    assert services.record_of(member, member.version.step(key)).state == "returned"
    assert seats.sign_up(member, later).state == "taken"


@pytest.mark.parametrize(("action", "came"), [("confirm", "attended"), ("return", "absent"), ("fail", "absent")])
def test_what_is_decided_in_the_review_stands_in_the_attendance_too(
    event, person, sign_in, clock, run_jobs, action, came
):
    path, key, instructor = event
    date = events.add_date(path, key, appointment())
    member = joined(path, person)
    seats.sign_up(member, date)
    commit()
    clock(START + timedelta(hours=3))
    run_jobs()
    decide = f"/authoring/members/{member.public_id}/steps/{key}"
    answer = sign_in(instructor).submit(decide, {"action": action, "comment": "As I saw."})
    assert answer.status_code == 303
    session().expire_all()
    seat = session().scalars(select(EventSeat)).one()
    assert (seat.state, seat.decided_by_id, seat.asked) == (came, instructor.id, True)
    done = session().get_one(Membership, member.id).records[0].done_at
    assert done == (date.ends_at if came == "attended" else None)


def test_confirming_before_the_date_leaves_the_place_open(event, person, clock):
    path, key, instructor = event
    date = events.add_date(path, key, appointment())
    member = joined(path, person)
    clock(START - timedelta(hours=1))
    seat = seats.sign_up(member, date)
    services.confirm(member, key, instructor)
    assert seat.state == "taken"
    assert member.records[0].done_at <= START


def test_the_calendar_file_keeps_its_uid_and_counts_changes(event, person, sign_in):
    path, key, _ = event
    date = events.add_date(path, key, appointment(note="Ёлка; comma, \\ and\nlines"))
    learner = person()
    member = services.join(path, learner)
    seats.sign_up(member, date)
    commit()
    address = f"/learning-paths/{path.public_id}/dates/{date.public_id}/calendar.ics"
    client = sign_in(learner)

    def read():
        answer = client.get(address)
        assert answer.mimetype == "text/calendar"
        return icalendar.Calendar.from_ical(answer.data).walk("VEVENT")[0]

    before = read()
    events.change_date(session().get_one(EventDate, date.id), appointment(place="Room 2"))
    commit()
    after = read()
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after.decoded("dtstart") == START
    assert after["dtstart"].params["TZID"] == "Europe/Helsinki"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts", ""), ("starts", "nonsense"), ("starts", "9999-12-31T23:59"), ("ends", "2020-01-01T09:00"),
        ("timezone", "Nowhere/Else"), ("capacity", "-1"), ("capacity", "²"), ("link", "javascript:alert(1)"),
        ("place", "x" * 300), ("note", "x" * 3000),
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_is_refused_with_everything_kept(event, sign_in, field, value):
    path, key, instructor = event
    client = sign_in(instructor)
    sent = {
        "starts": "2027-05-03T10:00", "ends": "2027-05-03T12:00", "timezone": "Europe/Helsinki", "place": "Сцена <b>",
        "capacity": "5", field: value,
    }  # fmt: skip
    address = f"/authoring/learning-paths/{path.public_id}/steps/{key}/dates/new"
    answer = client.submit(address, sent)
    assert answer.status_code == 422
    assert field == "place" or "Сцена &lt;b&gt;" in answer.get_data(as_text=True)


def test_an_instructor_keeps_dates_and_says_who_came(event, person, sign_in, clock):
    path, key, instructor = event
    client = sign_in(instructor)
    base = f"/authoring/learning-paths/{path.public_id}/steps/{key}/dates"
    sent = {"starts": "2027-05-03T10:00", "ends": "2027-05-03T12:00", "timezone": "Europe/Helsinki", "place": "Зал"}
    assert client.submit(f"{base}/new", sent).status_code == 303
    date = session().scalars(select(EventDate)).one()
    assert date.starts_at == START
    learner = person(name="=Ann")
    services.join(path, learner)
    commit()
    reader = sign_in(learner)
    step = f"/learning-paths/{path.public_id}/steps/{key}"
    assert reader.submit(f"/learning-paths/{path.public_id}/dates/{date.public_id}/sign-up", on=step).status_code == 303
    clock(START + timedelta(hours=1))
    client = sign_in(instructor)  # the old session has ended long ago
    for address in (
        base,
        f"/authoring/event-dates/{date.public_id}",
        f"/authoring/event-dates/{date.public_id}/attendance",
    ):
        assert client.get(address).status_code == 200
    table = client.get(f"/authoring/event-dates/{date.public_id}/attendance.csv").get_data(as_text=True)
    assert "'=Ann" in table
    seat = session().scalars(select(EventSeat)).one()
    attendance = f"/authoring/event-dates/{date.public_id}/attendance"
    assert client.submit(attendance, {"action": "absent", "seat": seat.public_id}).status_code == 303
    fail = f"/authoring/event-dates/{date.public_id}/fail"
    assert (
        client.submit(
            fail, {"seat": seat.public_id, "comment": "Twice absent."}, on=f"{fail}?seat={seat.public_id}"
        ).status_code
        == 303
    )
    assert session().scalars(select(Membership)).one().status == "failed"


def test_others_see_and_change_nothing(event, person, sign_in, make_path):
    path, key, _ = event
    date = events.add_date(path, key, appointment())
    commit()
    date_at = f"/authoring/event-dates/{date.public_id}"
    for role, expected in (("learner", 403), ("instructor", 404)):
        client = sign_in(person(role))
        for address in (date_at, f"{date_at}/attendance", f"{date_at}/attendance.csv", f"{date_at}/cancel"):
            assert client.get(address).status_code == expected, address
        assert client.get(f"/learning-paths/{path.public_id}/dates/{date.public_id}/calendar.ics").status_code == 404
    other = make_path()
    learner = person()
    services.join(other, learner)
    commit()
    client = sign_in(learner)
    wrong = f"/learning-paths/{other.public_id}/dates/{date.public_id}/calendar.ics"
    assert client.get(wrong).status_code == 404
