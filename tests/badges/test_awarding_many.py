"""A badge for many at once: asked for, looked at, given by the worker, and accepted or declined by each holder."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from portal.accounts.models import EmailAddress
from portal.badges import services
from portal.badges.jobs import give_to_many
from portal.badges.models import Award, AwardBatch, AwardOrder, OrderState
from portal.badges.services import bulk, ordering, statuses
from portal.certificates import services as certificates
from portal.certificates.models import Certificate
from portal.core import jobs
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.core.errors import Refused
from portal.delivery import services as delivery
from portal.notices.models import Notice
from portal.openbadges.verifying import verify
from portal.web.badge_fetcher import BadgeFetcher
from tests.badges.crowds import holders, path_with_badge

MANY = "/badges/awards/many"
ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import sys
from dataclasses import replace
from pathlib import Path
from portal.app import create_app
from portal.badges.jobs import give_to_many
from tests.conftest import test_settings
app = create_app(test_settings(Path(sys.argv[1])))
with app.app_context():
    give_to_many()
"""


@pytest.fixture
def teacher(person):
    return person("instructor", name="Tove Lie")


@pytest.fixture
def path(issuer, teacher):
    return path_with_badge(teacher)


def give(chosen, by, lines=None):
    batch = ordering.start(chosen, by=by, key="", lines=lines)
    commit()
    give_to_many()
    return batch


def test_everybody_who_holds_the_certificate_is_given_the_badge_and_told(path, teacher, sign_in, run_jobs):
    holders(*path, 30)
    client = sign_in(teacher)
    html = client.submit(MANY, {"badge": path[1].series, "whom": "everybody"}).text
    assert "30 learners get the badge." in html
    assert "Learner 7" in html
    fields = {"badge": path[1].series, "whom": "everybody", "give": "1", "key": "a" * 22}
    answer = client.submit(MANY, fields, follow_redirects=True)
    assert "0 of 30 done" in answer.text
    run_jobs()
    assert "30 of 30 done" in client.get(f"{MANY}/{'a' * 22}").text
    assert "Under way" not in client.get(MANY).text
    rows = list(session().scalars(select(Award)))
    assert len(rows) == 30
    assert all(row.offered and row.document_v3_jwt and row.document_signed for row in rows)
    assert session().scalar(select(func.count(Notice.id)).where(Notice.kind == "badge_offered")) == 30
    again = client.submit(MANY, {**fields, "key": "a" * 22})
    assert again.location.endswith("a" * 22)
    assert session().scalar(select(func.count(AwardBatch.id))) == 1
    assert "There is nobody to give this badge to now." in client.submit(MANY, {**fields, "key": "b" * 22}).text


def test_what_was_given_is_not_public_until_its_holder_accepts_it(path, teacher, sign_in, client):
    holders(*path, 1)
    give(path[1], teacher)
    row = session().scalars(select(Award)).one()
    documents = (
        f"/badges/assertions/{row.public_id}", f"/badges/assertions/{row.public_id}/v1.json",
        f"/badges/assertions/{row.public_id}/image.png", f"/badges/assertions/{row.public_id}/signed.jws",
        f"/badges/credentials/{row.public_id}", f"/badges/credentials/{row.public_id}/credential.jwt",
    )  # fmt: skip
    assert {client.get(each).status_code for each in documents} == {404}
    assert client.get(documents[0], headers={"Accept": "text/html"}).status_code == 404
    learner = sign_in(row.person)
    assert "Not accepted yet" in learner.get("/badges/mine").text
    assert "Accept the badge" in learner.get(f"/badges/mine/{row.public_id}").text
    answer = learner.submit(f"/badges/mine/{row.public_id}/accept", on=f"/badges/mine/{row.public_id}")
    assert answer.status_code == 303
    assert {client.get(each).status_code for each in documents} == {200}
    session().expire_all()
    assert row.accepted_at is not None
    report = verify(client.get(documents[4]).data, BadgeFetcher(), now=now(), addresses=["learner0@example.org"])
    assert report.valid, report


def test_what_was_declined_never_becomes_public_and_is_not_given_again(path, teacher, sign_in, client):
    holders(*path, 1)
    give(path[1], teacher)
    row = session().scalars(select(Award)).one()
    learner = sign_in(row.person)
    learner.submit(f"/badges/mine/{row.public_id}/decline", on=f"/badges/mine/{row.public_id}")
    assert client.get(f"/badges/assertions/{row.public_id}").status_code == 404
    assert "You have declined this badge" in learner.get(f"/badges/mine/{row.public_id}").text
    assert row.public_id not in client.get("/badges/revocations").text
    with pytest.raises(Refused):
        ordering.start(path[1], by=teacher, key="")
    (line,) = ordering.preview(path[1], ["learner0@example.org"])
    assert line.problem == "This person has declined the badge."
    with pytest.raises(Refused):
        services.accept(session().get(Award, row.id))


