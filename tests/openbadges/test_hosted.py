"""Hosted badges of 1.x and 2.0 are composed, and checked against what stands at their address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.openbadges import baking, model, ob11, ob20
from portal.openbadges.documents import Document, identity_hash, read_document, stable_bytes
from portal.openbadges.errors import Unreadable
from portal.openbadges.verifying import FINDINGS, Outcome, Report, verify
from tests.openbadges.world import ADDRESS, NOW, PNG, World, assertion, plain, world_of

FORMS = [pytest.param("2.0", id="2.0"), pytest.param("1.1", id="1.1")]


def document_of(form: str, source: model.Assertion) -> Document:
    return ob20.assertion(source) if form == "2.0" else ob11.assertion(source)


def address_of(form: str, source: model.Assertion) -> str:
    return source.id if form == "2.0" else source.id_v1


def checked(source: str | bytes, world: World, *addresses: str) -> Report:
    report = verify(source, world, now=NOW, addresses=addresses)
    for check in report.checks:
        assert check.english
        assert check.label
        assert check.text == FINDINGS[check.code]
    return report


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rich", [True, False])
def test_a_hosted_badge_passes_every_check(form: str, rich: bool) -> None:
    source = assertion() if rich else plain(assertion())
    world = world_of(source)
    for handed_in in (
        address_of(form, source),
        stable_bytes(document_of(form, source)),
        baking.bake_png(PNG, stable_bytes(document_of(form, source))),
        baking.bake_png(PNG, address_of(form, source)),
    ):
        report = checked(handed_in, world, "somebody@else.example", ADDRESS.lower())
        assert [check for check in report.checks if check.outcome is not Outcome.PASSED] == []
        assert report.valid
        assert report.standard == form
        assert report.recipient == ADDRESS.lower()
        assert report.badge is not None
        assert report.badge.name == source.badge.name
        assert report.badge.image == PNG
        assert report.badge.issuer_name == source.badge.issuer.name
        assert report.badge.issued_at == source.issued_at.replace(microsecond=0)
        assert report.badge.expires_at == source.expires_at
        assert {check.name for check in report.checks} == {
            "structure",
            "hosted",
            "issuer",
            "image",
            "dates",
            "status",
            "recipient",
        }


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_that_was_changed_differs_from_its_address(form: str) -> None:
    source = assertion()
    other = replace(source, recipient=model.Recipient(address="thief@example.org", salt="s"))
    report = checked(stable_bytes(document_of(form, other)), world_of(source), "thief@example.org")
    assert report.has("hosted.differs")
    assert report.outcome is Outcome.FAILED


@pytest.mark.parametrize("form", FORMS)
def test_a_revoked_badge_fails_with_the_reason(form: str) -> None:
    source = assertion()
    world = world_of(source)
    stub = (ob20 if form == "2.0" else ob11).revoked(source, "Awarded by mistake")
    assert not {"recipient", "badge", "evidence"} & set(stub)
    world.put(address_of(form, source), stub, status=410)
    for handed_in in (address_of(form, source), stable_bytes(document_of(form, source))):
        report = checked(handed_in, world)
        assert report.revoked
        assert not report.valid
        assert "Awarded by mistake" in str([check.english for check in report.checks])


@pytest.mark.parametrize("form", FORMS)
def test_expired_badges_and_badges_of_the_future_fail(form: str) -> None:
    old = replace(assertion(), expires_at=NOW)
    assert checked(address_of(form, old), world_of(old)).expired
    early = replace(assertion(), issued_at=NOW.replace(year=2027), expires_at=None)
    assert checked(address_of(form, early), world_of(early)).has("dates.future")


@pytest.mark.parametrize("form", FORMS)
def test_another_recipient_fails(form: str) -> None:
    source = assertion()
    report = checked(address_of(form, source), world_of(source), "a@example.org", "b@example.org")
    assert report.has("recipient.other")
    assert not report.recipient
    assert not report.valid


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_in_the_name_of_a_foreign_issuer_fails(form: str) -> None:
    source = assertion("https://evil.example")
    real = assertion().badge.issuer
    source = replace(source, badge=replace(source.badge, issuer=real))
    world = world_of(source)
    report = checked(address_of(form, source), world)
    assert report.has("issuer.other_host")
    assert not report.valid


@pytest.mark.parametrize("form", FORMS)
def test_what_cannot_be_reached_is_not_possible_rather_than_wrong(form: str) -> None:
    source = assertion()
    world = world_of(source)
    del world.answers[address_of(form, source)]
    report = checked(stable_bytes(document_of(form, source)), world)
    assert report.outcome is Outcome.NOT_POSSIBLE
    assert report.has("hosted.unreachable")
    assert report.badge is not None


@pytest.mark.parametrize("form", FORMS)
def test_a_missing_assertion_fails(form: str) -> None:
    source = assertion()
    world = world_of(source)
    world.put(address_of(form, source), b"<!doctype html><p>Not found", "text/html", 404)
    assert checked(stable_bytes(document_of(form, source)), world).has("hosted.gone")
    assert checked(address_of(form, source), world).has("hosted.gone")
    world.put(address_of(form, source), b"<!doctype html><p>Sign in", "text/html", 200)
    assert checked(stable_bytes(document_of(form, source)), world).has("hosted.broken")
    assert "web page" in str([check.english for check in checked(address_of(form, source), world).checks])


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_that_is_not_png_or_svg_fails(form: str) -> None:
    source = assertion()
    world = world_of(source)
    world.put(source.badge.image_url, b"\xff\xd8\xff\xe0", "image/png")
    assert checked(address_of(form, source), world).has("image.wrong")
    world.put(source.badge.image_url, b"", "text/plain", 404)
    assert checked(address_of(form, source), world).has("image.gone")


@pytest.mark.parametrize("form", FORMS)
def test_every_required_member_is_asked_for(form: str) -> None:
    source = plain(assertion())
    whole = document_of(form, source)
    optional = {"@context", "type", "id", "verification"} if form == "1.1" else {"@context", "verification"}
    for member in set(whole) - optional:
        document = {name: value for name, value in whole.items() if name != member}
        report = checked(stable_bytes(document), world_of(source))
        assert not report.valid, member


def test_a_badge_class_and_issuer_may_be_embedded() -> None:
    source = assertion()
    badge = ob20.badge_class(source.badge) | {"issuer": ob20.profile(source.badge.issuer)}
    document = ob20.assertion(source) | {"badge": badge}
    world = world_of(source)
    world.put(source.id, document)
    assert checked(source.id, world).valid


def test_a_1_0_badge_with_a_unix_date_and_plain_recipient_is_checked() -> None:
    source = plain(assertion())
    document = ob11.assertion(source)
    for member in ("@context", "type", "id"):
        del document[member]
    document |= {"issuedOn": 1_700_000_000, "recipient": {"type": "email", "identity": ADDRESS, "hashed": False}}
    world = world_of(source)
    world.put(source.id_v1, document)
    report = checked(source.id_v1, world, ADDRESS)
    assert report.standard == "1.0"
    assert report.valid


def test_the_identity_hash_is_over_the_lower_cased_address_and_the_salt() -> None:
    hashed = "sha256$b98b1ccd6294a71f4bb4b73b1a5a5f6ee4b2b3aa4ef35b53b9b3d0d0a2a5e2a6"
    assert len(identity_hash("A@B.example", "salt")) == len(hashed)
    assert identity_hash(" A@B.example", "salt") == identity_hash("a@b.example", "salt")
    assert identity_hash("a@b.example", "salt") != identity_hash("a@b.example", "pepper")


def test_documents_are_byte_stable_and_ascii() -> None:
    source = assertion()
    first, second = stable_bytes(ob20.assertion(source)), stable_bytes(ob20.assertion(assertion()))
    assert first == second
    assert stable_bytes(ob20.badge_class(source.badge)).isascii()
    assert read_document(first) == ob20.assertion(source)
    assert ADDRESS.lower().encode() not in first.lower()


@pytest.mark.parametrize(
    "broken",
    [b"[]", b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff", b"{" + b'"a":{' * 2000, b'{"a":' + b"[" * 100_000],
)
def test_broken_json_is_refused(broken: bytes) -> None:
    with pytest.raises(Unreadable):
        read_document(broken)
    assert not checked(broken, World()).valid


@pytest.mark.parametrize(
    "source", ["", "hello", "ftp://a.example/b", "{}", "[1]", "a.b.c", b"\0\1\2", b"<svg", "http://"]
)
def test_what_is_no_badge_is_said_to_be_none(source: str | bytes) -> None:
    report = checked(source, World())
    assert report.outcome is Outcome.FAILED
    assert report.badge is None
