"""Telling people something: once each, in bulk, and nothing that a caller got wrong."""

from __future__ import annotations

import gc
import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.accounts.models import EmailAddress, Person
from portal.core.clock import now
from portal.core.db import commit, session
from portal.notices import services as notices
from portal.notices.kinds import BY_NAME, COMMON, KINDS
from portal.notices.models import Mail, Notice
from portal.notices.placeholders import EXAMPLES, MEANINGS
from portal.notices.services.telling import BATCH
from portal.notices.texts import PLACEHOLDER, unknown_placeholders
from tests.notices.conftest import mails, rows, tell

MANY = 10_000
MAILED = 2_000


def test_a_repeat_for_the_same_person_and_key_changes_nothing(app, person, run_jobs):
    ada, bob = person(), person()
    tell([ada, bob], "joined", path="First", by="")
    tell([ada, bob, ada], "joined", path="Second", by="")
    tell(bob, "joined", key="other", path="Third", by="")
    assert [(row.person_id, row.content["path"]) for row in rows()] == [
        (ada.id, "First"), (bob.id, "First"), (bob.id, "Third"),
    ]  # fmt: skip
    run_jobs()
    tell([ada, bob], "joined", path="Fourth", by="")
    run_jobs()
    assert len(mails()) == 3


def test_people_may_come_from_a_generator_and_be_none(app, person):
    notices.tell((number for number in [person().id, person().id]), "joined", key="k", path="Path", by="Ada")
    notices.tell([], "joined", key="k", path="Path", by="Ada")
    assert len(rows()) == 2


def test_what_is_rolled_back_is_never_told(app, person, run_jobs):
    notices.tell([person().id], "joined", key="k", path="Path", by="")
    session().rollback()
    run_jobs()
    assert rows() == mails() == []


def test_instants_numbers_and_nothing_are_kept_as_they_were_told(app, person):
    moment = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    tell(person(), "expiring", certificate="First aid", date=moment, days=30)
    tell(person(), "work_accepted", path="Path", step="Step", comment=None, grade=87)
    first, second = rows()
    assert first.content == {"certificate": "First aid", "date": {"instant": moment.isoformat()}, "days": "30"}
    assert second.content == {"path": "Path", "step": "Step", "comment": "", "grade": "87"}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("joined", {}),
        ("joined", {"path": ""}),
        ("joined", {"path": "Path", "colour": "red"}),
        ("overdue", {"path": "Path", "date": datetime(2027, 1, 1)}),
    ],
)
def test_a_caller_that_gets_the_values_wrong_hears_of_it_at_once(app, person, kind, values):
    with pytest.raises(ValueError):
        notices.tell([person().id], kind, key="k", **values)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "relative",
        "/x\r\ny",
        "/" + "x" * 500,
    ],
)
def test_a_notice_leads_nowhere_but_into_the_portal(app, person, url):
    with pytest.raises(ValueError, match="a path of this portal"):
        notices.tell([person().id], "joined", key="k", url=url, path="Path", by="")


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_is_neither_empty_nor_endless(app, person, key):
    with pytest.raises(ValueError, match="key"):
        notices.tell([person().id], "joined", key=key, path="Path", by="")


def test_a_kind_that_is_switched_off_is_not_told(app, person, run_jobs):
    notices.decide(BY_NAME["joined"], told=False, mail=True)
    tell(person(), "joined")
    run_jobs()
    assert rows() == mails() == []
    notices.decide(BY_NAME["joined"], told=True, mail=True)
    tell(person(), "joined")
    assert len(rows()) == 1


def test_every_kind_explains_its_placeholders_and_uses_no_other(app):
    for kind in KINDS:
        assert set(kind.placeholders) <= set(MEANINGS), kind.name
        assert set(kind.values) - {"date"} <= set(EXAMPLES), kind.name
        assert set(kind.optional) <= set(kind.values), kind.name
        assert not kind.detail or kind.detail in kind.values, kind.name
        assert not unknown_placeholders(kind, f"{kind.subject} {kind.body}"), kind.name
        used = set(PLACEHOLDER.findall(f"{kind.subject} {kind.body}"))
        assert set(kind.values) <= used, f"{kind.name} takes values that its text does not name"
        assert "{link}" in str(kind.body), kind.name
    assert len(BY_NAME) == len(KINDS)
    assert not set(COMMON) & {name for kind in KINDS for name in kind.values}


@pytest.fixture
def crowd(app):
    """Return the inner ids of ten thousand people with a verified address each."""
    session().execute(
        Person.__table__.insert(),
        [{"public_id": f"p{n:021}", "session_epoch": "x", "name": f"Person {n}"} for n in range(MANY)],
    )
    people = list(session().scalars(select(Person.id).order_by(Person.id)))
    addresses = [(number, f"p{number}@example.org") for number in people]
    session().execute(
        EmailAddress.__table__.insert(),
        [
            {"person_id": number, "address": to, "verified_address": to, "verified_at": now(), "is_primary": True}
            for number, to in addresses
        ],
    )
    commit()
    return people


def test_ten_thousand_are_told_in_one_insert_for_every_five_hundred(crowd, statements):
    statements.clear()
    tellings = (
        notices.Telling(
            person_id=who, key="done:1", url="/certificates", values={"certificate": f"Number {who}", "badge": ""}
        )
        for who in crowd
    )
    notices.tell_each("achieved", tellings)
    commit()
    assert len(statements) == 1 + MANY / BATCH  # the kind's setting, then the inserts
    assert session().scalar(select(func.count()).select_from(Notice)) == MANY


def memory():
    """Return how many bytes this process holds now."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def test_thousands_of_notices_become_mails_in_batches_of_constant_cost_and_flat_memory(crowd, statements, run_jobs):
    notices.tell(
        crowd[:MAILED], "achieved", key="done:1", url="/certificates", certificate="First aid", badge="First aider"
    )
    commit()
    from portal.notices import jobs

    counts, peaks = [], []
    post = jobs.posting.post

    def counted(taken):
        before = len(statements)
        post(taken)
        counts.append(len(statements) - before)
        peaks.append(memory())

    jobs.posting.post = counted
    try:
        run_jobs()
    finally:
        jobs.posting.post = post
    assert session().scalar(select(func.count()).select_from(Mail)) == MAILED
    assert session().scalar(select(func.count()).select_from(Notice).where(Notice.state == "mailed")) == MAILED
    assert len(counts) == MAILED / jobs.BATCH
    assert len(set(counts)) == 1, "each batch costs the same number of statements"
    assert counts[0] <= 10
    assert peaks[-1] - peaks[len(peaks) // 4] < 8_000_000, "memory stays flat however many there are"
