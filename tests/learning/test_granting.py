"""Certificates granted by hand: to one learner, and to 500 by a list of which 20 lines are wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.models import EmailAddress, Person
from portal.certificates import services as certificates
from portal.certificates.models import Certificate, GrantBatch, GrantOrder
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.jobs import claim
from portal.learning import services
from portal.learning.services import by_hand
from portal.notices.models import Notice
from tests.learning.conftest import do_all

TODAY = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
def path(clock, make_path, person):
    clock(TODAY)
    return make_path(
        person("instructor", name="Nadia"),
        certification=True,
        validity_kind="period",
        validity_count=2,
        validity_unit="years",
    )


def count() -> int:
    return session().scalar(select(func.count()).select_from(Certificate))


def grant_page(path, rest=""):
    return f"/authoring/learning-paths/{path.public_id}/grant{rest}"


def test_one_learner_is_granted_the_certificate(path, person, sign_in):
    learner, client = person(name="Elena Rossi"), sign_in(path.owner)
    services.join(path, learner)
    commit()
    assert "Elena Rossi" in client.get(grant_page(path)).get_data(as_text=True)
    one = grant_page(path, f"/to/{learner.public_id}")
    token = client.token(one)
    said = {
        "csrf_token": token,
        "day": "2026-03-31",
        "reason": "Took the course in Turku.",
        "grade": "87,5",
        "hours": "12",
    }
    first = client.post(one, data=said)
    assert first.status_code == 303
    certificate = session().scalar(select(Certificate))
    assert (certificate.grade, certificate.minutes, certificate.granted_by_id) == (87.5, 720, path.owner_id)
    assert certificate.issued_at.date().isoformat() == "2026-03-31"
    assert certificate.valid_until.date().isoformat() == "2028-03-31"
    shown = client.get(first.location).get_data(as_text=True)
    assert "Took the course in Turku." in shown
    assert "Nadia" in shown
    assert client.post(one, data=said).location == first.location
    again = client.post(one, data={**said, "day": "2026-04-01"})
    assert again.status_code == 422
    assert "has this certificate already" in again.get_data(as_text=True)
    assert count() == 1
    session().expire_all()
    membership = services.membership_of(learner, path)
    assert membership.certificate_id == certificate.id
    do_all(membership)
    assert count() == 1, "completing the path later makes no second certificate"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": "2027-01-01"}, "still to come"),
        ({"day": "31/3/2026"}, "2026-03-31"),
        ({"day": ""}, "2026-03-31"),
        ({"day": "1026-03-31"}, "too long ago"),
        ({"grade": "101"}, "from 0 to 100"),
        ({"grade": "good"}, "from 0 to 100"),
        ({"hours": "-2"}, "above 0"),
        ({"hours": "0"}, "above 0"),
        ({"reason": "  "}, "Fill in this field"),
        ({"reason": "x" * 501}, "at most 500"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_lost(path, person, sign_in, wrong, words):
    learner, client = person(), sign_in(path.owner)
    services.join(path, learner)
    commit()
    said = {"day": "2026-03-31", "reason": "Elsewhere.", "grade": "", "hours": "", **wrong}
    answer = client.submit(grant_page(path, f"/to/{learner.public_id}"), said)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert count() == 0


def many(number: int) -> list[Person]:
    people = [Person(name=f"Learner {n:03}", role="learner") for n in range(number)]
    session().add_all(people)
    session().flush()
    session().add_all(
        EmailAddress(
            person_id=one.id,
            address=f"l{n}@example.org",
            verified_address=f"l{n}@example.org",
            verified_at=now(),
            is_primary=True,
        )
        for n, one in enumerate(people)
    )
    commit()
    return people


def list_of_500(path) -> str:
    """Return a list of 500 rows of which 20 are wrong, in eight ways."""
    people = many(480)
    certificates.grant(
        path.published.certification,
        holder=people[0],
        title="T",
        path_public_id=path.public_id,
        path_version=1,
        source="x",
    )
    commit()
    lines = [f"Learner {n:03},l{n}@example.org,2026-0{n % 9 + 1}-15,{n % 101},{n % 40 + 1}" for n in range(480)]
    bad = [f"Nobody,unknown{n}@example.org,2026-01-15,50,1" for n in range(5)]
    bad += ["Twice,l7@example.org,2026-01-15,50,1", "Twice,L8@Example.ORG,2026-01-15,50,1"]
    bad += ["No address,,2026-01-15,50,1", "No address,not an address,2026-01-15,50,1"]
    lines[100:105] = [
        f"Bad date,l{n}@example.org,{day},50,1"
        for n, day in zip(range(100, 105), ("2026-02-30", "yesterday", "2999-01-01", "15/1/2026", ""), strict=True)
    ]
    lines[200:203] = [
        f"Bad grade,l{n}@example.org,2026-01-15,{grade},1"
        for n, grade in zip(range(200, 203), ("101", "A", "-1"), strict=True)
    ]
    lines[300:303] = [
        f"Bad hours,l{n}@example.org,2026-01-15,50,{hours}"
        for n, hours in zip(range(300, 303), ("0", "many", "-4"), strict=True)
    ]
    rows = lines + bad
    assert len(bad) + 11 == 20
    return (
        "name,email,date,grade,hours\n"
        + "\n".join(rows)
        + "\n"
        + "\n".join(f"Extra,l{n}@example.org,2026-01-15,1,1" for n in ())
    )


def send_list(client, path, text, **more):
    answer = client.submit(grant_page(path, "/list"), {"text": text, "day": "", **more})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def test_a_list_of_500_with_20_wrong_lines(path, sign_in, run_jobs):
    client = sign_in(path.owner)
    preview = send_list(client, path, list_of_500(path))
    page = client.get(preview).get_data(as_text=True)
    assert "20 lines need to be corrected" in page
    assert "Grant 468 certificates" in page
    assert "Invite those" not in page
    wrong = client.get(preview + "/wrong.csv").get_data(as_text=True)
    assert len(wrong.strip().splitlines()) == 21
    for words in (
        "Nobody has confirmed",
        "stands in line",
        "no e-mail address",
        "not an e-mail address",
        "2026-03-31",
        "still to come",
        "from 0 to 100",
        "above 0",
    ):
        assert words in wrong, words
    assert count() == 1
    assert client.submit(preview, {"reason": ""}).status_code == 422
    batch = client.submit(preview, {"reason": "Courses of the spring."}).location
    assert client.submit(preview, {"reason": "Courses of the spring."}).location == batch
    assert session().scalar(select(func.count()).select_from(GrantOrder)) == 468
    assert "0 of 468 lines seen to" in client.get(batch).get_data(as_text=True)
    run_jobs()
    done = client.get(batch).get_data(as_text=True)
    assert "468 of 468 lines seen to" in done
    assert "data-done" in done
    assert count() == 469
    assert session().scalar(select(func.count()).select_from(Notice).where(Notice.kind == "achieved")) == 469
    row = session().scalar(select(Certificate).where(Certificate.holder_name == "Learner 010"))
    assert (row.issued_at.date().isoformat(), row.grade, row.minutes) == ("2026-02-15", 10, 660)
    run_jobs()
    assert count() == 469


def test_a_worker_that_dies_half_way_goes_on_without_doubles(path, sign_in, clock, run_jobs):
    many(450)
    text = "email,date\n" + "\n".join(f"l{n}@example.org,2026-01-15" for n in range(450))
    client = sign_in(path.owner)
    batch = client.submit(send_list(client, path, text), {"reason": "Spring."}).location
    by_hand.carry(claim(GrantOrder, limit=200, seconds=300))
    commit()
    taken = claim(GrantOrder, limit=200, seconds=300)  # a worker takes some, and dies
    assert len(taken) == 200
    assert "200 of 450" in client.get(batch).get_data(as_text=True)
    run_jobs()
    assert count() == 250
    clock(now() + timedelta(minutes=6))
    run_jobs()
    assert count() == 450
    assert session().scalar(select(func.count(func.distinct(Certificate.holder_id)))) == 450


def test_what_changes_between_the_look_and_the_grant_is_refused_line_by_line(path, sign_in, run_jobs, person):
    people = many(4)
    text = "email,date\n" + "\n".join(f"l{n}@example.org,2026-01-15" for n in range(4))
    client = sign_in(path.owner)
    batch = client.submit(send_list(client, path, text), {"reason": "Spring."}).location
    people[1].active = False
    certificates.grant(
        path.published.certification,
        holder=people[2],
        title="T",
        path_public_id=path.public_id,
        path_version=1,
        source="x",
    )
    commit()
    run_jobs()
    page = client.get(batch + "?show=refused").get_data(as_text=True)
    assert "The account of Learner 001 is deactivated." in page
    assert "Learner 002 has this certificate already." in page
    assert count() == 3


def test_administrators_may_invite_those_without_an_account(path, person, sign_in, run_jobs):
    client = sign_in(person("administrator"))
    text = "name,email,date\nNew One,new@example.org,2026-01-15\nNew One,new@example.org,2026-01-15\nBad,other@example.org,never\n"
    preview = send_list(client, path, text)
    page = client.get(preview).get_data(as_text=True)
    assert "1 address of the list has no account." in page
    assert client.submit(preview, {"reason": "Spring."}).status_code == 422
    client.submit(preview, {"reason": "Spring.", "invite": "y"})
    run_jobs()
    invited = session().scalar(select(Person).where(Person.name == "New One"))
    assert invited.invited
    assert session().scalar(select(Certificate.holder_id)) == invited.id


def test_an_instructor_invites_nobody_even_by_asking_for_it(path, sign_in, run_jobs):
    client = sign_in(path.owner)
    preview = send_list(client, path, "name,email,date\nNew One,new@example.org,2026-01-15\n")
    assert client.submit(preview, {"reason": "Spring.", "invite": "y"}).status_code == 422
    run_jobs()
    assert session().scalar(select(Person).where(Person.name == "New One")) is None


def test_pasted_addresses_take_the_usual_day(path, sign_in, run_jobs):
    many(2)
    client = sign_in(path.owner)
    preview = send_list(client, path, "l0@example.org; l1@example.org", day="2026-05-01")
    client.submit(preview, {"reason": "Spring."})
    run_jobs()
    assert {row.issued_at.date().isoformat() for row in session().scalars(select(Certificate))} == {"2026-05-01"}


def test_an_expired_certificate_is_renewed_by_hand(path, sign_in, clock, run_jobs, person):
    learner = person()
    services.join(path, learner)
    do_all(services.membership_of(learner, path))
    clock(datetime(2029, 1, 10, 12, tzinfo=UTC))
    client = sign_in(path.owner)
    preview = send_list(client, path, f"email,date\n{learner.email},2029-01-05\n")
    client.submit(preview, {"reason": "Took it again."})
    run_jobs()
    old, new = session().scalars(select(Certificate).order_by(Certificate.id))
    assert (old.replaced_as, new.replaces_id) == ("renewal", old.id)
    assert new.valid_until.date().isoformat() == "2031-01-05"


@pytest.mark.parametrize("who", ["learner", "other instructor"])
def test_others_grant_nothing(path, person, sign_in, who, run_jobs):
    many(1)
    owner = sign_in(path.owner)
    preview = send_list(owner, path, "email,date\nl0@example.org,2026-01-15\n")
    batch = owner.submit(preview, {"reason": "Spring."}).location
    learner = person()
    services.join(path, learner)
    commit()
    client = sign_in(learner if who == "learner" else person("instructor"))
    for address in (
        grant_page(path),
        grant_page(path, "/list"),
        grant_page(path, f"/to/{learner.public_id}"),
        preview,
        preview + "/wrong.csv",
        batch,
    ):
        assert client.get(address).status_code in {403, 404}, address
    token = client.token("/profile")
    for address in (grant_page(path, "/list"), grant_page(path, f"/to/{learner.public_id}"), preview):
        assert client.post(address, data={"csrf_token": token}).status_code in {403, 404}


def test_the_list_of_another_instructor_of_the_path_is_not_shown(path, person, sign_in):
    many(1)
    preview = send_list(sign_in(path.owner), path, "email,date\nl0@example.org,2026-01-15\n")
    assert sign_in(person("administrator")).get(preview).status_code == 404
    assert session().scalar(select(GrantBatch)) is None
