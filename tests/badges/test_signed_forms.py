"""The four forms of an award: signed once, served as stored, revoked together, and verified."""

from __future__ import annotations

import base64
import json

import pytest

from portal.badges import services
from portal.badges.models import Award, StatusList
from portal.badges.services import keys
from portal.badges.services.statuses import take_place
from portal.core.clock import now
from portal.core.db import commit, session
from portal.openbadges.baking import unbake_png
from portal.openbadges.verifying import verify
from portal.web.badge_fetcher import BadgeFetcher
from tests.badges.serving import ORIGIN, serving
from tests.judges import judge_di, judge_jwt, judge_ob2

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
HOLDER, STRANGER = "ada@example.org", "eve@example.org"


@pytest.fixture
def award(give, person):
    return give(to=person(address=HOLDER), evidence_url=f"{ORIGIN}/check-badge")


def forms(award: Award) -> dict[str, str]:
    name = award.public_id
    return {
        f"/badges/assertions/{name}/signed.jws": "application/jose",
        f"/badges/assertions/{name}/signed.png": "image/png",
        f"/badges/credentials/{name}": "application/vc+ld+json",
        f"/badges/credentials/{name}/credential.jwt": "application/vc+jwt",
        f"/badges/credentials/{name}/image.png": "image/png",
        f"/badges/credentials/{name}/jwt.png": "image/png",
    }


def checked(source, address: str = HOLDER):
    commit()
    return verify(source, BadgeFetcher(), now=now(), addresses=(address,))


def test_every_form_answers_anybody_with_its_own_type(client, award):
    for path, kind in forms(award).items():
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind), path
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers
        assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        assert client.head(path).status_code == 200


def test_every_form_verifies_for_its_holder_and_for_nobody_else(client, award):
    for path in forms(award):
        data = client.get(path).data
        report = checked(data)
        assert report.valid, (path, [(check.name, check.english) for check in report.checks])
        assert report.recipient == HOLDER
        assert not checked(data, STRANGER).valid
        if not path.endswith((".jws",)):
            assert checked(f"{ORIGIN}{path}").valid, path


def test_a_form_is_compressed_for_whoever_takes_that(client, award):
    path = f"/badges/credentials/{award.public_id}"
    plain, packed = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2 + 200
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/vc+ld+json"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("application/json", "application/json"),
        (BROWSER, "text/html"),
    ],
)
def test_the_credential_comes_in_the_form_that_is_ranked_highest(client, award, accept, kind):
    assert client.get(f"/badges/credentials/{award.public_id}", headers={"Accept": accept}).mimetype == kind


def test_a_browser_downloads_the_credential_itself(client, award):
    answer = client.get(f"/badges/credentials/{award.public_id}/credential.json", headers={"Accept": BROWSER})
    assert answer.data == award.document_v3


def test_what_was_signed_is_served_as_stored_whatever_changes_later(client, award):
    kept = {path: client.get(path).data for path in forms(award)}
    services.save_issuer(name="Other", url="https://other.example", email="x@other.example")
    keys.rotate()
    commit()
    assert {path: client.get(path).data for path in kept} == kept
    assert checked(kept[f"/badges/credentials/{award.public_id}"]).valid
    assert checked(kept[f"/badges/credentials/{award.public_id}/credential.jwt"]).valid
    assert checked(kept[f"/badges/assertions/{award.public_id}/signed.jws"]).valid


def test_the_forms_name_each_other_and_hide_the_recipient(client, award):
    credential = json.loads(award.document_v3)
    assert credential["id"] == f"{ORIGIN}/badges/credentials/{award.public_id}"
    assert credential["issuer"]["id"] == "did:web:portal.example"
    assert credential["credentialSubject"]["id"].startswith("urn:uuid:")
    token = json.loads(base64.urlsafe_b64decode(award.document_v3_jwt.split(b".")[1] + b"=="))
    assert (token["jti"], token["sub"]) == (credential["id"], credential["credentialSubject"]["id"])
    for body in (award.document_v3, award.document_v3_jwt, award.document_signed):
        assert b"ada@" not in body
    assert services.assertion_url(award) in {item["id"] for item in credential["evidence"]}
    achievement, badge = credential["credentialSubject"]["achievement"], json.loads(award.badge_class.document_v2)
    assert badge["id"] in {item["id"] for item in achievement["related"]}
    assert achievement["id"] in {item["id"] for item in badge["related"]}


