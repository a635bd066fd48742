"""The expiration tracker and the overview: whose they show, in which stretch of time, as pages and as tables."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import Group, GroupMember
from portal.certificates import services
from portal.certificates.models import Certificate
from portal.certificates.spans import Span, between
from portal.core.db import commit, session
from portal.learning import services as learning
from portal.notices.models import Notice

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TRACKER, OVERVIEW = "/authoring/expirations", "/authoring/achievements"


@pytest.fixture
def academy(clock, certification, person):
    """Two instructors with a path each, and certificates that ended yesterday, end in 5, 20 and 200 days, and never."""
    clock(NOW)
    one, other, boss = person("instructor"), person("instructor"), person("administrator")
    paths = [
        learning.create_path(who, learning.Info(title=title)) for who, title in ((one, "First aid"), (other, "Fire"))
    ]
    period = certification(validity_kind="period", validity_count=365, validity_unit="days", warning_count=30)
    ever = certification()
    people = [person(name=f"Learner {n}") for n in range(10)]
    for number, (path, days) in enumerate(
        [(paths[0], -1), (paths[0], 5), (paths[0], 20), (paths[0], 200), (paths[1], 6), (paths[0], None)]
    ):
        services.grant(
            period if days is not None else ever, holder=people[number], title=path.title, path_public_id=path.public_id,
            path_version=1, source=f"m:{number}", achieved_at=NOW - timedelta(days=365 - (days or 0)),
        )  # fmt: skip
    group = Group(name="Nurses")
    session().add(group)
    session().flush()
    session().add(GroupMember(group_id=group.id, person_id=people[1].id))
    commit()
    return {"one": one, "other": other, "boss": boss, "people": people, "group": group, "paths": paths}


def names(page: str) -> list[str]:
    return [f"Learner {n}" for n in range(10) if f"Learner {n}<" in page]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", [1, 2]),
        ("?days=7", [1]),
        ("?days=365", [1, 2, 3]),
        ("?show=expired", [0]),
        ("?show=all", [0, 1, 2]),
        ("?days=other&from=2026-11-20&to=2026-11-30&show=all", [0, 1]),
        ("?days=other&from=2027-01-01&to=2027-12-31", [3]),
        ("?days=other&from=2027-01-01&to=1999-12-31", [1, 2]),
        ("?days=other&from=yesterday&to=", [1, 2]),
        ("?days=-7&show=nonsense&path=unknown", []),
        ("?group=unknown", [1, 2]),
    ],
)
def test_instructors_see_what_ends_of_their_paths(academy, sign_in, query, shown):
    page = sign_in(academy["one"]).get(TRACKER + query).get_data(as_text=True)
    assert names(page) == [f"Learner {n}" for n in shown]


def test_administrators_see_all_and_groups_and_paths_limit_it(academy, sign_in):
    client = sign_in(academy["boss"])
    assert names(client.get(TRACKER).get_data(as_text=True)) == ["Learner 1", "Learner 2", "Learner 4"]
    grouped = client.get(f"{TRACKER}?group={academy['group'].public_id}").get_data(as_text=True)
    assert names(grouped) == ["Learner 1"]
    fire = client.get(f"{TRACKER}?path={academy['paths'][1].public_id}").get_data(as_text=True)
    assert names(fire) == ["Learner 4"]


def test_a_foreign_path_in_the_address_shows_nothing(academy, sign_in):
    page = sign_in(academy["one"]).get(f"{TRACKER}?path={academy['paths'][1].public_id}").get_data(as_text=True)
    assert names(page) == []


def test_the_chart_has_the_same_numbers_as_a_table(academy, sign_in):
    page = sign_in(academy["one"]).get(f"{TRACKER}?days=7").get_data(as_text=True)
    assert "Expired: 1" in page
    assert "Expiring: 1" in page
    assert page.count("<rect") == 2
    assert "The numbers as a table" in page


def test_reminding_one_and_all(academy, sign_in, run_jobs):
    client = sign_in(academy["one"])
    first = session().scalar(select(Certificate).where(Certificate.source == "m:1"))
    send = {"days": "30", "show": "expiring"}
    answer = client.submit(f"{TRACKER}/remind", send | {"certificate": first.public_id}, on=TRACKER)
    assert "show=expiring" in answer.location
    assert "1 person was reminded." in client.get(answer.location).get_data(as_text=True)
    client.submit(f"{TRACKER}/remind", send, on=TRACKER)
    assert "1 person was reminded." in client.get(TRACKER).get_data(as_text=True)
    client.submit(f"{TRACKER}/remind", send, on=TRACKER)
    assert "at most once a day" in client.get(TRACKER).get_data(as_text=True)
    told = session().scalars(select(Notice.person_id).where(Notice.kind == "expiring")).all()
    assert sorted(told) == sorted(academy["people"][n].id for n in (1, 2))


def test_nobody_is_reminded_of_certificates_of_others(academy, sign_in):
    foreign = session().scalar(select(Certificate).where(Certificate.source == "m:4"))
    sign_in(academy["one"]).submit(f"{TRACKER}/remind", {"certificate": foreign.public_id, "days": "30"}, on=TRACKER)
    assert session().scalars(select(Notice).where(Notice.kind == "expiring")).all() == []


@pytest.mark.parametrize("address", [TRACKER, OVERVIEW, f"{TRACKER}.csv", f"{OVERVIEW}.csv"])
def test_learners_see_none_of_it(academy, sign_in, address):
    assert sign_in(academy["people"][0]).get(address).status_code == 403


def rows(answer) -> list[list[str]]:
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_the_tracker_and_the_overview_are_tables_to_take_home(academy, sign_in):
    academy["people"][1].name = '=HYPERLINK("https://evil.example")'
    commit()
    client = sign_in(academy["one"])
    heading, first, second = rows(client.get(f"{TRACKER}.csv"))
    assert heading[:2] == ["Name", "E-mail address"]
    assert first[0] == '\'=HYPERLINK("https://evil.example")'
    assert (second[0], second[2], second[5]) == ("Learner 2", "First aid", "expiring")
    assert len(rows(client.get(f"{OVERVIEW}.csv"))) == 1 + 3


def test_the_overview_counts_by_path_group_and_time(academy, sign_in, person):
    client = sign_in(academy["boss"])
    page = client.get(OVERVIEW).get_data(as_text=True)
    assert "4 certificates achieved" in page
    assert names(page) == ["Learner 1", "Learner 2", "Learner 3", "Learner 4"]
    assert "By learning path" in page
    assert "Nurses" in page
    revoked = session().scalar(select(Certificate).where(Certificate.source == "m:2"))
    services.revoke(revoked, reason="By mistake.", by=academy["boss"])
    commit()
    assert "3 certificates achieved" in client.get(OVERVIEW).get_data(as_text=True)
    long = client.get(f"{OVERVIEW}?days=other&from=2020-01-01&to=2026-12-31").get_data(as_text=True)
    assert "5 certificates achieved" in long


def test_whoever_waits_for_a_new_name_stands_above_the_overview(academy, sign_in):
    learner = academy["people"][1]
    certificate = session().scalar(select(Certificate).where(Certificate.source == "m:1"))
    learner.name = "New Name"
    commit()
    page = f"/certificates/{certificate.public_id}"
    client = sign_in(learner)
    assert "Ask for my new name" in client.get(page).get_data(as_text=True)
    client.submit(f"{page}/new-name", on=page)
    assert "You asked your instructors" in client.get(page).get_data(as_text=True)
    instructor = sign_in(academy["one"])
    assert "Waiting for a new name" in instructor.get(OVERVIEW).get_data(as_text=True)
    assert "Waiting for a new name" not in sign_in(academy["other"]).get(OVERVIEW).get_data(as_text=True)
    assert session().scalar(select(Notice.person_id).where(Notice.kind == "new_name_asked")) == academy["one"].id


@pytest.mark.parametrize(
    ("first", "last", "grain", "pieces"),
    [
        (date(2026, 11, 1), date(2026, 11, 1), "day", 1),
        (date(2026, 11, 1), date(2026, 11, 30), "day", 30),
        (date(2026, 11, 1), date(2027, 1, 15), "week", 11),
        (date(2026, 1, 15), date(2026, 12, 31), "month", 12),
        (date(2000, 1, 1), date(2026, 12, 31), "year", 27),
    ],
)
def test_a_stretch_of_time_is_cut_into_what_can_be_read(app, first, last, grain, pieces):
    span = Span(first, last, "America/New_York")
    assert (span.grain, len(span.pieces)) == (grain, pieces)
    assert span.bounds == sorted(span.bounds)
    assert span.bounds[0] == span.starts_at < span.ends_at


@pytest.mark.parametrize(
    "days", [("", ""), ("2026-02-30", "2026-03-01"), ("2026-03-02", "2026-03-01"), ("0001-01-01", "2026-01-01")]
)
def test_what_is_no_stretch_of_time_is_none(app, days):
    assert between(*days, "UTC") is None
