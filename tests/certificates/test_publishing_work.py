"""Saying more with a badge: the learner's own words, the grade, and reviewed work that they agree to publish."""

from __future__ import annotations

import json

import pytest

from portal.badges import services as badges
from portal.badges.models import Award
from portal.certificates import providers
from portal.certificates.models import PublishedWork
from portal.certificates.providers import Submission
from portal.core.clock import now
from portal.core.db import commit, session
from tests import earning

PLAN = Submission(
    key="r1", title="My plan", text="Ask <b>first</b>\nand then help.", url="/", files=(("notes.txt", "Ten notes"),)
)
DIARY = Submission(key="r2", title="My diary", text="Ten days", url="/")


class Reviewed:
    """Work of the learning paths, as a portal with other kinds of steps would tell it."""

    def __init__(self, *items: Submission) -> None:
        self.items = list(items)

    def evidence_of(self, certificate):
        return list(self.items)


@pytest.fixture
def reviewed():
    before = providers.evidence()
    provider = Reviewed(PLAN, DIARY)
    providers.set_evidence_provider(provider)
    yield provider
    providers.set_evidence_provider(before)


@pytest.fixture
def learner(person):
    return person(address="aino@example.org", name="Aino Niemi")


@pytest.fixture
def certificate(learner):
    row = earning.certificate(learner)
    row.grade = 87.5
    commit()
    return row


def window(certificate) -> str:
    return f"/certificates/{certificate.public_id}/earn"


def send(client, certificate, **more):
    address = certificate.holder.addresses[0].public_id
    return client.submit(window(certificate), {"address": address, "backpack": "builtin", **more})


def award() -> Award:
    session().expire_all()
    row = session().query(Award).one()
    commit()
    return row


def work() -> PublishedWork:
    session().expire_all()
    row = session().query(PublishedWork).one()
    commit()
    return row


def test_nothing_is_published_unless_the_learner_ticks_it(reviewed, certificate, learner, sign_in):
    client = sign_in(learner)
    page = client.get(window(certificate)).text
    assert "My plan" in page
    assert 'value="r1" checked' not in page
    assert send(client, certificate).status_code == 303
    assert session().query(PublishedWork).count() == 0
    said = json.loads(award().document_v2)
    assert len(said["evidence"]) == 1
    assert "narrative" not in said


def test_words_chosen_work_and_grade_stand_in_the_badge_and_the_work_at_its_own_address(
    reviewed, certificate, learner, sign_in, client
):
    send(sign_in(learner), certificate, narrative="I learned to *ask*.", works="r1", grade="y")
    row, published = award(), work()
    assert (published.award_id, published.key) == (row.id, "r1")
    address = f"https://portal.example/published-work/{published.public_id}"
    said = json.loads(row.document_v3)
    assert said["credentialSubject"]["narrative"] == "I learned to *ask*."
    assert said["credentialSubject"]["result"][0]["value"] == "87.5"
    assert {"id": address, "type": ["Evidence"], "name": "My plan", "genre": "Reviewed work"} in said["evidence"]
    assert b"Ask" not in row.document_v3
    answer = client.get(f"/published-work/{published.public_id}")
    assert answer.status_code == 200
    assert "Ask &lt;b&gt;first&lt;/b&gt;" in answer.text
    assert "Ten notes" in answer.text
    assert "Aino" not in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_grade_stays_out_where_the_learner_wants_that(reviewed, certificate, learner, sign_in):
    send(sign_in(learner), certificate)
    assert b"87.5" not in award().document_v3


def test_what_is_published_stays_as_it_was_when_the_learner_agreed(reviewed, certificate, learner, sign_in, client):
    send(sign_in(learner), certificate, works="r2")
    reviewed.items = [Submission(key="r2", title="My diary", text="Rewritten", url="/")]
    assert "Ten days" in client.get(f"/published-work/{work().public_id}").text


def test_the_learner_ends_the_publication_and_nothing_of_the_work_is_left(
    reviewed, certificate, learner, person, sign_in, client
):
    owner = sign_in(learner)
    send(owner, certificate, works="r1")
    name = work().public_id
    path = f"/certificates/{certificate.public_id}/published-work/{name}/withdraw"
    assert "Stop publishing" in owner.get(f"/certificates/{certificate.public_id}").text
    assert sign_in(person()).submit(path, on="/profile").status_code == 404
    assert owner.submit(path, on=f"/certificates/{certificate.public_id}").status_code == 303
    answer = client.get(f"/published-work/{name}")
    assert (answer.status_code, "not public any more" in answer.text, "Ask" in answer.text) == (410, True, False)
    assert (work().text, work().files) == ("", [])
    assert "Stop publishing" not in owner.get(f"/certificates/{certificate.public_id}").text


@pytest.mark.parametrize("end", ["revoked", "withdrawn"])
def test_the_work_is_not_shown_once_its_badge_does_not_stand(reviewed, certificate, learner, sign_in, client, end):
    send(sign_in(learner), certificate, works="r1")
    row = badges.award_by_public_id(award().public_id)
    if end == "revoked":
        badges.revoke(row, reason="Given by mistake.")
    else:
        badges.withdraw(row)
    commit()
    assert client.get(f"/published-work/{work().public_id}").status_code == 410


def test_the_work_stays_public_when_the_badge_goes_to_another_address(reviewed, certificate, learner, sign_in, client):
    from portal.accounts.models import EmailAddress

    other = EmailAddress(address="b@example.org", verified_address="b@example.org", verified_at=now())
    learner.addresses.append(other)
    commit()
    send(sign_in(learner), certificate, works="r1")
    old = badges.award_by_public_id(award().public_id)
    new = badges.replace(old, other)
    commit()
    assert json.loads(new.document_v2)["evidence"] == json.loads(old.document_v2)["evidence"]
    assert client.get(f"/published-work/{work().public_id}").status_code == 200


def test_sending_twice_publishes_once(reviewed, certificate, learner, sign_in):
    client = sign_in(learner)
    send(client, certificate, works="r1")
    send(client, certificate, works="r2")
    assert work().key == "r1"


def test_work_that_is_not_offered_cannot_be_published_and_a_long_text_is_kept_in_the_form(
    reviewed, certificate, learner, sign_in
):
    client = sign_in(learner)
    assert send(client, certificate, works="r9").status_code == 422
    answer = send(client, certificate, narrative="x" * 2_001)
    assert answer.status_code == 422
    assert "x" * 2_001 in answer.text
    assert session().query(Award).count() == 0


def test_a_badge_that_was_only_offered_gives_way_to_the_one_that_tells_the_learners_story(
    reviewed, certificate, learner, sign_in
):
    row = badges.award(
        certificate.badge_class, to=learner, address=learner.addresses[0], source=certificate.badge_source
    )
    row.offered_at = now()
    commit()
    send(sign_in(learner), certificate, narrative="I learned to ask.", works="r1")
    session().expire_all()
    new = badges.live_award(certificate.badge_source)
    assert new.public_id != row.public_id
    assert (new.narrative, new.offered_at) == ("I learned to ask.", None)
    assert work().award_id == new.id


def test_an_unknown_address_of_work_is_not_there(app, client):
    assert client.get("/published-work/nothing").status_code == 404