def test_a_new_version_of_a_badge_names_the_one_before(definition):
    first = services.freeze(definition(series="path:1"))
    second = services.freeze(definition(series="path:1", name="Second aid"))
    related = json.loads(second.document_v2)["related"]
    assert {"id": f"{ORIGIN}/badges/classes/{first.public_id}", "version": "1", "@language": "en"} in related


def test_the_human_page_announces_every_form(client, award):
    html = client.get(f"/badges/assertions/{award.public_id}", headers={"Accept": BROWSER}).text
    for kind in ("application/ld+json", "application/jose", "application/vc+ld+json", "application/vc+jwt"):
        assert f'<link rel="alternate" type="{kind}"' in html
    assert html.count('<link rel="alternate" type="image/png"') == 4


def test_the_achievement_stands_at_its_own_address(client, award):
    path = f"/badges/achievements/{award.badge_class.public_id}"
    document = client.get(path).get_json(force=True)
    assert document["id"] == f"{ORIGIN}{path}"
    assert document["name"] == "First aid"
    assert json.loads(award.document_v3)["credentialSubject"]["achievement"]["id"] == document["id"]


def test_the_did_document_lists_the_keys_and_the_profile_names_them(client, award):
    document = client.get("/.well-known/did.json").get_json(force=True)
    assert document["id"] == "did:web:portal.example"
    assert len(document["verificationMethod"]) == 2
    profile = client.get("/badges/issuer").get_json(force=True)
    key = client.get(profile["publicKey"].removeprefix(ORIGIN)).get_json(force=True)
    assert (key["id"], key["owner"]) == (profile["publicKey"], profile["id"])
    jwk = client.get(profile["publicKey"].removeprefix(ORIGIN) + ".jwk")
    assert jwk.mimetype == "application/jwk+json"
    assert set(jwk.get_json(force=True)) == {"kty", "n", "e", "alg"}


def test_no_private_key_is_readable_in_the_database(app, award):
    for row in keys.all_keys():
        assert b"PRIVATE" not in row.private_pem


def test_a_revoked_badge_is_revoked_in_every_form(client, award):
    copies = {path: client.get(path).data for path in forms(award)}
    services.revoke(award, reason="Given by mistake.")
    commit()
    for path, copy in copies.items():
        assert client.get(path).status_code == 410
        report = checked(copy)
        assert report.revoked, (path, [(check.name, check.english) for check in report.checks])
    entries = client.get("/badges/revocations").get_json(force=True)["revokedAssertions"]
    assert "Given by mistake." in {entry.get("revocationReason") for entry in entries}


def test_the_status_list_comes_in_both_forms_and_is_signed_anew_only_on_change(client, award, give, person):
    row = session().get(StatusList, award.status_list_id)
    path = f"/badges/status/{row.public_id}"
    first = client.get(path)
    assert first.mimetype == "application/vc+ld+json"
    give(to=person())
    assert client.get(path).data == first.data
    services.revoke(award, reason="Given by mistake.")
    commit()
    assert client.get(path).data != first.data
    assert client.get(path, headers={"Accept": "application/vc+jwt"}).data.count(b".") == 2


def test_places_in_the_status_list_are_random_and_unique(give, person):
    places = [give(to=person()).status_index for _ in range(6)]
    assert len(set(places)) == 6
    assert places != sorted(places) or max(places) > 100


def test_a_full_list_is_followed_by_another(award, give, person):
    session().get(StatusList, award.status_list_id).taken = 10**6
    commit()
    assert give(to=person()).status_list_id != award.status_list_id


