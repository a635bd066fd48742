"""Endorsements: what others say of a badge is composed, signed, checked, carried, and told from the real thing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.openbadges import model, ob20, ob30
from portal.openbadges.documents import Document, stable_bytes
from portal.openbadges.errors import Unfit
from portal.openbadges.keys import Ed25519Pair, RsaPair
from portal.openbadges.verifying import Outcome, Report, verify
from tests.judges import judge_di, judge_jwt, judge_ob2
from tests.openbadges.server import serving
from tests.openbadges.world import (
    ADDRESS,
    JWK_ADDRESS,
    NOW,
    ORIGIN,
    RSA,
    SIGNER,
    World,
    assertion_v3,
    host_v3,
    world_v3,
)

ELSEWHERE = "https://guild.example"
ISSUED = datetime(2026, 5, 2, tzinfo=UTC)
KEYS = RsaPair.generate()


def guild(**values: str) -> model.Profile:
    return model.Profile(
        id=f"{ELSEWHERE}/issuer", url=f"{ELSEWHERE}/", name="Guild of Advisers", email="guild@guild.example",
        public_key_id=f"{ELSEWHERE}/key", revocation_list=f"{ELSEWHERE}/revoked", **values,
    )  # fmt: skip


def hosted(world: World, **values: str) -> Document:
    said = {"identifier": f"{ELSEWHERE}/e1", "endorsed": assertion_v3().badge.id, "comment": "We ask for it.", **values}
    document = ob20.endorsement(guild(), issued_at=ISSUED, **said)
    world.put(document["id"], document)
    world.put(guild().id, ob20.profile(guild()))
    return document


def checked(source: str | bytes, world: World) -> Report:
    return verify(source, world, now=NOW)


def problems(report: Report) -> list[str]:
    return [check.english for check in report.checks if check.outcome is not Outcome.PASSED]


def test_a_hosted_endorsement_holds_where_its_author_publishes_it() -> None:
    world = World()
    document = hosted(world)
    for source in (document["id"], stable_bytes(document)):
        report = checked(source, world)
        assert problems(report) == []
        assert report.badge is not None
        assert report.badge.badge_id == assertion_v3().badge.id
        assert (report.badge.description, report.badge.issuer_name) == ("We ask for it.", "Guild of Advisers")


def test_a_hosted_endorsement_fails_where_it_differs_is_gone_or_stands_on_another_host() -> None:
    world = World()
    document = hosted(world)
    changed = {**document, "claim": {**document["claim"], "endorsementComment": "We doubt it."}}
    assert checked(stable_bytes(changed), world).has("hosted.differs")
    foreign = hosted(world, identifier="https://other.example/e1")
    assert checked(stable_bytes(foreign), world).has("issuer.other_host")
    world.put(document["id"], {**ob20.revoked(assertion_v3(), "A mistake"), "id": document["id"]}, status=410)
    assert checked(stable_bytes(document), world).revoked


@pytest.mark.parametrize("missing", ["claim", "issuer", "issuedOn"])
def test_an_endorsement_without_what_it_needs_is_refused(missing: str) -> None:
    world = World()
    document = hosted(world)
    del document[missing]
    assert checked(stable_bytes(document), world).has("structure.missing")
    nameless = {**hosted(world), "claim": {"endorsementComment": "Of nothing"}}
    assert checked(stable_bytes(nameless), world).has("structure.missing")


def test_a_signed_endorsement_holds_by_its_authors_key_until_they_revoke_it() -> None:
    world = World()
    name = "urn:uuid:7b8f1c1e-dddd-4000-8000-000000000001"
    token = ob20.sign_endorsement(
        guild(), KEYS, identifier=name, endorsed=assertion_v3().badge.id, comment="We ask for it.", issued_at=ISSUED
    )
    world.put(guild().id, ob20.profile(guild()))
    world.put(guild().public_key_id, ob20.cryptographic_key(guild().public_key_id, guild().id, KEYS.public))
    world.put(guild().revocation_list, ob20.revocation_list(guild().revocation_list, guild().id, []))
    assert problems(checked(token, world)) == []
    assert checked(token, world).form == "signed"
    other = ob20.sign_endorsement(
        guild(), RSA, identifier=name, endorsed=assertion_v3().badge.id, comment="Forged.", issued_at=ISSUED
    )
    assert checked(other, world).has("signature.wrong")
    world.put(guild().revocation_list, ob20.revocation_list(guild().revocation_list, guild().id, [(name, "No more")]))
    assert checked(token, world).revoked


def endorsement_3(endorsed: str) -> tuple[Document, str]:
    """The same endorsement of 3.0 with a proof and as a token, by whoever holds a key of their own."""
    pair = Ed25519Pair.generate()
    did = f"did:key:{pair.public.multibase()}"
    document = ob30.endorsement(
        guild(did=did), identifier=f"{ELSEWHERE}/e3", endorsed=endorsed, comment="We ask for it.", issued_at=ISSUED
    )
    signer = ob30.Signer(pair, f"{did}#{pair.public.multibase()}")
    return signer.sign(document, created=ISSUED), ob30.sign_jwt(document, KEYS, key_address=f"{ELSEWHERE}/jwk")


def endorsed() -> model.Assertion:
    source = assertion_v3()
    proved, token = endorsement_3(source.badge.id_v3)
    profile = replace(source.badge.issuer, endorsements=(endorsement_3(source.badge.issuer.did)[0],))
    return replace(
        source, badge=replace(source.badge, issuer=profile, endorsements=(proved,), endorsement_tokens=(token,))
    )


def test_tokens_go_along_in_tokens_alone() -> None:
    source = endorsed()
    plain, with_tokens = ob30.credential(source), ob30.credential(source, with_tokens=True)
    assert "endorsementJwt" not in json.dumps(plain)
    assert with_tokens["credentialSubject"]["achievement"]["endorsementJwt"] == list(source.badge.endorsement_tokens)
    with pytest.raises(Unfit):
        SIGNER.sign(with_tokens, created=ISSUED)


def test_a_credential_that_carries_endorsements_holds_and_so_does_each_of_them() -> None:
    source = endorsed()
    world = world_v3(source)
    whole = SIGNER.sign(ob30.credential(source), created=ISSUED)
    token = ob30.sign_jwt(ob30.credential(source, with_tokens=True), RSA, key_address=JWK_ADDRESS)
    for handed_in in (stable_bytes(whole), token.encode()):
        report = verify(handed_in, world, now=NOW, addresses=[ADDRESS])
        assert problems(report) == []
        assert report.badge is not None
        (inner,) = report.badge.endorsements
        assert problems(checked(stable_bytes(inner), world)) == []
    torn = json.loads(json.dumps(whole))
    torn["credentialSubject"]["achievement"]["endorsement"][0]["credentialSubject"]["endorsementComment"] = (
        "Best of all"
    )
    assert not verify(stable_bytes(torn), world, now=NOW, addresses=[ADDRESS]).valid


@pytest.mark.judges
def test_digital_bazaar_and_jose_accept_a_credential_with_everything() -> None:
    source = endorsed()
    assert source.badge.alignments
    assert source.result is not None
    assert len(source.evidence) > 1
    world = World()
    host_v3(world)
    with serving(world, ORIGIN) as origins:
        verdict = judge_di(
            SIGNER.sign(ob30.credential(source), created=ISSUED), origins=origins, now="2026-06-01T12:00:00Z"
        )
        assert verdict, verdict.reasons
    token = ob30.sign_jwt(ob30.credential(source, with_tokens=True), RSA, key_address=JWK_ADDRESS)
    verdict = judge_jwt(token, RSA.public.jwk(), now="2026-06-01T12:00:00Z")
    assert verdict, verdict.reasons


@pytest.mark.judges
def test_the_1edtech_validator_accepts_alignment_narrative_and_several_pieces_of_evidence() -> None:
    source = endorsed()
    world = world_v3(source)
    for item in source.evidence:
        if item.url:
            world.put(item.url, b"<!doctype html><title>Evidence</title>", "text/html")
    with serving(world, ORIGIN) as origins:
        verdict = judge_ob2(source.id, origins, recipient=ADDRESS.lower())
        assert verdict, verdict.reasons
