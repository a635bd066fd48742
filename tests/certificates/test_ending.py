"""When certificates end: fixed days in time zones, warnings, and what their holders are told, once and in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal.certificates import services
from portal.certificates.models import Certificate, Certification
from portal.certificates.services.ending import remind
from portal.certificates.validity import term_of
from portal.core.clock import now
from portal.core.db import commit, session
from portal.notices.models import Notice

START = datetime(2026, 11, 24, 9, tzinfo=UTC)


def settings(**values) -> Certification:
    return Certification(**{"validity_kind": "period", "validity_count": 1, "validity_unit": "years", **values})


def told(person, *kinds: str) -> list[str]:
    statement = select(Notice.kind).where(Notice.person_id == person.id, Notice.kind.in_(kinds)).order_by(Notice.id)
    return list(session().scalars(statement))


ENDS = ("expiring", "expired", "renewal_open")


@pytest.mark.parametrize(
    ("zone", "last_second"),
    [
        ("Pacific/Kiritimati", datetime(2027, 6, 30, 9, 59, 59, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 7, 1, 3, 59, 59, tzinfo=UTC)),
        ("UTC", datetime(2027, 6, 30, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_fixed_day_is_over_when_it_ends_there(zone, last_second, certification, give, clock):
    clock(START)
    fixed = {"validity_kind": "date", "valid_day": date(2027, 6, 30), "valid_zone": zone}
    certificate = give(settings=fixed)
    assert (certificate.valid_until, certificate.valid_zone) == (last_second, zone)
    assert certificate.valid_until.astimezone(ZoneInfo(zone)).date() == date(2027, 6, 30)
    clock(last_second - timedelta(seconds=5))
    assert certificate.state == "valid"
    clock(last_second + timedelta(seconds=1))
    assert certificate.state == "expired"


@pytest.mark.parametrize(
    ("day", "achieved", "end"),
    [
        (date(2026, 12, 31), datetime(2026, 11, 24, tzinfo=UTC), date(2026, 12, 31)),
        (date(2026, 12, 31), datetime(2027, 1, 1, 12, tzinfo=UTC), date(2027, 12, 31)),
        (date(2026, 12, 31), datetime(2031, 5, 1, tzinfo=UTC), date(2031, 12, 31)),
        # Still 31 December in New York, though the new year has begun by UTC.
        (date(2026, 12, 31), datetime(2027, 1, 1, 3, tzinfo=UTC), date(2026, 12, 31)),
        (date(2024, 2, 29), datetime(2026, 11, 24, tzinfo=UTC), date(2027, 2, 28)),
        (date(2024, 2, 29), datetime(2027, 11, 24, tzinfo=UTC), date(2028, 2, 29)),
        (date(2030, 3, 1), datetime(2026, 11, 24, tzinfo=UTC), date(2030, 3, 1)),
    ],
)
def test_a_day_that_comes_back_every_year_is_the_next_one(day, achieved, end):
    zone = "America/New_York"
    term = term_of(settings(validity_kind="date", valid_day=day, valid_zone=zone, valid_yearly=True), achieved)
    assert term.ends_at.astimezone(ZoneInfo(zone)).date() == end


def test_warning_and_renewal_come_before_the_end_by_the_clocks_where_the_day_ends():
    zone = "America/New_York"
    term = term_of(
        settings(
            validity_kind="date", valid_day=date(2027, 3, 31), valid_zone=zone, warning_count=30, warning_unit="days",
            renewal=True, renewal_count=2, renewal_unit="months",
        ),
        START,
    )  # fmt: skip
    # The clocks go forward on 14 March 2027: the warning is an hour earlier by UTC than thirty times a day.
    assert term.warn_at == datetime(2027, 3, 2, 4, 59, 59, tzinfo=UTC)
    assert term.renewal_opens_at == datetime(2027, 2, 1, 4, 59, 59, tzinfo=UTC)


def test_renewing_in_time_goes_on_from_the_old_end_and_renewing_late_begins_anew():
    ends = datetime(2027, 11, 24, 9, tzinfo=UTC)
    in_time, late = datetime(2027, 11, 1, 8, tzinfo=UTC), datetime(2028, 1, 10, 8, tzinfo=UTC)
    assert term_of(settings(), in_time, renews=ends).ends_at == datetime(2028, 11, 24, 9, tzinfo=UTC)
    assert term_of(settings(), late, renews=ends).ends_at == datetime(2029, 1, 10, 8, tzinfo=UTC)


def test_a_warning_period_longer_than_the_validity_is_named_before_publishing(certification):
    row = certification(validity_kind="period", validity_count=2, validity_unit="weeks", warning_count=30)
    assert "Warning" in " ".join(services.problems_of(row, row.cover_key))
    row.warning_count, row.renewal, row.renewal_count = 3, True, 1
    row.renewal_unit = "months"
    assert "Renewal" in " ".join(services.problems_of(row, row.cover_key))
    row.renewal_unit, row.renewal_count, row.renewal_repeats = "days", 5, "chosen"
    assert "choose the steps" in " ".join(services.problems_of(row, row.cover_key))
    row.renewal_repeats = "all"
    assert services.problems_of(row, row.cover_key) == []


def test_a_day_that_is_over_is_named_before_publishing(certification, clock):
    clock(START)
    row = certification(validity_kind="date", valid_day=date(2026, 11, 23), valid_zone="Europe/Helsinki")
    assert "is over" in " ".join(services.problems_of(row, row.cover_key))
    row.valid_yearly = True
    assert services.problems_of(row, row.cover_key) == []
    row.valid_day = None
    assert "last day" in " ".join(services.problems_of(row, row.cover_key))
    row.valid_day, row.valid_zone = date(2027, 1, 1), "Moon/Tranquility"
    assert "time zone" in " ".join(services.problems_of(row, row.cover_key))


TERM = {
    "validity_kind": "period", "validity_count": 1, "validity_unit": "years", "warning_count": 30,
    "warning_unit": "days", "renewal": True, "renewal_count": 2, "renewal_unit": "months",
}  # fmt: skip


def test_the_holder_is_told_once_of_each_thing(give, person, clock, run_jobs):
    clock(START)
    learner = person(timezone="Europe/Helsinki")
    certificate = give(learner, settings=TERM)
    for when, kinds in (
        (START + timedelta(days=100), []),
        (datetime(2027, 9, 24, 9, 0, 2, tzinfo=UTC), ["renewal_open"]),
        (datetime(2027, 10, 25, 9, 0, 2, tzinfo=UTC), ["renewal_open", "expiring"]),
        (datetime(2027, 11, 24, 8, 59, 50, tzinfo=UTC), ["renewal_open", "expiring"]),
        (datetime(2027, 11, 24, 9, 0, 2, tzinfo=UTC), ["renewal_open", "expiring", "expired"]),
        (datetime(2029, 1, 1, tzinfo=UTC), ["renewal_open", "expiring", "expired"]),
    ):
        clock(when)
        run_jobs()
        run_jobs()
        assert told(learner, *ENDS) == kinds, when
    assert session().get(Certificate, certificate.id).tell_at is None
    notice = session().scalar(select(Notice).where(Notice.kind == "expiring"))
    assert notice.content["days"] == "30"
    assert notice.url == f"/certificates/{certificate.public_id}"


def test_after_three_days_without_a_worker_the_warning_comes_late_and_once(give, person, clock, run_jobs):
    clock(START)
    learner = person()
    give(learner, settings=TERM | {"renewal": False})
    clock(datetime(2027, 10, 28, 9, tzinfo=UTC))
    run_jobs()
    run_jobs()
    assert told(learner, *ENDS) == ["expiring"]
    assert session().scalar(select(Notice).where(Notice.kind == "expiring")).content["days"] == "27"


def test_whoever_was_not_warned_in_time_is_told_that_it_expired_and_not_that_it_will(give, person, clock, run_jobs):
    clock(START)
    learner = person()
    give(learner, settings=TERM | {"warning_count": 2})
    clock(datetime(2027, 11, 25, 10, tzinfo=UTC))
    run_jobs()
    assert told(learner, *ENDS) == ["expired"]
    run_jobs()
    assert told(learner, *ENDS) == ["expired"]


def test_what_was_revoked_or_renewed_is_not_told_of(give, person, clock, run_jobs):
    clock(START)
    learner, boss = person(), person("administrator")
    revoked, renewed = give(learner, settings=TERM), give(learner, settings=TERM)
    services.revoke(revoked, reason="By mistake.", by=boss)
    clock(START + timedelta(days=350))
    services.grant(
        session().get(Certification, 2), holder=learner, title="T", path_public_id="abc", path_version=1,
        source="membership:again", replaces_id=renewed.id,
    )  # fmt: skip
    commit()
    clock(START + timedelta(days=400))
    run_jobs()
    assert told(learner, *ENDS) == []
    assert told(learner, "certificate_revoked") == ["certificate_revoked"]
    assert session().get(Certificate, renewed.id).state == "expired"


def test_a_certificate_for_something_long_ago_is_granted_expired_and_nobody_is_told_of_that(
    certification, person, clock
):
    clock(START)
    learner = person()
    old = services.grant(
        certification(**TERM), holder=learner, title="T", path_public_id="abc", path_version=1, source="m:1",
        achieved_at=datetime(2023, 5, 1, 12, tzinfo=UTC),
    )  # fmt: skip
    assert (old.state, old.tell_at, old.granted_at) == ("expired", None, now())
    assert told(learner, "achieved") == ["achieved"]


def test_a_fixed_day_is_told_as_the_day_it_is_there(certification, person, clock, run_jobs):
    clock(START)
    learner = person(timezone="Europe/Berlin")
    services.grant(
        certification(
            validity_kind="date", valid_day=date(2027, 6, 30), valid_zone="America/New_York", warning_count=1,
            warning_unit="weeks",
        ),
        holder=learner, title="T", path_public_id="abc", path_version=1, source="m:1",
    )  # fmt: skip
    clock(datetime(2027, 6, 25, tzinfo=UTC))
    run_jobs()
    assert session().scalar(select(Notice).where(Notice.kind == "expiring")).content["date"] == "30 June 2027"


def test_reminding_is_once_a_day_and_leaves_out_what_does_not_count(give, person, clock):
    clock(START)
    learner, other = person(), person()
    first, second, gone = (give(learner, settings=TERM), give(other, settings=TERM), give(learner, settings=TERM))
    services.revoke(gone, reason="By mistake.", by=person("administrator"))
    commit()
    everything = select(Certificate)
    assert remind(everything) == 2
    commit()
    assert remind(everything) == 0
    assert told(learner, "expiring") == ["expiring"]
    clock(START + timedelta(days=1))
    assert remind(everything.where(Certificate.id == first.id)) == 1
    commit()
    clock(datetime(2028, 1, 1, tzinfo=UTC))
    assert remind(everything) == 2
    commit()
    assert told(learner, "expiring", "expired") == ["expiring", "expiring", "expired"]
    session().expire_all()
    assert session().get(Certificate, second.id).reminded_at == now()


def test_a_thousand_are_told_in_batches(certification, person, clock, run_jobs):
    clock(START)
    row, people = certification(**TERM), [person() for _turn in range(3)]
    wanted = [
        services.Grant(
            holder_id=people[n % 3].id,
            holder_name="A",
            title="T",
            path_public_id="abc",
            path_version=1,
            source=f"m:{n}",
        )
        for n in range(1200)
    ]
    made = services.grant_many(row, wanted)
    assert services.grant_many(row, wanted) == made
    assert len(set(made.values())) == 1200
    commit()
    clock(datetime(2028, 1, 1, tzinfo=UTC))
    run_jobs()
    assert sum(len(told(one, "expired")) for one in people) == 1200
    assert sum(len(told(one, "achieved")) for one in people) == 1200
