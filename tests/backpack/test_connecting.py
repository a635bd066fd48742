"""Backpack Connect: a portal is allowed once, pushes from then on, and can be shut out."""

from __future__ import annotations

import base64
import re
import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, text

from portal.backpack.models import PortalGrant
from portal.core import ids
from portal.core.clock import now
from portal.core.db import commit, session
from tests.backpack.conftest import ADDRESS

ACCESS, ISSUE, TOKEN, IDENTITY = (
    "/backpack/access",
    "/backpack/api/issue",
    "/backpack/api/token",
    "/backpack/api/identity",
)


def allow(signed_in, issuer, *, decision="allow", callback=None, scope="issue"):
    callback = callback or f"{issuer.base}/back/nonce"
    return signed_in.submit(
        ACCESS,
        {"callback": callback, "scope": scope, "decision": decision},
        on=f"{ACCESS}?callback={callback}&scope=issue",
    )


def tokens_of(answer):
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}


def bearer(token):
    return {"Authorization": "Bearer " + base64.b64encode(token.encode()).decode()}


def push(client, token, url, **kwargs):
    return client.post(ISSUE, data={"badge": url}, headers=bearer(token), **kwargs)


@pytest.fixture
def token(signed_in, issuer):
    return tokens_of(allow(signed_in, issuer))["access_token"]


def test_the_consent_page_says_who_asks_and_what_is_allowed(signed_in, issuer):
    page = signed_in.get(ACCESS, query_string={"callback": issuer.base + "/back?x=1", "scope": "issue"})
    assert page.status_code == 200
    for words in (
        issuer.base,
        "Astrid Lund",
        ADDRESS,
        "What it may not do",
        "Allow",
        "Do not allow",
        "without encryption",
    ):
        assert words in page.text
    policy = page.headers["Content-Security-Policy"]
    assert f"form-action 'self' {issuer.base};" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["X-Frame-Options"] == "DENY"


def test_a_guest_signs_in_first_and_comes_back_to_the_question(client, issuer):
    answer = client.get(ACCESS, query_string={"callback": issuer.base + "/back", "scope": "issue"})
    onward = parse_qs(urlsplit(answer.location).query)["next"][0]
    assert parse_qs(urlsplit(onward).query) == {"callback": [issuer.base + "/back"], "scope": ["issue"]}


def test_allowing_goes_back_with_tokens_that_are_kept_as_digests(signed_in, issuer, app):
    answer = allow(signed_in, issuer, callback=f"{issuer.base}/back/nonce?x=1")
    assert answer.status_code == 303
    assert answer.location.startswith(f"{issuer.base}/back/nonce?x=1&")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    sent = tokens_of(answer)
    assert sent["expires"] == "3600"
    assert sent["api_root"] == "https://portal.example/backpack/api"
    grant = session().scalars(select(PortalGrant)).one()
    assert grant.origin == issuer.base
    assert grant.access_digest == ids.digest(sent["access_token"])
    rows = session().execute(text("SELECT * FROM portal_grant")).all()
    assert sent["access_token"] not in str(rows)
    assert sent["refresh_token"] not in str(rows)


def test_not_allowing_goes_back_with_nothing(signed_in, issuer, app):
    answer = allow(signed_in, issuer, decision="deny")
    assert tokens_of(answer) == {"error": "access_denied"}
    assert session().scalars(select(PortalGrant)).all() == []


def test_consent_without_the_token_of_our_own_form_is_refused(signed_in, issuer, app):
    answer = signed_in.post(ACCESS, data={"callback": issuer.base, "scope": "issue", "decision": "allow"})
    assert answer.status_code == 400
    assert session().scalars(select(PortalGrant)).all() == []


