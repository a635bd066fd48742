"""Signing in and out, and what it withstands."""

from __future__ import annotations

import time
from datetime import timedelta
from http.cookies import SimpleCookie
from statistics import median

import pytest
from argon2 import PasswordHasher

from portal.accounts.models import EmailAddress
from portal.accounts.services import passwords
from portal.accounts.session import own_path
from portal.core import ids
from portal.core.clock import now
from portal.core.db import commit
from tests.accounts.conftest import PASSWORD

WRONG = "do not belong together"


@pytest.fixture
def ada(member):
    return member(address="ada@example.org", name="Ada")


def enter(client, address="ada@example.org", password=PASSWORD, **more):
    return client.submit("/sign-in", {"address": address, "password": password, **more})


def session_cookie(response):
    cookies = [SimpleCookie(line) for line in response.headers.getlist("Set-Cookie")]
    return next(morsel for cookie in cookies for name, morsel in cookie.items() if name.startswith("laurel-"))


def test_a_person_signs_in_with_any_case_of_the_address_and_out_again(client, ada, reread):
    response = enter(client, " Ada@Example.org ")
    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/profile").status_code == 200
    assert reread(ada).last_seen_at is not None
    assert client.get("/sign-in").location == "/"
    assert client.submit("/sign-out", on="/profile").status_code == 303
    assert client.get("/profile").location == "/sign-in?next=/profile"


def test_a_person_signs_in_with_every_verified_address_but_with_no_other(client, ada):
    ada.addresses.append(EmailAddress(address="l@example.org", verified_address="l@example.org", verified_at=now()))
    ada.addresses.append(EmailAddress(address="open@example.org"))
    commit()
    assert enter(client, "open@example.org").status_code == 422
    assert enter(client, "l@example.org").status_code == 303


def test_signing_out_by_get_does_nothing(client, ada):
    enter(client)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/profile").status_code == 200


def test_nobody_can_tell_which_addresses_have_an_account(client, ada, member, person):
    away = member(address="away@example.org")
    away.active = False
    person(address="invited@example.org")
    commit()
    answers = set()
    for address in ("ada@example.org", "away@example.org", "invited@example.org", "nobody@example.org"):
        client.delete_cookie("laurel")
        password = PASSWORD if address == "away@example.org" else "a wrong password"
        response = enter(client, address, password)
        text = response.get_data(as_text=True).replace(address, "…")
        token = client.token("/sign-in")
        answers.add(
            (response.status_code, text.replace(token, "").split("<main")[1].split('name="password"')[0][-400:])
        )
        assert WRONG in text
    assert {status for status, _text in answers} == {422}


def test_an_unknown_account_takes_as_long_as_a_wrong_password(app, monkeypatch):
    object.__setattr__(app.extensions["laurel_settings"], "testing", False)
    stored = passwords.hashed(PASSWORD)
    passwords.warm_up(testing=False)

    def seconds(held):
        taken = []
        for _ in range(3):
            begin = time.process_time()
            assert not passwords.fits(held, "a wrong password")
            taken.append(time.process_time() - begin)
        return median(taken)

    known, unknown = seconds(stored), seconds(None)
    assert 0.4 < unknown / known < 2.5


