"""3.0 credentials and signed 2.0 badges are composed, signed and checked; whatever is changed makes them fail."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from portal.openbadges import baking, model, ob20, ob30
from portal.openbadges.documents import Document, stable_bytes
from portal.openbadges.errors import Unfit
from portal.openbadges.keys import Ed25519Pair, RsaPair
from portal.openbadges.keys.did import PublishedKey, did_web, did_web_address, key_id
from portal.openbadges.ob30.status import LENGTH, bit_of
from portal.openbadges.verifying import Outcome, Report, verify
from tests.openbadges.world import (
    ADDRESS,
    DID,
    ED25519,
    JWK_ADDRESS,
    LIST_TOKEN_ADDRESS,
    NOW,
    PNG,
    RSA,
    SIGNER,
    SVG,
    World,
    assertion_v3,
    host_signed,
    host_v3,
    plain_v3,
    world_v3,
)

ISSUED = datetime(2026, 5, 1, 9, tzinfo=UTC)
FORMS = ["data-integrity", "jwt", "signed"]


def made(form: str, source: model.Assertion) -> str:
    if form == "signed":
        return ob20.sign(source, RSA)
    credential = ob30.credential(source)
    if form == "jwt":
        return ob30.sign_jwt(credential, RSA, key_address=JWK_ADDRESS)
    return stable_bytes(SIGNER.sign(credential, created=ISSUED)).decode()


def checked(source: str | bytes, world: World, *addresses: str) -> Report:
    report = verify(source, world, now=NOW, addresses=addresses)
    assert all(check.english and check.label for check in report.checks)
    return report


def problems(report: Report) -> list[str]:
    return [check.english for check in report.checks if check.outcome is not Outcome.PASSED]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rich", [True, False])
def test_a_signed_badge_passes_every_check_in_every_wrapping(form: str, rich: bool) -> None:
    source = assertion_v3() if rich else plain_v3(assertion_v3())
    world = world_v3(source)
    text = made(form, source)
    keyword = "openbadges" if form == "signed" else "openbadgecredential"
    svg = (
        baking.bake_svg(SVG, text, keyword) if text.startswith("{") else baking.bake_svg(SVG, "", keyword, verify=text)
    )
    for handed_in in (text, text.encode(), baking.bake_png(PNG, text, keyword), svg):
        report = checked(handed_in, world, "other@example.org", ADDRESS)
        assert problems(report) == []
        assert report.valid
        assert report.form == form
        assert report.recipient == ADDRESS
        assert report.badge is not None
        assert report.badge.name == source.badge.name
        assert report.badge.expires_at == source.expires_at
        assert report.check("signature") is not None
        assert report.badge.issuer_name == source.badge.issuer.name


@pytest.mark.parametrize("form", FORMS)
def test_another_recipient_and_an_expired_badge_fail(form: str) -> None:
    source = assertion_v3()
    assert checked(made(form, source), world_v3(source), "other@example.org").has("recipient.other")
    old = replace(source, expires_at=NOW)
    assert checked(made(form, old), world_v3(old)).expired


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], object]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places(item, (*path, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from places(item, (*path, number))
    else:
        yield path, value


def test_changing_any_member_of_a_credential_fails() -> None:
    source = assertion_v3()
    world = world_v3(source)
    whole = json.loads(made("data-integrity", source))
    tried = 0
    for path, value in places(whole):
        if path[0] == "@context":
            continue
        changed = copy.deepcopy(whole)
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = (not value) if isinstance(value, bool) else f"{value}x"
        report = checked(stable_bytes(changed), world)
        assert not report.valid, path
        tried += 1
        if isinstance(holder, dict):
            del holder[path[-1]]
            assert not checked(stable_bytes(changed), world).valid, path
    assert tried > 50


def test_members_that_no_signature_covers_are_refused() -> None:
    source = assertion_v3()
    world = world_v3(source)
    whole = json.loads(made("data-integrity", source))
    extras: tuple[Document, ...] = (
        {"undefinedThing": "x"},
        {"@graph": []},
        {"@id": "https://evil.example/"},
        {"@context": [*whole["@context"], {"name": "https://schema.org/description"}]},
        {"@context": [*whole["@context"], "https://evil.example/context.json"]},
        {"evidence": [{"id": "relative", "type": ["Evidence"]}]},
    )
    for extra in extras:
        report = checked(stable_bytes(whole | extra), world)
        assert report.check("signature") is not None
        assert not report.valid, extra


@pytest.mark.parametrize("form", FORMS)
def test_flipping_a_letter_of_a_token_fails(form: str) -> None:
    source = assertion_v3()
    world = world_v3(source)
    text = made(form, source)
    if form == "data-integrity":
        return
    for at in range(0, len(text) - 1, max(1, len(text) // 60)):
        if text[at] == ".":
            continue
        flipped = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        assert not checked(flipped, world).valid, at


@pytest.mark.parametrize("form", ["data-integrity", "jwt"])
def test_a_revoked_credential_fails(form: str) -> None:
    source = assertion_v3()
    world = world_v3(source)
    host_v3(world, revoked=(4_711,))
    assert checked(made(form, source), world).revoked
    host_v3(world, revoked=(4_710, 4_712))
    assert checked(made(form, source), world).valid


def test_a_status_list_in_a_token_is_read() -> None:
    source = replace(assertion_v3(), status=model.StatusEntry(list_url=LIST_TOKEN_ADDRESS, index=9))
    world = world_v3(source)
    assert checked(made("jwt", source), world).valid
    host_v3(world, revoked=(9,))
    assert checked(made("jwt", source), world).revoked


def test_a_status_list_that_is_not_the_issuers_is_not_trusted() -> None:
    source = assertion_v3()
    world = world_v3(source)
    address = source.status.list_url if source.status else ""
    listing = json.loads(world.answers[address].body)
    stranger = Ed25519Pair.generate()
    did = f"did:key:{stranger.public.multibase()}"
    del listing["proof"]
    forged = ob30.Signer(stranger, key_id(did, stranger.public)).sign(listing | {"issuer": did}, created=ISSUED)
    world.put(address, forged)
    report = checked(made("data-integrity", source), world)
    assert report.has("status.broken")
    world.put(address, listing)
    assert checked(made("data-integrity", source), world).has("status.broken")
    del world.answers[address]
    assert checked(made("data-integrity", source), world).has("status.unreachable")


def test_a_signed_2_0_badge_is_revoked_by_the_issuers_list() -> None:
    source = assertion_v3()
    world = world_v3(source)
    host_signed(world, source, revoked=(source.id_signed,))
    report = checked(made("signed", source), world)
    assert report.has("status.revoked_because")
    listing = ob20.revocation_list("https://portal.example/r", "https://portal.example/i", [("urn:uuid:1", "")])
    assert len(listing["revokedAssertions"]) == 2


def test_an_embedded_issuer_cannot_bring_its_own_key_or_scope() -> None:
    source = assertion_v3()
    world = world_v3(source)
    thief = RsaPair.generate()
    key = "https://evil.example/key"
    issuer = ob20.profile(source.badge.issuer) | {
        "publicKey": key,
        "verification": {"allowedOrigins": ["evil.example"]},
    }
    badge = ob20.badge_class(source.badge) | {"issuer": issuer, "id": "https://evil.example/badge"}
    world.put(key, ob20.cryptographic_key(key, source.badge.issuer.id, thief.public))
    forged = ob20.composing.signed_payload(source) | {"badge": badge}
    forged["verification"] = {"type": "SignedBadge", "creator": key}
    assert not checked(thief.sign_jws(stable_bytes(forged)), world).valid
    hosted = ob20.assertion(source) | {"id": "https://evil.example/a", "badge": badge}
    world.put("https://evil.example/a", hosted)
    assert checked("https://evil.example/a", world).has("issuer.other_host")


@pytest.mark.parametrize("form", FORMS)
def test_another_key_fails(form: str) -> None:
    source = assertion_v3()
    world = world_v3(source)
    other = RsaPair.generate()
    if form == "data-integrity":
        signer = ob30.Signer(Ed25519Pair.generate(), SIGNER.method)
        text = stable_bytes(signer.sign(ob30.credential(source), created=ISSUED)).decode()
    elif form == "jwt":
        text = ob30.sign_jwt(ob30.credential(source), other, key_address=JWK_ADDRESS)
    else:
        text = ob20.sign(source, other)
    assert checked(text, world).has("signature.wrong")


def test_a_credential_in_anothers_name_fails() -> None:
    source = assertion_v3()
    world = world_v3(source)
    thief = Ed25519Pair.generate()
    did = f"did:key:{thief.public.multibase()}"
    signer = ob30.Signer(thief, key_id(did, thief.public))
    report = checked(stable_bytes(signer.sign(ob30.credential(source), created=ISSUED)), world)
    assert report.has("signature.ok")
    assert report.has("issuer.key_foreign")
    rsa = RsaPair.generate()
    world.put("https://evil.example/key", rsa.public.jwk())
    token = ob30.sign_jwt(ob30.credential(source), rsa, key_address="https://evil.example/key")
    assert checked(token, world).has("issuer.key_foreign")


def test_a_retired_key_still_verifies_and_a_compromised_one_does_not() -> None:
    source = assertion_v3()
    world = world_v3(source)
    text = made("data-integrity", source)
    fresh = PublishedKey(Ed25519Pair.generate().public)
    host_v3(world, keys=(fresh, PublishedKey(ED25519.public)))
    assert checked(text, world).valid
    host_v3(world, keys=(fresh, PublishedKey(ED25519.public, usable=False)))
    assert checked(text, world).has("signature.key_unusable")


def test_keys_survive_being_stored() -> None:
    for pair in (ED25519, RSA):
        again = type(pair).of_pem(pair.pem())
        assert again.public.jwk() == pair.public.jwk()
        assert "PRIVATE" not in repr(pair)
        assert not {"d", "p", "q"} & set(pair.public.jwk())


def test_unfit_texts_are_refused_with_the_place_they_stand_at() -> None:
    source = assertion_v3()
    bad = replace(source, badge=replace(source.badge, name="A\x0bB"))
    with pytest.raises(Unfit) as refusal:
        SIGNER.sign(ob30.credential(bad), created=ISSUED)
    assert refusal.value.field == "name"
    odd = replace(source, badge=replace(source.badge, criteria_url="/relative"))
    with pytest.raises(Unfit, match="complete address"):
        SIGNER.sign(ob30.credential(odd), created=ISSUED)
    undefined: Document = ob30.credential(source) | {"colour": "blue"}
    with pytest.raises(Unfit, match="colour"):
        SIGNER.sign(undefined, created=ISSUED)
    sorted_otherwise = replace(source, badge=replace(source.badge, tags=("\uff21", "\U0001f600")))
    with pytest.raises(Unfit, match="order"):
        SIGNER.sign(ob30.credential(sorted_otherwise), created=ISSUED)


def test_two_alike_nodes_fall_back_to_the_full_algorithm() -> None:
    source = assertion_v3()
    twice = replace(source, evidence=(model.Evidence(name="Same"), model.Evidence(name="Same")))
    for _time in range(3):
        text = made("data-integrity", twice)
        assert checked(text, world_v3(twice)).valid


def test_an_endorsement_is_signed_embedded_and_checked() -> None:
    source = assertion_v3()
    world = world_v3(source)
    friend = Ed25519Pair.generate()
    did = f"did:key:{friend.public.multibase()}"
    issuer = replace(source.badge.issuer, did=did, name="Friend")
    signer = ob30.Signer(friend, key_id(did, friend.public))
    endorsement = signer.sign(
        ob30.endorsement(
            issuer,
            identifier="urn:uuid:7b8f1c1e-dddd-4000-8000-000000000001",
            endorsed=source.badge.id_v3,
            comment="A fine badge.",
            issued_at=ISSUED,
        ),
        created=ISSUED,
    )
    report = checked(stable_bytes(endorsement), world)
    assert problems(report) == ["Enter an e-mail address to check whom the badge was given to."] or report.valid
    assert report.badge is not None
    assert report.badge.description == "A fine badge."
    assert report.badge.badge_id == source.badge.id_v3
    endorsed = replace(source, badge=replace(source.badge, endorsements=(endorsement,)))
    whole = checked(made("data-integrity", endorsed), world)
    assert whole.valid
    assert whole.badge is not None
    assert whole.badge.endorsements == (endorsement,)


def test_status_lists_hold_their_bits() -> None:
    statuses = ob30.StatusList(revoked=(0, 9, LENGTH - 1))
    encoded = statuses.encoded()
    assert encoded == ob30.StatusList(revoked=(9, LENGTH - 1, 0)).encoded()
    assert [index for index in (0, 1, 8, 9, 10, LENGTH - 1) if bit_of(encoded, index)] == [0, 9, LENGTH - 1]
    assert 9 in statuses
    assert 10 not in statuses
    assert 0 <= ob30.random_index() < LENGTH
    with pytest.raises(IndexError):
        statuses.revoke(LENGTH)
    with pytest.raises(ValueError, match="at least"):
        ob30.StatusList(8)


@pytest.mark.parametrize(
    ("base", "did", "address"),
    [
        ("https://portal.example", "did:web:portal.example", "https://portal.example/.well-known/did.json"),
        (
            "https://Portal.example:8443/",
            "did:web:portal.example%3A8443",
            "https://portal.example:8443/.well-known/did.json",
        ),
        ("https://x.example/learn/en", "did:web:x.example:learn:en", "https://x.example/learn/en/did.json"),
    ],
)
def test_a_site_has_a_did(base: str, did: str, address: str) -> None:
    assert did_web(base) == did
    assert did_web_address(did) == address


def test_documents_that_the_caller_knows_are_not_fetched() -> None:
    source = plain_v3(assertion_v3())
    world = world_v3(source)
    document = json.loads(world.answers["https://portal.example/.well-known/did.json"].body)
    del world.answers["https://portal.example/.well-known/did.json"]
    text = made("data-integrity", source)
    assert verify(text, world, now=NOW).has("signature.key_unreachable")
    assert verify(text, world, now=NOW, known={DID: document}).valid