@pytest.mark.parametrize(
    "callback",
    [
        "", "javascript:alert(1)", "data:text/html,x", "/backpack", "//evil.example/", "https://", "https:evil.example",
        "https://good.example@evil.example/", "https://portal.example/#", "https://x.example/back#frag", "ftp://x.example/",
        "https://x.example\\@evil.example/", "https://x.example/\r\nSet-Cookie: a=b", "https://x.example:99999/", "https://x.example/" + "y" * 2000,
        "https://x.example;script-src/ *", "https://x.example/ 'unsafe-inline'",
    ],
)  # fmt: skip
def test_a_callback_that_is_no_plain_address_is_never_followed(signed_in, app, callback):
    page = signed_in.get(ACCESS, query_string={"callback": callback, "scope": "issue"})
    assert page.status_code == 400
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    for decision in ("allow", "deny"):
        answer = signed_in.submit(
            ACCESS, {"callback": callback, "scope": "issue", "decision": decision}, on="/backpack/import"
        )
        assert answer.status_code == 400
        assert "Location" not in answer.headers


@pytest.mark.parametrize("scope", ["", "everything", "issue,everything"])
def test_a_scope_that_does_not_exist_is_refused(signed_in, issuer, scope):
    assert signed_in.get(ACCESS, query_string={"callback": issuer.base, "scope": scope}).status_code == 400


def test_a_pushed_badge_is_received_once(client, issuer, token, held):
    url = issuer.award(ADDRESS)
    first = push(client, token, url)
    assert first.status_code == 201
    assert first.json["badge"]["uid"] == "uid-1"
    again = push(client, token, url)
    assert (again.status_code, again.data) == (304, b"")
    json = client.post(ISSUE, json={"badge": issuer.award(ADDRESS, "2")}, headers=bearer(token))
    assert json.status_code == 201
    assert len(held()) == 2


def test_pushing_refuses_with_the_documented_statuses(client, issuer, token, held):
    assert push(client, token, issuer.award("x@fjords.example")).status_code == 403
    assert push(client, token, issuer.award(ADDRESS, "2", issuer_url="https://elsewhere.example/")).status_code == 403
    for url in ("", "nonsense", issuer.base + "/nothing", issuer.award(ADDRESS, "3", uid=None)):
        assert push(client, token, url).status_code == 400
    assert client.post(ISSUE, json=["x"], headers=bearer(token)).status_code == 400
    assert client.post(ISSUE, json={"badge": {"a": 1}}, headers=bearer(token)).status_code == 400
    assert held() == []


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer !!!",
        "Basic abc",
        "Bearer " + base64.b64encode(b"unknown").decode(),
        "Bearer \xff\xfe",
    ],
)
def test_a_push_without_a_token_that_holds_is_refused(client, issuer, token, header, held):
    url = issuer.award(ADDRESS)
    answer = client.post(ISSUE, data={"badge": url}, headers={"Authorization": header} if header is not None else {})
    assert answer.status_code == 401
    assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert held() == []
    assert issuer.asked == []


def test_the_refresh_token_opens_nothing_itself(client, signed_in, issuer):
    refresh = tokens_of(allow(signed_in, issuer))["refresh_token"]
    assert push(client, refresh, issuer.award(ADDRESS)).status_code == 401


def test_an_expired_token_is_refused_until_it_is_renewed(client, signed_in, issuer, app):
    sent = tokens_of(allow(signed_in, issuer))
    grant = session().scalars(select(PortalGrant)).one()
    grant.expires_at = now() - timedelta(seconds=1)
    commit()
    assert push(client, sent["access_token"], issuer.award(ADDRESS)).status_code == 401
    renewed = client.post(TOKEN, json={"grant_type": "refresh_token", "refresh_token": sent["refresh_token"]})
    assert renewed.status_code == 200
    assert set(renewed.json) == {"access_token", "refresh_token", "expires", "token_type"}
    assert renewed.json["refresh_token"] != sent["refresh_token"]
    assert renewed.headers["Cache-Control"] == "no-store"
    assert push(client, renewed.json["access_token"], issuer.award(ADDRESS)).status_code == 201
    assert push(client, sent["access_token"], issuer.award(ADDRESS, "2")).status_code == 401


