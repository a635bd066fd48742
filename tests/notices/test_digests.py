"""Digests: at a sensible hour of the reader's own, right across daylight saving, one where the worker was down for days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import crypto, jobs
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.notices import digests
from portal.notices import services as notices
from portal.notices.jobs import send_digests
from portal.notices.models import Cadence, NoticeReader
from portal.notices.schedule import next_digest, sensible
from tests.notices.conftest import mails, rows, tell

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Cairo",
)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)),
    st.sampled_from(ZONES),
    st.sampled_from([Cadence.DAILY, Cadence.WEEKLY]),
)
def test_a_digest_is_always_at_eight_in_the_morning_and_never_far_off(moment, zone, cadence):
    moment = moment.replace(tzinfo=UTC)
    planned = next_digest(moment, zone, cadence)
    local = planned.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute) == (8, 0)
    assert sensible(planned, zone)
    assert (
        moment < planned <= moment + (timedelta(days=7, hours=1) if cadence == Cadence.WEEKLY else timedelta(hours=25))
    )
    assert cadence == Cadence.DAILY or local.weekday() == 0


@pytest.mark.parametrize(
    ("zone", "before", "planned"),
    [
        ("Europe/Berlin", "2027-03-27T12:00Z", "2027-03-28T06:00Z"),
        ("Europe/Berlin", "2027-03-26T12:00Z", "2027-03-27T07:00Z"),
        ("Europe/Berlin", "2027-10-30T12:00Z", "2027-10-31T07:00Z"),
        ("America/New_York", "2027-03-13T20:00Z", "2027-03-14T12:00Z"),
        ("America/New_York", "2027-11-06T20:00Z", "2027-11-07T13:00Z"),
        ("Nowhere/At_All", "2027-03-28T12:00Z", "2027-03-29T08:00Z"),
        ("../../etc/passwd", "2027-03-28T12:00Z", "2027-03-29T08:00Z"),
    ],
)
def test_eight_stays_eight_when_daylight_saving_begins_and_ends(zone, before, planned):
    instants = [datetime.fromisoformat(text.replace("Z", ":00+00:00")) for text in (before, planned)]
    assert next_digest(instants[0], zone, Cadence.DAILY) == instants[1]


@pytest.fixture
def reader(person):
    """Return a maker of people who want digests."""

    def make(cadence=Cadence.DAILY, timezone="Europe/Berlin", **values):
        who = person(timezone=timezone, **values)
        notices.set_cadence(who, cadence)
        commit()
        return who

    return make


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_what_happens_in_a_day_comes_in_one_mail_the_next_morning(app, reader, run_jobs, clock):
    clock(at("2027-03-27T12:00"))
    ada = reader(name="Ada")
    tell(ada, "joined", key="1", path="First aid")
    tell(ada, "work_returned", key="2", comment="Please say more.\n\nAnd <b>less</b>.")
    run_jobs()
    assert [row.state for row in rows()] == ["gathered", "gathered"]
    clock(at("2027-03-28T05:55"))
    run_jobs()
    assert mails() == []
    clock(at("2027-03-28T06:00"))
    run_jobs()
    (mail,) = mails()
    assert mail.subject == "2 notices for you"
    text, html = crypto.decrypt(mail.text).decode(), crypto.decrypt(mail.html).decode()
    assert "You are a member of “First aid”" in text
    assert "27 March 2027, 13:00" in text
    assert "Please say more. And <b>less</b>." in text
    assert "&lt;b&gt;less" in html
    assert "https://portal.example/notices" in text
    assert {(row.state, row.mail_id) for row in rows()} == {("mailed", mail.id)}
    clock(at("2027-03-29T12:00"))
    run_jobs()
    assert len(mails()) == 1, "a morning without news brings no mail"


def test_a_worker_that_was_down_for_three_days_sends_one_digest_and_not_three(app, reader, clock):
    clock(at("2027-10-29T06:00"))
    ada = reader()
    for day in range(3):
        clock(at("2027-10-29T10:00") + timedelta(days=day))
        tell(ada, "joined", key=str(day))
        if day == 0:
            send_digests()
    clock(at("2027-11-01T15:00"))  # three mornings later, and an hour of winter time
    send_digests()
    assert [mail.subject for mail in mails()] == ["3 notices for you"]
    clock(at("2027-11-02T15:00"))
    send_digests()
    assert len(mails()) == 1


def test_a_worker_that_comes_back_at_night_waits_for_the_morning(app, reader, run_jobs, clock):
    clock(at("2027-06-01T10:00"))
    tell(reader(), "joined")
    run_jobs()
    clock(at("2027-06-05T01:00"))
    run_jobs()
    assert mails() == []
    clock(at("2027-06-05T06:00"))
    run_jobs()
    assert len(mails()) == 1


def test_each_reader_gets_the_digest_in_their_own_morning(app, reader, run_jobs, clock):
    clock(at("2027-01-04T22:00"))
    tokyo, berlin, york = (reader(timezone=zone) for zone in ("Asia/Tokyo", "Europe/Berlin", "America/New_York"))
    tell([tokyo, berlin, york], "joined")
    run_jobs()
    arrived = {}
    for hour in range(24):
        clock(at("2027-01-04T22:30") + timedelta(hours=hour))
        run_jobs()
        for mail in mails():
            arrived.setdefault(mail.to_address, hour)
    assert [arrived[who.email] for who in (tokyo, berlin, york)] == [1, 9, 15]


def test_somebody_who_moves_is_not_woken_at_night(app, reader, run_jobs, clock):
    clock(at("2027-01-04T22:00"))
    ada = reader(timezone="Europe/Berlin")
    tell(ada, "joined")
    run_jobs()
    ada.timezone = "America/Los_Angeles"
    clock(at("2027-01-05T07:30"))
    run_jobs()
    assert mails() == []
    clock(at("2027-01-05T16:01"))
    run_jobs()
    assert len(mails()) == 1


def test_a_weekly_digest_comes_on_monday(app, reader, run_jobs, clock):
    clock(at("2027-03-23T12:00"))  # a Tuesday
    tell(reader(Cadence.WEEKLY), "joined")
    for day in range(6):
        clock(at("2027-03-23T20:00") + timedelta(days=day))
        run_jobs()
        assert mails() == []
    clock(at("2027-03-29T06:00"))  # Monday, after the clocks went forward
    run_jobs()
    assert len(mails()) == 1


def test_what_was_read_before_its_digest_is_not_mailed(app, reader, run_jobs, clock):
    clock(at("2027-06-01T10:00"))
    ada = reader()
    tell(ada, "joined", key="1")
    tell(ada, "joined", key="2", path="Second")
    run_jobs()
    notices.mark_read(rows()[0])
    clock(at("2027-06-02T10:00"))
    run_jobs()
    assert [mail.subject for mail in mails()] == ["1 notice for you"]
    notices.mark_all_read(ada)
    tell(ada, "joined", key="3")
    run_jobs()
    notices.mark_all_read(ada)
    clock(at("2027-06-03T10:00"))
    run_jobs()
    assert len(mails()) == 1
    assert [row.state for row in rows()] == ["quiet", "mailed", "quiet"]


def test_a_long_digest_lists_the_first_fifty_and_counts_the_rest(app, reader, run_jobs, clock):
    clock(at("2027-06-01T10:00"))
    ada = reader()
    notices.tell_each(
        "joined",
        [notices.Telling(person_id=ada.id, key=str(n), values={"path": f"Path {n}", "by": ""}) for n in range(60)],
    )
    run_jobs()
    clock(at("2027-06-02T10:00"))
    run_jobs()
    (mail,) = mails()
    text = crypto.decrypt(mail.text).decode()
    assert mail.subject == "60 notices for you"
    assert "Path 49" in text
    assert "Path 50" not in text
    assert "And 10 more." in text
    assert {row.mail_id for row in rows()} == {mail.id}


def test_a_worker_killed_while_it_wrote_a_digest_writes_it_again_once(app, reader, server, run_jobs, clock):
    clock(at("2027-06-01T10:00"))
    tell(reader(), "joined")
    run_jobs()
    clock(at("2027-06-02T06:00"))
    (taken,) = jobs.claim(NoticeReader, limit=1, seconds=300)
    digests.write_digest(taken)
    session().rollback()  # and here the process ends
    db.session.remove()
    run_jobs()
    assert server.mails == []
    clock(at("2027-06-02T06:06"))
    run_jobs()
    (mail,) = server.mails
    assert mail["Message-ID"] == f"<digest.{rows()[0].public_id}@portal.example>"
    assert mail["List-Unsubscribe"].startswith("<https://portal.example/notices/unsubscribe/")


def test_whoever_ends_digests_gets_what_was_gathered_now_and_the_rest_at_once(app, reader, run_jobs, clock):
    clock(at("2027-06-01T10:00"))
    ada = reader()
    tell(ada, "joined", key="1")
    run_jobs()
    notices.set_cadence(ada, Cadence.AT_ONCE)
    run_jobs()
    tell(ada, "joined", key="2")
    run_jobs()
    assert [mail.template for mail in mails()] == ["digest", "notice"]


def test_whoever_wants_no_mails_any_more_gets_none_of_what_was_gathered(app, reader, run_jobs, clock):
    clock(at("2027-06-01T10:00"))
    ada = reader()
    tell(ada, "joined", key="1")
    run_jobs()
    notices.set_cadence(ada, Cadence.NEVER)
    clock(at("2027-06-03T10:00"))
    tell(ada, "joined", key="2")
    run_jobs()
    assert mails() == []
    assert [row.state for row in rows()] == ["quiet", "quiet"]
    assert session().query(NoticeReader).one().state == "idle"


def test_a_change_from_daily_to_weekly_moves_what_waits(app, reader, run_jobs, clock):
    clock(at("2027-03-23T12:00"))
    ada = reader()
    tell(ada, "joined")
    run_jobs()
    notices.set_cadence(ada, Cadence.WEEKLY)
    clock(at("2027-03-26T12:00"))
    run_jobs()
    assert mails() == []
    clock(at("2027-03-29T08:00"))
    run_jobs()
    assert len(mails()) == 1


def test_a_digest_is_due_only_when_its_hour_has_come(app, reader, run_jobs, clock):
    clock(at("2027-06-01T10:00"))
    tell(reader(), "joined")
    run_jobs()
    row = session().query(NoticeReader).one()
    assert row.state == jobs.DUE
    assert row.not_before == at("2027-06-02T06:00") > now()
