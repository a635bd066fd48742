"""Signed badges of 3.0 and 2.0 are accepted and refused by implementations of others, and theirs by ours."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import base58
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.openbadges import baking, model, ob20, ob30
from portal.openbadges.documents import Document, stable_bytes, timestamp
from portal.openbadges.keys import PublicKey, RsaPair
from portal.openbadges.keys.did import PublishedKey, did_document
from portal.openbadges.verifying import Outcome, verify
from tests.judges import ask_all, judge_di, judge_jwt, judge_ob2
from tests.openbadges import strategies
from tests.openbadges.server import serving
from tests.openbadges.world import (
    ADDRESS,
    DID,
    ED25519,
    JWK_ADDRESS,
    NOW,
    ORIGIN,
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

pytestmark = pytest.mark.judges

ISSUED = datetime(2026, 5, 1, 9, tzinfo=UTC)
TODAY = timestamp(NOW)
DOCUMENTS = {DID: did_document(DID, [PublishedKey(ED25519.public), PublishedKey(RSA.public)])}
COUNT = 300


def signed(source: model.Assertion) -> Document:
    return SIGNER.sign(ob30.credential(source), created=ISSUED)


@pytest.mark.parametrize("rich", [True, False])
def test_digital_bazaar_accepts_a_credential_with_its_status_list_over_http(rich: bool) -> None:
    source = assertion_v3() if rich else plain_v3(assertion_v3())
    world = world_v3(source)
    with serving(world, ORIGIN) as origins:
        verdict = judge_di(signed(source), origins=origins, now=TODAY)
        assert verdict, verdict.reasons


def test_digital_bazaar_refuses_revoked_expired_and_changed_credentials_and_wrong_keys() -> None:
    source = assertion_v3()
    world = world_v3(source)
    whole = signed(source)
    with serving(world, ORIGIN) as origins:
        old = replace(source, expires_at=NOW.replace(month=5))
        assert not judge_di(signed(old), origins=origins, now=TODAY)
        host_v3(world, revoked=(4_711,))
        assert not judge_di(whole, origins=origins, now=TODAY)
        host_v3(world, keys=(PublishedKey(ED25519.public, usable=False),))
        assert not judge_di(whole, origins=origins, now=TODAY)
    bare = signed(replace(source, status=None))
    tasks: list[Mapping[str, Any]] = []
    for name in ("id", "name", "validFrom", "issuer", "credentialSubject", "evidence"):
        changed = copy.deepcopy(bare)
        if isinstance(changed[name], str):
            changed[name] += "0" if name != "validFrom" else ""
            changed[name] = changed[name].replace("2026-05-01", "2026-05-02")
        elif isinstance(changed[name], dict):
            changed[name]["id"] += "0"
        else:
            changed[name][0]["name"] += "0"
        tasks.append({"ask": "verify-di", "credential": changed, "now": TODAY})
    tasks.append({"ask": "verify-di", "credential": bare, "now": TODAY})
    *refused, accepted = ask_all(tasks, documents=DOCUMENTS)
    assert accepted, accepted.reasons
    assert not any(refused)


@settings(
    max_examples=COUNT,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def _collect(data: st.DataObject) -> None:
    GENERATED.append(data.draw(strategies.assertions))


GENERATED: list[model.Assertion] = []


def test_ours_and_digital_bazaars_signatures_are_the_same_bytes_and_verify_each_other() -> None:
    GENERATED.clear()
    _collect()
    secret = ED25519.private.private_bytes(
        serialization.Encoding.Raw,
        serialization.PrivateFormat.Raw,
        serialization.NoEncryption(),
    )
    raw = ED25519.private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    key = {
        "@context": "https://w3id.org/security/multikey/v1",
        "type": "Multikey",
        "id": SIGNER.method,
        "controller": DID,
        "publicKeyMultibase": ED25519.public.multibase(),
        "secretKeyMultibase": "z" + base58.b58encode(b"\x80\x26" + secret + raw).decode(),
    }
    sources = [replace(source, status=None) for source in GENERATED]
    credentials = [ob30.credential(source) for source in sources]
    ours = [SIGNER.sign(credential, created=ISSUED) for credential in credentials]
    created = timestamp(ISSUED)
    tasks: list[Mapping[str, Any]] = [
        {"ask": "sign-di", "credential": credential, "key": key, "created": created} for credential in credentials
    ]
    tasks += [{"ask": "verify-di", "credential": one, "now": created} for one in ours]
    answers = ask_all(tasks, documents=DOCUMENTS)
    theirs, verdicts = answers[: len(ours)], answers[len(ours) :]
    assert len(ours) >= COUNT
    for credential, one, other, verdict in zip(credentials, ours, theirs, verdicts, strict=True):
        assert other, (other.reasons, credential)
        proofs = other.answer["credential"]["proof"]
        proof = proofs[0] if isinstance(proofs, list) else proofs
        assert proof["proofValue"] == one["proof"][0]["proofValue"], credential
        dated_ahead = credential["validFrom"] > created
        assert verdict or dated_ahead, verdict.reasons
    world = world_v3(assertion_v3())
    for other in theirs:
        report = verify(json.dumps(other.answer["credential"]), world, now=NOW)
        assert report.has("signature.ok"), [check.english for check in report.checks]
        assert report.has("issuer.key_owned")


@pytest.mark.parametrize("rich", [True, False])
def test_jose_accepts_a_credential_as_token(rich: bool) -> None:
    source = assertion_v3() if rich else plain_v3(assertion_v3())
    credential = ob30.credential(source)
    token = ob30.sign_jwt(credential, RSA, key_address=JWK_ADDRESS)
    verdict = judge_jwt(token, RSA.public.jwk(), now=TODAY)
    assert verdict, verdict.reasons
    payload, header = verdict.answer["payload"], verdict.answer["header"]
    assert header == {"alg": "RS256", "kid": JWK_ADDRESS, "typ": "JWT"}
    assert (payload["iss"], payload["jti"], payload["sub"]) == (DID, source.id_v3, source.subject_id)
    assert payload["nbf"] == int(source.issued_at.timestamp())
    assert {name: payload[name] for name in credential} == credential
    assert not judge_jwt(token, RsaPair.generate().public.jwk(), now=TODAY)
    assert not judge_jwt(token, RSA.public.jwk(), now="2020-01-01T00:00:00Z")


def test_digital_bazaar_accepts_endorsements_and_badges_that_carry_one() -> None:
    source = replace(assertion_v3(), status=None)
    endorsement = SIGNER.sign(
        ob30.endorsement(
            source.badge.issuer,
            identifier="urn:uuid:7b8f1c1e-dddd-4000-8000-000000000001",
            endorsed=source.badge.id_v3,
            comment="A fine badge: «godt» 一.",
            issued_at=ISSUED,
        ),
        created=ISSUED,
    )
    endorsed = signed(replace(source, badge=replace(source.badge, endorsements=(endorsement,))))
    for credential in (endorsement, endorsed):
        verdict = judge_di(credential, documents=DOCUMENTS, now=TODAY)
        assert verdict, verdict.reasons


def test_other_cryptosuites_made_by_digital_bazaar_are_verified() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    secret = private.private_numbers().private_value.to_bytes(32, "big")
    public = PublicKey(private.public_key())
    p256 = f"did:key:{public.multibase()}"
    young = ed25519.Ed25519PrivateKey.generate()
    raw = young.private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    young_public = PublicKey(young.public_key())
    point = young.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    did = f"did:key:{young_public.multibase()}"
    source = plain_v3(assertion_v3())
    of_p256 = ob30.credential(replace(source, badge=with_did(source, p256)))
    of_did = ob30.credential(replace(source, badge=with_did(source, did)))
    older = {
        **{name: value for name, value in of_did.items() if name not in ("validFrom", "awardedDate", "name")},
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
            "https://w3id.org/security/suites/ed25519-2020/v1",
        ],
        "name": "Older",
        "issuanceDate": "2026-05-01T00:00:00Z",
    }
    answers = ask_all(
        [
            {
                "ask": "sign-di",
                "cryptosuite": "ecdsa-rdfc-2019",
                "created": timestamp(ISSUED),
                "credential": of_p256,
                "key": {
                    "type": "Multikey",
                    "id": f"{p256}#{public.multibase()}",
                    "controller": p256,
                    "publicKeyMultibase": public.multibase(),
                    "secretKeyMultibase": "z" + base58.b58encode(b"\x86\x26" + secret).decode(),
                },
            },
            {
                "ask": "sign-2020",
                "created": timestamp(ISSUED),
                "credential": older,
                "key": {
                    "type": "Ed25519VerificationKey2020",
                    "id": f"{did}#{young_public.multibase()}",
                    "controller": did,
                    "publicKeyMultibase": young_public.multibase(),
                    "privateKeyMultibase": "z" + base58.b58encode(b"\x80\x26" + raw + point).decode(),
                },
            },
        ],
    )
    for answer in answers:
        assert answer, answer.reasons
        credential = answer.answer["credential"]
        report = verify(json.dumps(credential), world_v3(source), now=NOW)
        assert [check.english for check in report.checks if check.outcome is Outcome.FAILED] == []
        assert report.valid
        credential["credentialSubject"]["achievement"]["name"] += "x"
        assert verify(json.dumps(credential), world_v3(source), now=NOW).has("signature.wrong")


def with_did(source: model.Assertion, did: str) -> model.BadgeClass:
    return replace(source.badge, issuer=replace(source.badge.issuer, did=did))


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
@pytest.mark.parametrize("place", ["did:jwk", "https", "did:web", "header", "older"])
def test_tokens_made_by_jose_are_verified(algorithm: str, place: str) -> None:
    key: Any = {
        "RS256": RSA.private,
        "ES256": ec.derive_private_key(7**40, ec.SECP256R1()),
        "EdDSA": ED25519.private,
    }[algorithm]
    public = PublicKey(key.public_key())
    private_pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    jwk = type(public.jose()).import_key(private_pem).as_dict(private=True)
    source = plain_v3(assertion_v3())
    world = world_v3(source)
    issuer, kid = DID, f"{ORIGIN}/key.json"
    header: dict[str, Any] = {"alg": algorithm, "typ": "JWT"}
    if place == "did:jwk":
        issuer = "did:jwk:" + base64url(stable_bytes(public.jwk()))
        kid = f"{issuer}#0"
    elif place == "did:web":
        document = did_document(DID, [PublishedKey(public)])
        world.put(f"{ORIGIN}/.well-known/did.json", document)
        kid = document["assertionMethod"][0]
    else:
        world.put(kid, public.jwk())
    if place == "header":
        header["jwk"] = public.jwk()
        world.put(f"{ORIGIN}/.well-known/did.json", did_document(DID, [PublishedKey(public)]))
    else:
        header["kid"] = kid
    credential = ob30.credential(replace(source, badge=with_did(source, issuer)))
    claims: Document = {**credential, "iss": issuer, "jti": credential["id"], "nbf": 1_770_000_000}
    if place == "older":
        older = {name: value for name, value in credential.items() if name not in ("id", "issuer", "validFrom")}
        older["@context"] = ["https://www.w3.org/2018/credentials/v1", credential["@context"][1]]
        claims = {"vc": older, "iss": issuer, "jti": credential["id"], "nbf": 1_770_000_000}
    (answer,) = ask_all([{"ask": "sign-jwt", "claims": claims, "header": header, "jwk": jwk}])
    assert answer, answer.reasons
    report = verify(answer.answer["token"], world, now=NOW, addresses=[ADDRESS])
    assert [check.english for check in report.checks if check.outcome is not Outcome.PASSED] == []
    assert report.valid
    contradicting = claims | {"iss": "https://evil.example/"}
    (other,) = ask_all([{"ask": "sign-jwt", "claims": contradicting, "header": header, "jwk": jwk}])
    assert not verify(other.answer["token"], world, now=NOW).valid


def base64url(body: bytes) -> str:
    import base64

    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def test_tokens_without_a_real_signature_are_refused() -> None:
    source = plain_v3(assertion_v3())
    claims = stable_bytes(ob30.jwt.claims_of(ob30.credential(source)))
    header = base64url(stable_bytes({"alg": "none", "kid": JWK_ADDRESS}))
    assert not verify(f"{header}.{base64url(claims)}.", world_v3(source), now=NOW).valid
    import hashlib
    import hmac

    body = f"{base64url(stable_bytes({'alg': 'HS256', 'kid': JWK_ADDRESS}))}.{base64url(claims)}"
    mac = hmac.new(RSA.public.pem().encode(), body.encode(), hashlib.sha256).digest()
    assert not verify(f"{body}.{base64url(mac)}", world_v3(source), now=NOW).valid


def signed_2_0(source: model.Assertion) -> World:
    world = world_v3(source)
    for address, answer in list(world.answers.items()):
        if answer.content_type == "application/json" and "/v1/" not in address:
            world.put(address, answer.body, "application/ld+json")
    for address in (source.badge.criteria_url, *(item.url for item in source.evidence)):
        world.put(address, b"<!doctype html><title>Page</title>", "text/html")
    return world


@pytest.mark.parametrize("rich", [True, False])
def test_the_1edtech_validator_accepts_a_signed_2_0_badge_strictly(rich: bool, tmp_path: Path) -> None:
    source = assertion_v3() if rich else plain_v3(assertion_v3())
    world = signed_2_0(source)
    token = ob20.sign(source, RSA)
    png, svg = tmp_path / "badge.png", tmp_path / "badge.svg"
    png.write_bytes(baking.bake_png(PNG, token))
    svg.write_bytes(baking.bake_svg(SVG, "", verify=token))
    with serving(world, ORIGIN) as origins:
        for handed_in in (token, png, svg):
            verdict = judge_ob2(handed_in, origins, recipient=ADDRESS.lower())
            assert verdict, verdict.reasons
        assert not judge_ob2(token, origins, recipient="other@example.org")


def test_the_1edtech_validator_refuses_revoked_expired_and_forged_signed_badges() -> None:
    source = assertion_v3()
    world = signed_2_0(source)
    with serving(world, ORIGIN) as origins:
        assert not judge_ob2(ob20.sign(source, RsaPair.generate()), origins)
        assert not judge_ob2(ob20.sign(replace(source, expires_at=NOW.replace(year=2020)), RSA), origins)
        host_signed(world, source, revoked=(source.id_signed,))
        assert not judge_ob2(ob20.sign(source, RSA), origins)
