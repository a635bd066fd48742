"""Badges as other issuers make them: older versions, older lists, keys in other places."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from joserfc.jwk import RSAKey

from portal.openbadges import ob11, ob20, ob30
from portal.openbadges.documents import Document, stable_bytes
from portal.openbadges.errors import Unreadable
from portal.openbadges.keys import Ed25519Pair, PublicKey, RsaPair
from portal.openbadges.keys.did import document_of_key
from portal.openbadges.verifying import Outcome, Report, verify
from tests.openbadges.world import ADDRESS, NOW, ORIGIN, RSA, World, assertion_v3, plain_v3, world_of, world_v3

ISSUED = datetime(2026, 5, 1, 9, tzinfo=UTC)
ISSUER = "https://academy.example/issuer"


def checked(source: object, world: World) -> Report:
    handed_in = source if isinstance(source, str) else stable_bytes(source) if isinstance(source, dict) else b""
    return verify(handed_in, world, now=NOW, addresses=[ADDRESS])


def problems(report: Report) -> list[str]:
    return [check.english for check in report.checks if check.outcome is not Outcome.PASSED]


def of_https_issuer(world: World, pair: Ed25519Pair, **members: object) -> Document:
    """A credential of an issuer whose identifier is an address that answers with its keys."""
    method = f"{ISSUER}#key-1"
    key = {"id": method, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": pair.public.multibase()}
    world.put(ISSUER, {"id": ISSUER, "type": "Profile", "assertionMethod": [key]})
    source = plain_v3(assertion_v3())
    badge = replace(source.badge, issuer=replace(source.badge.issuer, did=ISSUER))
    credential = ob30.credential(replace(source, badge=badge)) | members
    return ob30.Signer(pair, method).sign(credential, created=ISSUED)


def test_an_issuer_may_be_an_address_that_lists_its_keys() -> None:
    world = world_v3(assertion_v3())
    credential = of_https_issuer(world, Ed25519Pair.generate())
    assert problems(checked(credential, world)) == []
    world.put(ISSUER, {"id": ISSUER, "type": "Profile", "assertionMethod": []})
    assert checked(credential, world).has("signature.key_unusable")
    world.put(ISSUER, b"gone", status=404)
    assert checked(credential, world).outcome is Outcome.NOT_POSSIBLE


@pytest.mark.parametrize("bit", [False, True])
def test_a_status_list_of_2021_is_read(bit: bool) -> None:
    world = world_v3(assertion_v3())
    pair = Ed25519Pair.generate()
    address = "https://academy.example/status"
    encoded = ob30.StatusList(revoked=(7,) if bit else ()).encoded().removeprefix("u")
    listing: Document = {
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://w3id.org/vc/status-list/2021/v1",
            "https://w3id.org/security/data-integrity/v2",
        ],
        "id": address,
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "issuer": ISSUER,
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "StatusList2021",
            "statusPurpose": "revocation",
            "encodedList": encoded,
        },
    }
    world.put(address, ob30.Signer(pair, f"{ISSUER}#key-1").sign(listing, created=ISSUED))
    status = {
        "id": f"{address}#7",
        "type": "StatusList2021Entry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": address,
    }
    contexts = [
        "https://www.w3.org/ns/credentials/v2",
        ob30.contexts.OPEN_BADGES,
        "https://w3id.org/vc/status-list/2021/v1",
    ]
    members = {"@context": contexts, "credentialStatus": status}
    credential = of_https_issuer(world, pair, **members)
    report = checked(credential, world)
    assert report.revoked is bit
    assert report.valid is not bit


@pytest.mark.parametrize("revoked", [False, True])
def test_a_revocation_list_of_1edtech_is_read(revoked: bool) -> None:
    world = world_v3(assertion_v3())
    address = "https://academy.example/revocations"
    status = {"id": address, "type": "1EdTechRevocationList"}
    contexts = ["https://www.w3.org/ns/credentials/v2", ob30.contexts.OPEN_BADGES, ob30.contexts.EXTENSIONS]
    members = {"credentialStatus": status, "@context": contexts}
    credential = of_https_issuer(world, Ed25519Pair.generate(), **members)
    entry = {"id": credential["id"] if revoked else "urn:uuid:other", "revoked": True, "revocationReason": "Mistake"}
    world.put(address, {"id": address, "issuer": ISSUER, "revokedCredential": [entry]})
    report = checked(credential, world)
    assert report.has("status.revoked_because") is revoked
    assert report.valid is not revoked
    world.put(address, b"[]")
    assert checked(credential, world).has("status.broken")


def test_an_unknown_way_of_revoking_is_not_possible_to_check() -> None:
    world = world_v3(assertion_v3())
    pair = Ed25519Pair.generate()
    credential = of_https_issuer(world, pair)
    token = ob30.sign_jwt(
        {**credential, "issuer": ISSUER, "credentialStatus": {"id": "https://a.example/s", "type": "Odd"}},
        RSA,
        key_address=f"{ORIGIN}/ob/v3/keys/rsa",
    )
    assert checked(token, world).has("status.unsupported")


def signed_1_1(pair: RsaPair, world: World) -> str:
    source = plain_v3(assertion_v3())
    address = f"{ORIGIN}/key.pem"
    world.put(address, pair.public.pem().encode(), "application/x-pem-file")
    issuer = ob11.issuer(source.badge.issuer) | {"revocationList": f"{ORIGIN}/revoked.json"}
    world.put(source.badge.issuer.id_v1, issuer)
    world.put(f"{ORIGIN}/revoked.json", {"other": "Mistake"})
    document = ob11.assertion(source) | {"verify": {"type": "signed", "url": address}}
    return pair.sign_jws(stable_bytes(document))


def test_a_signed_badge_of_1_1_is_checked() -> None:
    world = world_of(assertion_v3())
    token = signed_1_1(RSA, world)
    report = checked(token, world)
    assert problems(report) == []
    assert (report.standard, report.form) == ("1.1", "signed")
    world.put(f"{ORIGIN}/revoked.json", {"a1": "Mistake"})
    assert checked(token, world).has("status.revoked_because")
    world.put(f"{ORIGIN}/key.pem", RsaPair.generate().public.pem().encode())
    assert checked(token, world).has("signature.wrong")
    world.put(f"{ORIGIN}/key.pem", b"-----BEGIN NOTHING-----")
    assert checked(token, world).has("signature.key_unusable")


def test_a_signed_badge_handed_in_without_its_signature_fails() -> None:
    source = assertion_v3()
    world = world_v3(source)
    assert checked(ob20.composing.signed_payload(source), world).has("signature.unsigned")
    assert checked(ob30.credential(source), world).has("signature.unsigned")


def test_a_set_of_keys_is_searched_by_name() -> None:
    source = plain_v3(assertion_v3())
    world = world_v3(source)
    address = f"{ORIGIN}/jwks.json"
    other = RsaPair.generate().public.jwk() | {"kid": "other"}
    world.put(address, {"keys": [other, RSA.public.jwk() | {"kid": "mine"}]})
    token = ob30.sign_jwt(ob30.credential(source), RSA, key_address=f"{address}#mine")
    assert problems(checked(token, world)) == []
    token = ob30.sign_jwt(ob30.credential(source), RSA, key_address=f"{address}#other")
    assert checked(token, world).has("signature.wrong")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "zzz",
        "z6Mk",
        "z" + "1" * 5000,
        "u____",
        "did:key:z0OIl",
        "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hw0",
    ],
)
def test_damaged_keys_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        PublicKey.of_multibase(text)


@pytest.mark.parametrize(
    "jwk",
    [{}, None, "x", {"kty": "oct", "k": "AAAA"}, {"kty": "RSA", "n": "AQAB", "e": "AQAB"}, {"kty": "OKP", "crv": "X25519", "x": "A"},
     {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}, {"kty": "RSA", "n": 7, "e": []}],
)  # fmt: skip
def test_damaged_and_foreign_jwks_are_refused(jwk: object) -> None:
    with pytest.raises(Unreadable):
        PublicKey.of_jwk(jwk)


def test_private_halves_in_published_keys_are_not_taken_over() -> None:
    private = RSAKey.import_key(RSA.pem()).as_dict(private=True)
    assert "d" in private
    assert "d" not in PublicKey.of_jwk(private).jwk()


def test_other_identifiers_unfold_to_nothing() -> None:
    assert document_of_key("did:web:portal.example") is None
    with pytest.raises(Unreadable):
        document_of_key("did:jwk:%%%")