def test_an_award_of_before_gets_its_signed_forms_from_the_worker_once(award, run_jobs, client):
    award.signed_at = award.document_signed = award.document_v3 = award.document_v3_jwt = None
    award.status_list_id = award.status_index = None
    commit()
    assert client.get(f"/badges/credentials/{award.public_id}").status_code == 404
    assert (
        "application/jose" not in client.get(f"/badges/assertions/{award.public_id}", headers={"Accept": BROWSER}).text
    )
    before = award.document_v2
    run_jobs()
    row = services.award_by_public_id(award.public_id)
    signed = row.document_v3
    assert row.document_v2 == before
    assert checked(signed).valid
    run_jobs()
    assert services.award_by_public_id(award.public_id).document_v3 == signed


def test_the_worker_makes_the_keys_at_the_first_start(app, run_jobs, client):
    assert client.get("/.well-known/did.json").status_code == 404
    run_jobs()
    assert len(client.get("/.well-known/did.json").get_json(force=True)["verificationMethod"]) == 2


def test_what_a_compromised_key_signed_does_not_verify_any_more(award, give, person, client):
    from portal.badges.services.statuses import sign_all_anew

    copies = [award.document_v3, award.document_v3_jwt, award.document_signed]
    for row in keys.ensure_keys():
        keys.mark_compromised(row)
    sign_all_anew()
    commit()
    for copy in copies:
        assert not checked(copy).valid
    fresh = give(to=person(address="new@example.org"))
    assert checked(fresh.document_v3, "new@example.org").valid
    assert checked(fresh.document_v3_jwt, "new@example.org").valid
    assert checked(fresh.document_signed, "new@example.org").valid


@pytest.mark.parametrize("text", ["Кириллица", "العربية", "学習 🎓", "a\u2028b", "e\u0301\u200d"])
def test_names_in_any_script_are_signed_as_they_are(give, person, definition, text):
    badge = services.freeze(definition(name=text))
    commit()
    row = give(badge=badge, to=person(address=HOLDER))
    assert checked(row.document_v3).valid
    assert json.loads(row.document_v3)["name"] == text


def test_a_withdrawn_badge_is_gone_in_every_form_and_the_row_is_kept(award, client):
    services.withdraw(award)
    commit()
    for path in (*forms(award), f"/badges/assertions/{award.public_id}"):
        assert client.get(path).status_code == 410
    assert services.award_by_public_id(award.public_id).recipient_address == HOLDER


def test_taking_a_place_twice_keeps_the_place(award):
    entry = take_place(award)
    assert entry.index == award.status_index


@pytest.mark.judges
def test_the_1edtech_validator_accepts_the_signed_badge_and_refuses_it_when_revoked(app, award, tmp_path, client):
    token = award.document_signed.decode()
    picture = tmp_path / "signed.png"
    picture.write_bytes(client.get(f"/badges/assertions/{award.public_id}/signed.png").data)
    assert unbake_png(picture.read_bytes(), "openbadges") == token
    with serving(app) as origins:
        for source in (token, picture):
            verdict = judge_ob2(source, origins, recipient=HOLDER)
            assert verdict, verdict.reasons
            assert not judge_ob2(source, origins, recipient=STRANGER)
        services.revoke(award, reason="Given by mistake.")
        commit()
        assert not judge_ob2(token, origins)


@pytest.mark.judges
def test_digital_bazaar_accepts_the_credential_and_refuses_it_when_changed_or_revoked(app, award):
    credential = json.loads(award.document_v3)
    with serving(app) as origins:
        verdict = judge_di(credential, origins=origins)
        assert verdict, verdict.reasons
        assert not judge_di({**credential, "name": "Other"}, origins=origins)
        services.revoke(award, reason="Given by mistake.")
        commit()
        assert not judge_di(credential, origins=origins)


@pytest.mark.judges
def test_jose_accepts_the_token_with_the_key_that_its_header_names(app, award, client):
    token = award.document_v3_jwt.decode()
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert header["alg"] == "RS256"
    jwk = client.get(header["kid"].removeprefix(ORIGIN)).get_json(force=True)
    verdict = judge_jwt(token, jwk)
    assert verdict, verdict.reasons