def test_showing_a_spent_refresh_token_again_ends_everything(client, signed_in, issuer):
    sent = tokens_of(allow(signed_in, issuer))
    ask = {"grant_type": "refresh_token", "refresh_token": sent["refresh_token"]}
    renewed = client.post(TOKEN, data=ask).json
    assert client.post(TOKEN, data=ask).status_code == 400
    assert push(client, renewed["access_token"], issuer.award(ADDRESS)).status_code == 401
    more = client.post(TOKEN, json={"grant_type": "refresh_token", "refresh_token": renewed["refresh_token"]})
    assert more.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"grant_type": "password"},
        {"grant_type": "refresh_token"},
        {"grant_type": "refresh_token", "refresh_token": "x"},
    ],
)
def test_a_renewal_that_makes_no_sense_is_refused(client, body):
    assert client.post(TOKEN, json=body).status_code == 400
    assert client.post(TOKEN, json={**body, "refresh_token": {"$ne": ""}}).status_code == 400


def test_the_identity_is_the_hash_of_the_primary_address(client, token):
    import hashlib

    answer = client.get(IDENTITY, headers=bearer(token))
    assert answer.json == {
        "identity": "sha256$" + hashlib.sha256(ADDRESS.encode()).hexdigest(), "type": "email", "hashed": True,
    }  # fmt: skip
    assert client.get(IDENTITY).status_code == 401


def test_allowed_portals_are_listed_and_can_be_revoked(client, signed_in, issuer, token, app, held):
    page = signed_in.get("/backpack/portals")
    assert issuer.base in page.text
    action = re.search(r'action="(/backpack/portals/[^"]+/revoke)"', page.text)[1]
    assert signed_in.submit(action, on="/backpack/portals").status_code == 303
    assert issuer.base not in signed_in.get("/backpack/portals").text.partition("<main")[2].partition("flashes")[0]
    assert push(client, token, issuer.award(ADDRESS)).status_code == 401
    assert held() == []


def test_nobody_revokes_what_another_person_allowed(signed_in, issuer, token, app, person, sign_in):
    grant = session().scalars(select(PortalGrant)).one()
    stranger = sign_in(person("administrator"))
    assert stranger.submit(f"/backpack/portals/{grant.public_id}/revoke", on="/backpack/import").status_code == 404
    session().expire_all()
    assert session().scalars(select(PortalGrant)).one().revoked_at is None


def test_allowing_again_ends_the_tokens_of_before(client, signed_in, issuer, token):
    second = tokens_of(allow(signed_in, issuer))["access_token"]
    assert push(client, token, issuer.award(ADDRESS)).status_code == 401
    assert push(client, second, issuer.award(ADDRESS)).status_code == 201


def test_a_portal_is_shut_out_while_it_waits_for_its_issuer(app, client, signed_in, issuer, token, held):
    url = issuer.award(ADDRESS)
    issuer.pages["/class-1"].slow = 1.0
    answers = []
    commit()
    pushing = threading.Thread(target=lambda: answers.append(push(app.test_client(), token, url)))
    pushing.start()
    action = re.search(r'action="(/backpack/portals/[^"]+/revoke)"', signed_in.get("/backpack/portals").text)[1]
    signed_in.submit(action, on="/backpack/portals")
    pushing.join()
    assert answers[0].status_code == 401
    assert held() == []


def test_two_pushes_at_the_same_time_make_one_badge(app, issuer, token, held):
    url = issuer.award(ADDRESS)
    issuer.pages["/image-1"].slow = 0.4
    commit()
    statuses = []
    threads = [
        threading.Thread(target=lambda: statuses.append(push(app.test_client(), token, url).status_code))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 304, 304, 304]
    assert len(held()) == 1


def test_the_tokens_of_somebody_who_was_shut_out_hold_no_more(client, issuer, token, learner):
    learner.active = False
    commit()
    assert push(client, token, issuer.award(ADDRESS)).status_code == 401


def test_an_address_that_is_no_longer_verified_receives_nothing(client, issuer, token, learner, held):
    learner.addresses[0].verified_at = None
    commit()
    assert push(client, token, issuer.award(ADDRESS)).status_code == 403
    assert client.get(IDENTITY, headers=bearer(token)).status_code == 404
    assert held() == []
