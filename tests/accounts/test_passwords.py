"""Choosing, changing and forgetting a password."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.accounts.services import passwords
from portal.core.clock import now
from portal.core.db import commit
from portal.core.errors import Refused
from tests.accounts.conftest import PASSWORD

NEW = "another harbour, at dusk"
PAGE = "/profile/password"


@pytest.fixture
def ada(member):
    return member(address="ada@example.org", name="Ada Lovelace")


def enter(client, password=PASSWORD):
    return client.submit("/sign-in", {"address": "ada@example.org", "password": password})


def change(client, current=PASSWORD, password=NEW):
    return client.submit(PAGE, {"current": current, "password": password})


def test_changing_the_password_ends_every_other_session_and_keeps_this_one(app, ada, mails):
    here, there = app.test_client(), app.test_client()
    enter(here)
    enter(there)
    assert change(here).status_code == 303
    assert here.get("/profile").status_code == 200
    assert there.get("/profile").status_code == 302
    assert enter(app.test_client()).status_code == 422
    assert enter(app.test_client(), NEW).status_code == 303
    to, template, text = mails()[-1]
    assert (to, template) == ("ada@example.org", "password_changed")
    assert NEW not in text


def test_a_stay_signed_in_session_stays_one_after_the_change(client, ada):
    client.submit("/sign-in", {"address": "ada@example.org", "password": PASSWORD, "stay": "y"})
    change(client)
    with client.session_transaction() as cookie:
        assert cookie.permanent


def test_signing_out_everywhere_else_keeps_this_session(app, ada):
    here, there = app.test_client(), app.test_client()
    enter(here)
    enter(there)
    assert here.submit("/profile/sign-out-elsewhere", on=PAGE).status_code == 303
    assert here.get("/profile").status_code == 200
    assert there.get("/profile").status_code == 302


def test_the_present_password_is_asked_for(client, ada, reread, mails):
    enter(client)
    before = reread(ada).password_hash
    response = change(client, current="a wrong password")
    assert response.status_code == 422
    assert "This is not your present password" in response.get_data(as_text=True)
    assert reread(ada).password_hash == before
    assert mails() == []


def test_the_present_password_cannot_be_guessed_from_an_open_session(client, ada):
    enter(client)
    answers = [change(client, current=f"guess number {n}").status_code for n in range(11)]
    assert answers == [422] * 10 + [429]
    assert change(client).status_code == 429


@pytest.mark.parametrize(
    "password",
    ["", "short", "a" * 201, "password123", "PASSWORD1234", "1234567890", "aaaaaaaaaaaa", "abababababab", "lovelace and me",
     "ada@example.org!", "qwertyuiop"],
)  # fmt: skip
def test_weak_passwords_are_refused_beside_the_field(client, ada, password, reread):
    enter(client)
    before = reread(ada).password_hash
    response = change(client, password=password)
    assert response.status_code == 422
    assert 'id="password-errors"' in response.get_data(as_text=True)
    assert reread(ada).password_hash == before


@pytest.mark.parametrize(
    "password",
    [
        "ten chars!",
        " spaces around ",
        "密码密碼パスワード한글語",
        "🌿🍂🌲🌳🌴🎋🍀🍁🌵🌾",
        "x'; DROP TABLE person;--",
        "long " * 39,
    ],
)
def test_good_passwords_of_every_kind_work(app, client, ada, password):
    enter(client)
    assert change(client, password=password).status_code == 303
    assert enter(app.test_client(), password).status_code == 303


def test_a_password_of_one_person_may_contain_the_name_of_another(app, ada):
    passwords.check_choice("turing and me", ada)
    with pytest.raises(Refused):
        passwords.check_choice("Lovelace forever", ada)


def forget(client, address):
    return client.submit("/forgot-password", {"address": address}, follow_redirects=True)


def test_a_forgotten_password_is_replaced_by_a_mailed_link(app, client, ada, link, run_jobs, mails):
    there = app.test_client()
    enter(there)
    forget(client, "Ada@example.org")
    run_jobs()
    way = link("new_password")
    page = client.get(way)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert client.submit(way, {"password": "short"}).status_code == 422
    assert client.submit(way, {"password": NEW}).status_code == 303
    assert client.get("/profile").status_code == 200
    assert there.get("/profile").status_code == 302
    assert client.get(way).status_code == 410
    assert enter(app.test_client(), NEW).status_code == 303
    assert mails()[-1][:2] == ("ada@example.org", "password_changed")


def test_asking_for_a_new_password_never_tells_whether_an_account_exists(client, ada, member, run_jobs, mails):
    gone = member(address="gone@example.org")
    gone.active = False
    commit()
    pages = set()
    for address in ("ada@example.org", "gone@example.org", "nobody@example.org"):
        response = forget(client, address)
        assert "If this address has an account here, a mail with a link is on its way" in response.get_data(
            as_text=True
        )
        pages.add((response.status_code, response.request.path))
        assert mails() == [], "the mail is written later, so that nobody can time it"
    assert len(pages) == 1
    run_jobs()
    assert [to for to, _kind, _text in mails()] == ["ada@example.org"]


def test_an_invited_person_who_forgot_the_password_gets_the_invitation_again(client, person, run_jobs, mails):
    who = person(address="grace@example.org")
    email = who.addresses[0]
    email.verified_at = email.verified_address = None
    commit()
    forget(client, "grace@example.org")
    run_jobs()
    assert mails()[-1][:2] == ("grace@example.org", "invitation")


def test_a_password_link_works_for_a_day_and_the_newest_alone(client, ada, link, run_jobs, clock):
    begin = now()
    forget(client, "ada@example.org")
    run_jobs()
    first = link("new_password")
    forget(client, "ada@example.org")
    run_jobs()
    assert client.get(first).status_code == 410
    second = link("new_password")
    clock(begin + timedelta(hours=23))
    assert client.get(second).status_code == 200
    clock(begin + timedelta(hours=25))
    assert client.get(second).status_code == 410
    token = client.token("/sign-in")
    assert client.post(second, data={"csrf_token": token, "password": NEW}).status_code == 410


def test_one_address_is_not_flooded_and_nobody_notices(client, ada, run_jobs, mails):
    for _ in range(6):
        assert "on its way" in forget(client, "ada@example.org").get_data(as_text=True)
        run_jobs()
    assert len(mails()) == 3


def test_one_caller_cannot_ask_for_everybody(client):
    token = client.token("/forgot-password")
    answers = [
        client.post("/forgot-password", data={"csrf_token": token, "address": f"n{n}@example.org"}).status_code
        for n in range(25)
    ]
    assert answers[0] == 303
    assert answers[-1] == 429


@pytest.mark.parametrize("address", ["", "no address", "a@example.org\r\nBcc: b@example.org", "x" * 400])
def test_what_is_no_address_is_refused(client, address, run_jobs, mails):
    assert client.submit("/forgot-password", {"address": address}).status_code == 422
    run_jobs()
    assert mails() == []


def test_a_changed_password_ends_the_links_that_were_mailed_before(client, ada, link, run_jobs, app):
    forget(client, "ada@example.org")
    run_jobs()
    way = link("new_password")
    enter(client)
    change(client)
    assert app.test_client().get(way).status_code == 410