def test_another_persons_offer_can_be_answered_by_nobody_else(path, teacher, sign_in, person):
    holders(*path, 1)
    give(path[1], teacher)
    row = session().scalars(select(Award)).one()
    stranger = sign_in(person())
    for end in ("", "/accept", "/decline"):
        method = stranger.get if not end else stranger.submit
        options = {} if not end else {"on": "/badges/mine"}
        assert method(f"/badges/mine/{row.public_id}{end}", **options).status_code in {403, 404}


def test_earning_the_badge_of_a_certificate_accepts_what_was_given(app, path, teacher):
    holders(*path, 1)
    give(path[1], teacher)
    row = session().scalars(select(Award)).one()
    certificate = session().scalars(select(Certificate)).one()
    so_far = certificates.earned(certificate)
    assert so_far.award is None
    assert certificates.may_be_earned(certificate, so_far)
    address = session().scalars(select(EmailAddress).where(EmailAddress.person_id == row.person_id)).one()
    backpack = delivery.backpacks_of(certificate.holder)[0]
    with app.test_request_context("/", method="POST"):
        certificates.earn(certificate, address=address, through=backpack.key)
        commit()
    assert services.live_award(row.source).id == row.id
    assert not row.offered


def test_earning_with_another_address_replaces_what_was_given(path, teacher):
    holders(*path, 1)
    give(path[1], teacher)
    row = session().scalars(select(Award)).one()
    other = EmailAddress(
        person_id=row.person_id, address="new@example.org", verified_address="new@example.org", verified_at=now()
    )
    session().add(other)
    session().flush()
    fresh = services.award(row.badge_class, to=row.person, address=other, source=row.source)
    commit()
    assert (row.live, row.offered_at is not None, row.replaced_by_id) == (False, True, fresh.id)
    assert fresh.accepted_at is not None


def test_every_line_of_a_list_is_looked_at_with_its_problem(path, teacher, sign_in, person):
    holders(*path, 2)
    ada = person(name="Ada Lovelace", address="ada@example.org")
    person(name="Gone Away", address="gone@example.org", active=False)
    give(path[1], teacher, ordering.preview(path[1], ["learner1@example.org"]))
    client = sign_in(teacher)
    typed = "learner0@example.org\nada@example.org\nADA@example.org\nnobody@example.org\ngone@example.org\nlearner1@example.org\nAda"
    html = client.submit(MANY, {"badge": path[1].series, "whom": "listed", "addresses": typed}).text
    assert "2 learners get the badge." in html
    for words in (
        "This person stands further up already.", "Nobody here has confirmed this address.",
        "This account is deactivated.", "has not answered yet", "This is not an e-mail address.",
    ):  # fmt: skip
        assert words in html
    fields = {"badge": path[1].series, "whom": "listed", "addresses": typed, "give": "1", "key": "c" * 22}
    assert client.submit(MANY, fields).status_code == 303
    give_to_many()
    row = session().scalars(select(Award).where(Award.person_id == ada.id)).one()
    assert row.source == f"hand:{path[1].series}:{ada.public_id}"
    assert "Ada Lovelace" in client.get("/badges/awards").text


def test_a_csv_file_is_read_with_its_headings_and_any_divider(path, teacher, sign_in, person):
    person(name="Ada Lovelace", address="ada@example.org")
    client = sign_in(teacher)
    for table in ("Name;E-mail\nAda;ada@example.org\n", 'Name,E-mail\r\n"Lovelace, Ada",Ada@Example.org\r\n'):
        upload = (io.BytesIO(table.encode("utf-8-sig")), "people.csv")
        html = client.submit(MANY, {"badge": path[1].series, "whom": "listed", "file": upload}).text
        assert "1 learner gets the badge." in html
    broken = (io.BytesIO(b"PK\x03\x04\x00\x00"), "people.csv")
    answer = client.submit(MANY, {"badge": path[1].series, "whom": "listed", "file": broken})
    assert (answer.status_code, "Save the table as CSV" in answer.text) == (422, True)
    empty = client.submit(MANY, {"badge": path[1].series, "whom": "listed", "addresses": " "})
    assert "Paste e-mail addresses" in empty.text
    with pytest.raises(Refused, match="at most 5000"):
        ordering.typed_lines("a@example.org\n" * 5_001)


