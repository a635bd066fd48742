"""The whole transcript as PDF: what stands in it, that it is tagged, what it costs, and for whom it is."""

from __future__ import annotations

import io
from contextlib import contextmanager

import pytest
from pypdf import PdfReader
from sqlalchemy import event

from portal.certificates import services as certificates
from portal.core import pictures
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.delivery import services as delivery
from portal.delivery.reading.models import Reading
from portal.learning.models import LearningPath, Membership, PathVersion, Step, StepRecord
from tests import earning
from tests.conftest import picture_bytes

ADDRESS = "/transcript/transcript.pdf"


@contextmanager
def counted():
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def joins(learner, owner, settings, number: int, *, done: bool) -> None:
    path = LearningPath(owner_id=owner.id, state="published")
    session().add(path)
    session().flush()
    version = PathVersion(
        path_id=path.id, number=1, state="published", title=f"Path {number} 山田", certification_id=settings.id
    )
    version.steps = [
        Step(position=1, kind="page", title="Read", minutes=90, points=5, content={"text": "x"}, content_hash="h" * 64)
    ]
    session().add(version)
    session().flush()
    step = version.steps[0]
    membership = Membership(path_id=path.id, person_id=learner.id, version_id=version.id)
    membership.records = [
        StepRecord(step_key=step.key, content_hash=step.content_hash, state="done", grade=80.0, done_at=now())
    ]
    if done:
        membership.completed_at, membership.status, membership.points = now(), "completed", 5
    session().add(membership)


def grows(learner, owner, settings, first: int, last: int) -> None:
    for number in range(first, last):
        joins(learner, owner, settings, number, done=number % 2 == 0)
        certificates.grant(
            settings, holder=learner, title=f"Certified {number}", path_public_id="p", path_version=1,
            source=f"m:{number}", grade=91.0,
        )  # fmt: skip
    commit()


def shows_badges(learner) -> None:
    key = pictures.keep(pictures.check(picture_bytes()))
    badge = {
        "name": "Safe hands", "issuer": "Fjord Guild", "picture": key, "issued_at": "2026-03-04T10:00:00+00:00",
        "url": "https://issuer.example/1", "checks": [], "outcome": "passed",
    }  # fmt: skip
    lost = {**badge, "name": "Lost picture", "picture": "0" * 64 + ".png", "url": "https://issuer.example/2"}
    word = delivery.settings().collection_keyword
    collections = [{"number": 1, "name": f"My {word}", "description": "", "badges": [badge, lost]}]
    session().add(
        Reading(
            person_id=learner.id, address=learner.addresses[0].address, backpack_url=delivery.backpack_address(),
            collections=collections, read_at=now(), tried_at=now(),
        )
    )  # fmt: skip
    commit()


@pytest.fixture
def learner(person):
    return person(name="Elena 김 #x")


def text_of(answer) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(answer.data))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


def test_it_holds_certificates_paths_and_badges_and_is_tagged(person, sign_in, learner):
    grows(learner, person("instructor"), earning.certification(), 0, 4)
    shows_badges(learner)
    answer = sign_in(learner).get(ADDRESS)
    assert answer.content_type == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    reader, text = text_of(answer)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Transcript of Elena 김 #x"
    for words in (
        "Certified 3", "91%", "Path 0", "Completed", "Path 1", "In progress", "5 / 5", "80%", "1.5 hours",
        "Safe hands", "From Fjord Guild", "Lost picture", "Page 1 of",
    ):  # fmt: skip
        assert words in text, words
    assert len(reader.pages[0].images) + sum(len(page.images) for page in reader.pages[1:]) >= 1


def test_an_empty_one_says_so(sign_in, learner):
    _reader, text = text_of(sign_in(learner).get(ADDRESS))
    assert text.count("None.") == 3


def test_three_hundred_certificates_cost_as_many_statements_as_three(person, sign_in, learner):
    owner, settings, client = person("instructor"), earning.certification(), sign_in(learner)
    pages = (ADDRESS, "/transcript", "/transcript/learning-paths", "/transcript/print")
    grows(learner, owner, settings, 0, 3)
    few = {}
    for page in pages:
        with counted() as statements:
            assert client.get(page).status_code == 200
        few[page] = len(statements)
    grows(learner, owner, settings, 3, 300)
    for page in pages:
        with counted() as statements:
            answer = client.get(page)
        assert len(statements) <= few[page], page
        if page == ADDRESS:
            _reader, text = text_of(answer)
            assert "Certified 299" in text
            assert "Certified 0" in text


def test_it_is_for_whoever_may_see_the_transcript(person, sign_in, client, learner):
    address = f"/transcript/of/{learner.public_id}/transcript.pdf"
    assert sign_in(person("administrator")).get(address).status_code == 200
    assert sign_in(person("instructor")).get(address).status_code == 404
    assert sign_in(person()).get(address).status_code == 403
    assert client.get(address).status_code == 302
    assert client.get(ADDRESS).status_code == 302


def test_the_transcript_and_its_print_page_lead_to_it(sign_in, learner):
    for page in ("/transcript", "/transcript/print"):
        assert f'href="{ADDRESS}"' in sign_in(learner).get(page).get_data(as_text=True)