def test_a_password_is_kept_as_an_argon2id_hash(app):
    object.__setattr__(app.extensions["laurel_settings"], "testing", False)
    stored = passwords.hashed(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.fits(stored, PASSWORD)
    assert not passwords.fits(None, PASSWORD)
    assert not passwords.fits("no hash at all", PASSWORD)


def test_a_hash_made_with_weaker_parameters_is_renewed_at_the_next_sign_in(client, ada, reread):
    ada.password_hash = PasswordHasher(time_cost=2, memory_cost=32, parallelism=1).hash(PASSWORD)
    commit()
    assert enter(client).status_code == 303
    assert "t=1,p=1" in reread(ada).password_hash.replace("m=64,", "")
    assert "m=64" in reread(ada).password_hash


def test_the_same_letters_from_another_keyboard_are_the_same_password(client, member):
    who = member(address="zoe@example.org")
    passwords.store(who, passwords.hashed("Zoë's window"))
    commit()
    assert enter(client, "zoe@example.org", "Zoe\u0308's window").status_code == 303


def test_ten_wrong_passwords_for_an_address_are_enough(client, ada):
    for _ in range(10):
        assert enter(client, password="a wrong password").status_code == 422
    response = enter(client)
    assert response.status_code == 429
    assert "Too many tries" in response.get_data(as_text=True)
    assert response.headers["Retry-After"] == "300"
    assert enter(client, "other@example.org").status_code == 422


def test_tries_at_an_unknown_address_are_counted_the_same(client):
    answers = [enter(client, "nobody@example.org").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_signing_in_forgives_the_tries_before(client, ada):
    for _ in range(3):
        for _ in range(6):
            enter(client, password="a wrong password")
        assert enter(client).status_code == 303
        client.submit("/sign-out", on="/profile")


def test_one_caller_cannot_try_one_address_after_the_other(client):
    token = client.token("/sign-in")
    answers = [
        client.post("/sign-in", data={"csrf_token": token, "address": f"n{n}@example.org", "password": "x"}).status_code
        for n in range(62)
    ]
    assert answers[:60] == [422] * 60
    assert answers[60:] == [429] * 2


def test_without_the_forms_token_nothing_happens(client, ada):
    response = client.post("/sign-in", data={"address": "ada@example.org", "password": PASSWORD})
    assert response.status_code == 400
    assert client.get("/profile").status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%0d%0aX: y\r\nZ: z", "javascript:alert(1)",
        "///evil.example", "/\tevil", "http:evil", " //evil.example", "/sign-out", "/sign-in?next=/sign-in", "evil", "", "/a\x01b", "/" + "a" * 3000,
    ],
)  # fmt: skip
def test_signing_in_never_leads_to_another_site(client, ada, target):
    assert enter(client, next=target).location == "/"
    assert client.get("/sign-in", query_string={"next": target}).location == "/"


def test_a_nul_in_where_one_wanted_to_go_reaches_no_header(client, ada):
    assert enter(client, next="/a\x00b").location == "/ab"


def test_signing_in_leads_back_to_where_one_wanted_to_go(client, ada):
    assert client.get("/profile/addresses?x=1").location == "/sign-in?next=/profile/addresses?x%3D1"
    page = client.get("/sign-in?next=/profile/addresses?x%3D1").get_data(as_text=True)
    assert 'value="/profile/addresses?x=1"' in page
    assert enter(client, next="/profile/addresses?x=1").location == "/profile/addresses?x=1"
    assert own_path("/learning-paths?q=ü&page=2#top") == "/learning-paths?q=ü&page=2#top"


def test_a_session_from_before_signing_in_is_worth_nothing_after_it(app, client, ada):
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    enter(client)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert "csrf_token" not in cookie


def test_the_session_ends_with_the_browser_unless_one_asks_to_stay(app, ada):
    brief = session_cookie(enter(app.test_client()))
    assert (brief["max-age"], brief["expires"]) == ("", "")
    assert brief["httponly"]
    assert brief["secure"]
    assert brief["samesite"] == "Lax"
    long = session_cookie(enter(app.test_client(), stay="y"))
    assert long["expires"]


def test_a_kept_session_ends_after_thirty_days(client, ada, clock):
    begin = now()
    enter(client, stay="y")
    client.get("/profile")
    clock(begin + timedelta(days=29))
    assert client.get("/profile").status_code == 200
    clock(begin + timedelta(days=31))
    assert client.get("/profile").status_code == 302


def test_the_session_of_a_deactivated_person_ends_at_once(client, ada):
    enter(client)
    ada.active = False
    commit()
    assert client.get("/profile").status_code == 302
    assert client.post("/profile").status_code in {400, 401}


def test_a_forged_or_broken_session_signs_nobody_in(app, client, ada):
    for value in (ada.public_id, f"{ada.public_id}.", f"{ada.public_id}.{ids.public_id()}", ".", "", "1.1"):
        with client.session_transaction() as cookie:
            cookie["_user_id"] = value
        assert client.get("/profile").status_code == 302


@pytest.mark.parametrize(
    ("address", "password"),
    [("", ""), ("ada@example.org", ""), ("no address", "x"), ("a" * 300 + "@example.org", "x"), ("ada@example.org", "x" * 5000),
     ("ada@example.org\r\nBcc: x@example.org", "x"), ("' OR 1=1 --", "' OR 1=1 --"), ("\u202eada@example.org", "x"), ("李@例子.example", "密码"), ("\x00", "\x00")],
)  # fmt: skip
def test_odd_input_is_refused_in_the_form(client, ada, address, password):
    response = enter(client, address, password)
    assert response.status_code == 422
    assert client.get("/profile").status_code == 302


def test_the_password_is_never_shown_again(client, ada):
    assert "my secret words" not in enter(client, password="my secret words").get_data(as_text=True)