def test_nobody_gives_the_badge_of_a_path_of_somebody_else(path, person, sign_in):
    holders(*path, 1)
    stranger = person("instructor")
    answer = sign_in(stranger).submit(MANY, {"badge": path[1].series, "whom": "everybody"})
    assert answer.status_code in {404, 422}
    with pytest.raises(Refused):
        ordering.givable(stranger, path[1].series)
    batch = give(path[1], path[0].owner)
    assert sign_in(stranger).get(f"{MANY}/{batch.public_id}").status_code in {403, 404}
    assert sign_in(person()).get(MANY).status_code == 403
    assert sign_in(person("administrator")).get(f"{MANY}/{batch.public_id}").status_code == 200


def test_who_cannot_be_given_the_badge_is_named(path, teacher, sign_in):
    holders(*path, 3)
    batch = ordering.start(path[1], by=teacher, key="")
    orders = list(session().scalars(select(AwardOrder).order_by(AwardOrder.id)))
    address = session().scalars(select(EmailAddress).where(EmailAddress.person_id == orders[0].person_id)).one()
    address.verified_at = address.verified_address = None
    other = session().scalars(select(EmailAddress).where(EmailAddress.person_id == orders[1].person_id)).one()
    services.award(
        session().get(AwardBatch, batch.id).badge_class, to=other.person, address=other, source=orders[1].source
    )
    commit()
    give_to_many()
    html = sign_in(teacher).get(f"{MANY}/{batch.public_id}").text
    assert "Has no confirmed e-mail address." in html
    assert "Has the badge already." in html
    assert session().scalar(select(func.count(Award.id))) == 2


def test_places_in_a_status_list_are_never_given_twice_and_full_lists_are_followed_by_others(
    path, teacher, monkeypatch
):
    monkeypatch.setattr(statuses, "FULL", 20)
    holders(*path, 45)
    give(path[1], teacher)
    places = list(session().execute(select(Award.status_list_id, Award.status_index)))
    assert len(set(places)) == 45
    assert len({place[0] for place in places}) == 3


def test_signing_happens_outside_of_any_transaction(path, teacher, monkeypatch):
    holders(*path, 3)
    ordering.start(path[1], by=teacher, key="")
    commit()
    seen = []
    real = bulk.signed
    monkeypatch.setattr(bulk, "signed", lambda ready: (real(ready), seen.append(session().in_transaction()))[0])
    give_to_many()
    assert seen == [False]


def test_a_lease_that_ran_out_leaves_the_order_to_whoever_has_it_now(path, teacher):
    holders(*path, 2)
    ordering.start(path[1], by=teacher, key="")
    commit()
    taken = jobs.claim(AwardOrder, limit=10, seconds=300)
    prepared = bulk.prepare(taken)
    commit()
    done = bulk.signed(prepared)
    session().execute(text("UPDATE award_order SET lease = 'somebody else'"))
    commit()
    assert bulk.keep(done) == 0
    assert session().scalar(select(func.count(Award.id))) == 0


def _worker(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )


def _given() -> int:
    given = session().scalar(select(func.count(AwardOrder.id)).where(AwardOrder.state == OrderState.GIVEN)) or 0
    session().rollback()  # Whoever goes on holding the transaction keeps the workers from writing.
    return given


def test_a_worker_that_is_killed_and_two_at_once_lose_and_double_nothing(path, teacher, settings):
    holders(*path, 3_000)
    ordering.start(path[1], by=teacher, key="")
    commit()
    for killed_at in (1, 900, 1_700):
        worker = _worker(settings.data_folder)
        deadline = time.monotonic() + 120
        while _given() < killed_at and time.monotonic() < deadline:
            assert worker.poll() is None
            time.sleep(0.02)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert killed_at <= _given() < 3_000
        session().rollback()
        jobs.forget_leases()
    db.session.remove()
    both = [_worker(settings.data_folder) for _each in range(2)]
    assert [worker.wait(300) for worker in both] == [0, 0]
    rows = session().execute(select(Award.source, Award.status_list_id, Award.status_index, Award.public_id)).all()
    assert len(rows) == 3_000
    assert len({row.source for row in rows}) == 3_000
    assert len({(row.status_list_id, row.status_index) for row in rows}) == 3_000
    assert _given() == 3_000
    assert session().scalar(select(func.count(Notice.id)).where(Notice.kind == "badge_offered")) == 3_000
    one = session().scalars(select(Award).limit(1)).one()
    assert json.loads(one.document_v3)["credentialStatus"]["statusListIndex"] == str(one.status_index)
