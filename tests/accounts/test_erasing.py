"""Erasing a person: nothing in any table names them any more, and what others rely on still answers."""

from __future__ import annotations

import pytest
from sqlalchemy import String, cast, func, select

from portal.accounts import providers
from portal.accounts.models import ForgottenFile, Person
from portal.accounts.services import erasing, passwords
from portal.backpack.models import BackpackOwner
from portal.badges import services as badges
from portal.badges.jobs import give_to_many
from portal.badges.models import Award
from portal.badges.services.ordering import preview, start
from portal.certificates.models import Certificate
from portal.core import pictures, storage
from portal.core.db import Base, commit, session
from portal.core.errors import Refused
from portal.delivery.reading.models import Reading
from portal.learning import services as learning
from portal.notices import services as notices
from tests.badges.crowds import path_with_badge
from tests.conftest import picture_bytes
from tests.learning.conftest import do_all

NAME, ADDRESS = "Zebulon Quackenbush", "zebulon@quackenbush.example"
PASSWORD = "an unusual phrase here"


def traces(*words: str) -> list[str]:
    """Return every column in which a word still stands, in any table."""
    session().expire_all()
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for word in words:
                hits = session().scalar(
                    select(func.count()).select_from(table).where(cast(column, String).icontains(word, autoescape=True))
                )
                if hits:
                    found.append(f"{table.name}.{column.name}: {word}")
    return found


@pytest.fixture
def teacher(person):
    return person("instructor", name="Tove Lie")


@pytest.fixture
def learner(person, teacher, app):
    """Return somebody who did everything a learner can leave behind."""
    who = person(name=NAME, address=ADDRESS, password_hash=passwords.hashed(PASSWORD))
    who.picture_key = pictures.keep(pictures.check(picture_bytes(colour="#123456")))
    path, _chosen = path_with_badge(teacher)
    membership = learning.join(path, who)
    do_all(membership)
    certificate = session().scalars(select(Certificate)).one()
    badges.award(
        certificate.badge_class, to=who, address=who.addresses[0], source=certificate.badge_source,
        evidence_url="https://portal.example/check/x",
    )  # fmt: skip
    _other, second = path_with_badge(teacher, "Fire safety")
    start(second, by=teacher, key="", lines=preview(second, [ADDRESS]))
    session().add(BackpackOwner(person_id=who.id))
    session().add(Reading(person_id=who.id, address=ADDRESS, backpack_url="https://backpack.example"))
    notices.tell([teacher.id], "work_waiting", key="w", url="/", path="First aid", step="Read", learner=NAME)
    notices.mail(to=ADDRESS, template="test", language="en", timezone="UTC")
    commit()
    give_to_many()
    return session().get(Person, who.id)


def erase(who, **choice):
    erasing.erase(who, **{"revoke_badges": False, **choice})
    commit()


def test_nothing_names_who_was_erased_and_their_badge_still_verifies(learner, client, run_jobs):
    award = session().scalars(select(Award).where(Award.offered_at.is_(None))).one()
    offered = session().scalars(select(Award).where(Award.offered_at.is_not(None))).one()
    number, key = session().scalars(select(Certificate.number)).one(), learner.picture_key
    public_id, offered_id = award.public_id, offered.public_id
    assert traces(NAME, ADDRESS)
    erase(learner)
    assert traces(NAME, ADDRESS, "quackenbush") == []
    assert client.get(f"/badges/assertions/{public_id}").status_code == 200
    assert client.get(f"/badges/credentials/{public_id}").status_code == 200
    assert client.get(f"/badges/assertions/{offered_id}").status_code == 404
    answer = client.get(f"/check/{number}")
    assert answer.status_code == 410
    assert "erased at its holder’s wish" in answer.text
    run_jobs()
    assert not storage.has(key)
    assert session().scalar(select(func.count(ForgottenFile.id))) == 0


def test_who_wishes_so_leaves_no_badge_that_verifies(learner, client):
    award = session().scalars(select(Award).where(Award.offered_at.is_(None))).one()
    public_id = award.public_id
    erase(learner, revoke_badges=True)
    assert traces(NAME, ADDRESS) == []
    assert client.get(f"/badges/assertions/{public_id}").status_code == 410
    assert client.get(f"/badges/credentials/{public_id}").status_code == 410


def test_a_file_that_somebody_else_has_too_stays(learner, teacher, run_jobs):
    key = session().get(Person, teacher.id).picture_key = learner.picture_key
    commit()
    erase(learner)
    run_jobs()
    assert storage.has(key)


def test_an_owner_of_paths_hands_them_over_first(learner, teacher, sign_in):
    with pytest.raises(Refused, match="First aid"):
        erasing.erase(teacher, revoke_badges=False)
    assert "First aid" in sign_in(teacher).get("/profile/delete").text


def test_the_last_administrator_stays(person):
    admin = person("administrator", password_hash="x")
    with pytest.raises(Refused, match="last administrator"):
        erasing.erase(admin, revoke_badges=False)


def test_a_person_deletes_their_account_with_the_password_once_more(learner, sign_in):
    client = sign_in(learner)
    assert "What goes" in client.get("/profile/delete").text
    assert "Your badges end" in client.get("/profile/delete/confirm?badges=revoke").text
    wrong = client.submit("/profile/delete/confirm", {"badges": "keep", "current": "wrong"})
    assert (wrong.status_code, "not your present password" in wrong.text) == (422, True)
    answer = client.submit("/profile/delete/confirm", {"badges": "keep", "current": PASSWORD})
    assert answer.location.endswith("/sign-in")
    assert client.get("/profile").status_code == 302
    assert traces(NAME, ADDRESS) == []


def test_an_administrator_erases_somebody_by_their_name(learner, person, sign_in):
    admin = sign_in(person("administrator"))
    page = f"/administration/people/{learner.public_id}/erase"
    wrong = admin.submit(page, {"badges": "keep", "name": "Somebody Else"})
    assert (wrong.status_code, "not the name" in wrong.text) == (422, True)
    assert admin.submit(page, {"badges": "keep", "name": NAME.lower()}).status_code == 303
    assert traces(NAME, ADDRESS) == []
    assert sign_in(person()).get(page).status_code in {403, 404}


def test_every_column_that_points_to_a_person_says_what_becomes_of_it(app):
    handed_over = {"learning_path.owner_id"}
    open_ended = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "person" and key.ondelete not in {"CASCADE", "SET NULL"}
    }
    assert open_ended == handed_over, "Give the column ondelete CASCADE or SET NULL, or let a room's erasing name it."
    assert len(providers.erasures()) == 5
