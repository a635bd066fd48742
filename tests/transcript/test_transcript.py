"""The transcript shows what a learner's public collections hold, checked, and hides nothing when the backpack is down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.accounts.models import EmailAddress
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.delivery import services as delivery
from portal.delivery.reading import services as reading
from portal.delivery.reading.models import Reading
from portal.learning import services as learning
from portal.learning.services import Info
from tests.transcript.foreign_backpack import running


@pytest.fixture
def settings(settings):
    return replace(settings, allowed_private_hosts=frozenset({"127.0.0.1"}))


@pytest.fixture
def backpack(app):
    with running() as served:
        delivery.save_settings(backpack_kind="mozilla", backpack_url=served.origin, collection_keyword="Valamis")
        commit()
        yield served


@pytest.fixture
def learner(person):
    return person(name="Elena Rossi", address="elena@example.org")


@pytest.fixture
def read(backpack, learner, sign_in, run_jobs):
    """Return a function that presses Refresh, lets the worker work, and returns the page."""

    def press() -> str:
        client = sign_in(learner)
        answer = client.submit("/transcript/open-badges/refresh", on="/transcript/open-badges")
        assert answer.status_code == 302
        run_jobs()
        return client.get("/transcript/open-badges").get_data(as_text=True)

    return press


def test_an_empty_tab_explains_the_four_steps(sign_in, learner, backpack):
    page = sign_in(learner).get("/transcript/open-badges").get_data(as_text=True)
    for words in ("Create a new collection", "Tick Public", "Valamis collection", "My badges"):
        assert words in page


def test_every_public_collection_with_the_word_in_its_title_is_shown(backpack, read):
    backpack.people["elena@example.org"] = 7
    for number, name in ((1, "My VALAMIS badges"), (2, "valamis collection"), (3, "Private matters")):
        url = backpack.issue(f"Badge {number}", "elena@example.org")
        backpack.collection(number, name, backpack.shown(url, f"Badge {number}"))
    page = read()
    assert "Badge 1" in page
    assert "Badge 2" in page
    assert "Badge 3" not in page
    assert "From Fjord School" in page
    assert page.count("Checked") >= 2


def test_a_badge_of_somebody_else_is_marked(backpack, read):
    backpack.people["elena@example.org"] = 7
    stolen = backpack.issue("Stolen", "somebody.else@example.org")
    backpack.collection(1, "Valamis", backpack.shown(stolen, "Stolen"))
    page = read()
    assert "Does not check out" in page


def test_an_expired_badge_and_a_revoked_one_are_marked(backpack, read):
    backpack.people["elena@example.org"] = 7
    old = backpack.issue("Old", "elena@example.org", expires="2020-01-01T00:00:00Z")
    gone = backpack.issue("Gone", "elena@example.org")
    backpack.gone.add(gone.removeprefix(backpack.origin))
    backpack.collection(1, "Valamis", backpack.shown(old, "Old"), backpack.shown(gone, "Gone"))
    assert read().count("Does not check out") == 2


def test_a_badge_whose_issuer_does_not_answer_is_shown_as_unchecked(backpack, read):
    backpack.people["elena@example.org"] = 7
    backpack.collection(
        1,
        "Valamis",
        backpack.shown("http://127.0.0.1:9/a/1", "Lonely"),
        {"assertion": {"badge": {"name": "No address"}}},
    )
    page = read()
    assert "Lonely" in page
    assert "No address" in page
    assert "Could not be checked" in page


def test_hostile_names_are_escaped_and_cut(backpack, read):
    backpack.people["elena@example.org"] = 7
    url = backpack.issue("<script>alert(1)</script>" + "x" * 5000, "elena@example.org")
    backpack.collection(
        1,
        "Valamis <img src=x onerror=alert(1)>",
        backpack.shown(url, "<b>"),
        {"hostedUrl": "javascript:alert(1)"},
        "nonsense",
        {"assertion": []},
    )
    page = read()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert "x" * 1_100 not in page


@pytest.mark.parametrize(("how", "words"), [("down", "did not answer"), ("html", "cannot be understood")])
def test_a_backpack_that_is_down_shows_the_last_snapshot_and_says_so(backpack, read, how, words):
    backpack.people["elena@example.org"] = 7
    backpack.collection(1, "Valamis", backpack.shown(backpack.issue("Kept", "elena@example.org"), "Kept"))
    assert "Kept" in read()
    backpack.broken = how
    page = read()
    assert "Kept" in page
    assert words in page


def test_a_withdrawn_collection_is_gone_at_the_next_reading(backpack, read):
    backpack.people["elena@example.org"] = 7
    backpack.collection(1, "Valamis", backpack.shown(backpack.issue("Short", "elena@example.org"), "Short"))
    assert "Short" in read()
    backpack.groups.clear()
    assert "Short" not in read()


def test_an_address_that_is_no_longer_the_learners_shows_nothing(backpack, read, learner):
    backpack.people["elena@example.org"] = 7
    backpack.collection(1, "Valamis", backpack.shown(backpack.issue("Kept", "elena@example.org"), "Kept"))
    assert "Kept" in read()
    session().query(EmailAddress).filter_by(person_id=learner.id).update(
        {"verified_address": None, "verified_at": None}
    )
    commit()
    assert reading.shown_collections(learner).collections == []


def test_nobody_but_the_learner_makes_the_portal_send_the_address_out(backpack, sign_in, learner, person, run_jobs):
    client = sign_in(person("administrator"))
    assert client.get(f"/transcript/of/{learner.public_id}/open-badges").status_code == 200
    run_jobs()
    assert backpack.asked == []


def test_a_watched_transcript_is_read_again_for_ten_minutes(backpack, learner, run_jobs, clock):
    backpack.people["elena@example.org"] = 7
    reading.watch(learner)
    commit()
    run_jobs()
    first = len(backpack.asked)
    clock(now() + timedelta(minutes=1))
    run_jobs()
    assert len(backpack.asked) == first + 1
    clock(now() + timedelta(minutes=20))
    run_jobs()
    again = len(backpack.asked)
    clock(now() + timedelta(minutes=5))
    run_jobs()
    assert len(backpack.asked) == again, "after ten minutes it is read twice a day"


def test_a_refresh_during_a_reading_is_not_lost(backpack, learner, run_jobs):
    reading.refresh(learner)
    commit()
    run_jobs()
    row = session().query(Reading).one()
    assert row.not_before > now()


@pytest.mark.parametrize("tab", ["", "/learning-paths", "/open-badges", "/print"])
def test_a_transcript_is_seen_by_its_learner_their_instructors_and_administrators(app, person, sign_in, learner, tab):
    teacher, stranger = person("instructor"), person("instructor")
    path = learning.create_path(teacher, Info(title="Knots"))
    learning.add_step(path, "page", title="Bowline", content={"text": "Round the tree."})
    learning.publish(path)
    learning.join(path, learner)
    commit()
    address = f"/transcript/of/{learner.public_id}{tab}"
    assert sign_in(teacher).get(address).status_code == 200
    assert sign_in(person("administrator")).get(address).status_code == 200
    assert sign_in(stranger).get(address).status_code == 404
    assert sign_in(person()).get(address).status_code == 403
    assert sign_in(learner).get(f"/transcript{tab}").status_code == 200
    assert learner.name in sign_in(teacher).get("/transcript/learners").get_data(as_text=True)
    assert learner.name not in sign_in(stranger).get("/transcript/learners").get_data(as_text=True)


def _statements(client, address):
    count = 0

    def counted(*_arguments):
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", counted)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", counted)
    return count


def test_the_tabs_cost_the_same_number_of_statements_however_long_they_are(app, person, sign_in, learner):
    teacher = person("instructor")

    def paths(number):
        for _ in range(number):
            path = learning.create_path(teacher, Info(title="Knots", certification=True))
            step = learning.add_step(path, "page", title="Bowline", content={"text": "Round the tree."})
            learning.publish(path)
            learning.hand_in(learning.join(path, learner), step.key)
        commit()

    client = sign_in(learner)
    paths(3)
    client.get("/transcript")
    few = [_statements(client, f"/transcript{tab}") for tab in ("", "/learning-paths", "/open-badges", "/print")]
    paths(30)
    many = [_statements(client, f"/transcript{tab}") for tab in ("", "/learning-paths", "/open-badges", "/print")]
    assert few == many
