"""`flask laurel init`: the first administrator of a real installation."""

from __future__ import annotations

import pytest

from portal.accounts.services import person_by_address
from portal.core.db import commit
from tests.accounts.conftest import PASSWORD


@pytest.fixture
def init(app):
    def run(name="Ada", email="Ada@Example.org"):
        commit()
        return app.test_cli_runner().invoke(args=["laurel", "init", "--name", name, "--email", email])

    return run


def test_the_first_administrator_opens_the_printed_link_and_administers(init, client, mails):
    result = init()
    assert result.exit_code == 0
    link = result.output.splitlines()[-1].removeprefix("https://portal.example")
    assert client.submit(link, {"name": "Ada", "password": PASSWORD}).status_code == 303
    assert client.get("/administration/people").status_code == 200
    commit()
    assert person_by_address("ada@example.org").role == "administrator"
    assert mails() == []


def test_a_portal_with_an_administrator_makes_no_other(init, member):
    member("administrator")
    result = init()
    assert result.exit_code == 1
    assert "There is an administrator already" in result.output


def test_asked_twice_before_the_link_was_used_it_prints_a_new_link(init, client):
    first, second = (init().output.splitlines()[-1].removeprefix("https://portal.example") for _ in range(2))
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_an_address_of_a_learner_is_refused(init, member):
    member(address="ada@example.org")
    assert "There is an account with this address already" in init().output


def test_a_learner_who_was_only_invited_becomes_the_first_administrator(init, client, person):
    who = person(address="ada@example.org")
    who.addresses[0].verified_at = who.addresses[0].verified_address = None
    link = init().output.splitlines()[-1].removeprefix("https://portal.example")
    client.submit(link, {"name": "Ada", "password": PASSWORD})
    assert client.get("/administration/people").status_code == 200


def test_whoever_runs_the_installation_can_print_a_link_to_a_new_password(app, client, member):
    member("administrator", address="ada@example.org")
    run = app.test_cli_runner().invoke
    link = run(args=["laurel", "password-link", "Ada@example.org"]).output.splitlines()[-1]
    way = link.removeprefix("https://portal.example")
    assert client.submit(way, {"password": "another harbour, at dusk"}).status_code == 303
    result = run(args=["laurel", "password-link", "nobody@example.org"])
    assert (result.exit_code, "No active account" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("name", "email"),
    [("", "a@example.org"), ("x" * 201, "a@example.org"), ("Ada", "no address"), ("\x00", "a@b.example")],
)
def test_what_cannot_be_is_refused(init, name, email):
    result = init(name, email)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
