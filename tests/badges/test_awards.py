"""Giving a badge, once for every reason, and taking it back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from portal.accounts import services as accounts
from portal.accounts.models import EmailAddress
from portal.badges import services
from portal.badges.models import Award, BadgeClass
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.openbadges.baking import unbake_png
from portal.openbadges.documents import identity_hash


def test_the_issuer_is_missing_until_it_is_named(app, issuer):
    assert services.missing_for_issuing() == []
    session().delete(issuer)
    commit()
    assert len(services.missing_for_issuing()) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "  "),
        ("url", ""),
        ("url", "javascript:alert(1)"),
        ("url", "/here"),
        ("email", ""),
        ("name", "a\x00b"),
    ],
)
def test_an_unfit_issuer_is_refused_beside_its_field_and_nothing_is_saved(app, field, value):
    good = {"name": "A", "url": "https://a.example", "email": "a@a.example"}
    with pytest.raises(Refused) as caught:
        services.save_issuer(**{**good, field: value})
    assert caught.value.field == field
    assert services.issuer() is None


def test_the_same_content_is_the_same_badge_class(definition):
    assert services.freeze(definition()) is services.freeze(definition())


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Second aid"},
        {"description": "Other."},
        {"criteria": ""},
        {"tags": ("health", "care")},
        {"language": "fi"},
        {"image_alt": "A cross"},
    ],
)
def test_whatever_a_badge_says_changed_gives_it_a_new_address(definition, change):
    first = services.freeze(definition(series="path:1"))
    second = services.freeze(definition(series="path:1", **change))
    assert first.public_id != second.public_id
    assert (first.number, second.number) == (1, 2)


def test_a_badge_without_a_name_or_with_control_characters_is_refused(definition):
    for values, field in (
        ({"name": ""}, "name"),
        ({"description": " "}, "description"),
        ({"name": "a\x07"}, "name"),
        ({"image_key": "x.jpg"}, "image"),
    ):
        with pytest.raises(Refused) as caught:
            services.freeze(definition(**values))
        assert caught.value.field == field


def test_a_repeat_returns_the_award_that_stands(give, person):
    learner = person()
    first = give(to=learner, source="certificate:same")
    again = give(to=learner, source="certificate:same")
    assert first is again
    assert len(session().scalars(select(Award)).all()) == 1


def test_two_live_awards_of_one_source_cannot_stand_in_the_database(give):
    row = give(source="certificate:same")
    values = {column.name: getattr(row, column.name) for column in Award.__table__.columns if column.name != "id"}
    with pytest.raises(IntegrityError):
        session().execute(insert(Award).values(**{**values, "public_id": "another"}))
    session().rollback()


def test_a_race_for_one_source_ends_with_the_award_of_whoever_was_first(give, monkeypatch):
    row = give(source="certificate:same")
    found = [None, row]
    monkeypatch.setattr("portal.badges.services.awards.live_award", lambda _source: found.pop(0))
    person = row.person
    again = services.award(
        row.badge_class, to=person, address=accounts.verified_addresses(person)[0], source="certificate:same"
    )
    assert again is row
    assert len(session().scalars(select(Award)).all()) == 1


def test_an_award_hides_its_recipient_behind_a_salt_of_its_own(give, person):
    learner = person(address="Ada@Example.org")
    one, two = give(to=learner), give(to=learner)
    documents = [json.loads(row.document_v2) for row in (one, two)]
    assert documents[0]["recipient"]["identity"] == identity_hash("ada@example.org", one.salt)
    assert documents[0]["recipient"]["identity"] != documents[1]["recipient"]["identity"]
    assert b"ada@example.org" not in one.document_v2 + one.document_v1


def test_the_documents_name_their_addresses_expiry_and_evidence(give):
    until = now() + timedelta(days=30)
    row = give(expires_at=until)
    new, old = json.loads(row.document_v2), json.loads(row.document_v1)
    assert new["id"] == services.assertion_url(row) == f"https://portal.example/badges/assertions/{row.public_id}"
    assert old["verify"] == {"type": "hosted", "url": services.assertion_v1_url(row)}
    assert old["uid"] == row.public_id
    assert new["expires"] == old["expires"] == until.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert new["evidence"][0]["id"] == old["evidence"] == "https://portal.example/check/ABCD"


def test_another_persons_or_an_unverified_address_is_refused(give, badge_class, person):
    learner, other = person(), person()
    unverified = EmailAddress(address="new@example.org", person_id=learner.id)
    session().add(unverified)
    commit()
    for address in (unverified, accounts.verified_addresses(other)[0]):
        with pytest.raises(Refused) as caught:
            services.award(badge_class, to=learner, address=address, source="certificate:1")
        assert caught.value.field == "address"


def test_nothing_is_awarded_without_an_issuer(badge_class, person):
    learner = person()
    with pytest.raises(Refused):
        services.award(badge_class, to=learner, address=accounts.verified_addresses(learner)[0], source="certificate:1")


def test_a_replaced_award_leaves_one_live_award_for_the_other_address(give, person):
    learner = person()
    second = EmailAddress(
        address="two@example.org", verified_address="two@example.org", verified_at=now(), person_id=learner.id
    )
    session().add(second)
    commit()
    old = give(to=learner, source="certificate:1")
    new = services.replace(old, second)
    commit()
    assert (old.live, new.live, old.replaced_by_id) == (False, True, new.id)
    assert new.recipient_address == "two@example.org"
    assert services.live_award("certificate:1") is new
    assert services.replace(new, second) is new
    with pytest.raises(Refused):
        services.replace(old, second)


def test_a_revoked_award_keeps_its_first_reason_and_frees_its_source(give, person):
    learner = person()
    row = give(to=learner, source="certificate:1")
    services.revoke(row, reason="Given by mistake.", by=learner)
    services.revoke(row, reason="Something else.")
    commit()
    assert row.revocation_reason == "Given by mistake."
    assert services.live_award("certificate:1") is None
    assert give(to=learner, source="certificate:1") is not row


def test_a_revocation_without_a_reason_is_refused(give):
    with pytest.raises(Refused) as caught:
        services.revoke(give(), reason="  ")
    assert caught.value.field == "reason"


def test_the_baked_picture_holds_the_assertion(give):
    row = give()
    assert unbake_png(services.baked_png(row), "openbadges") == row.document_v2.decode()


def test_a_changed_base_url_is_refused_once_something_was_awarded(app, give, issuer):
    services.check_base_url()
    give()
    services.check_base_url()
    issuer.base_url = "https://old.example"
    commit()
    with pytest.raises(services.BaseUrlChanged, match=r"https://old\.example"):
        services.check_base_url()


def test_ids_cannot_be_guessed(give):
    ids = {give().public_id for _ in range(5)}
    assert len(ids) == 5
    assert all(len(name) == 22 for name in ids)
    assert all(len(name) == 22 for name in session().scalars(select(BadgeClass.public_id)))
