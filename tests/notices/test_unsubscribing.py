"""The way out of mails: one click, no sign-in, and nobody ends the mails of somebody else."""

from __future__ import annotations

import re

import pytest

from portal.core.db import commit
from portal.notices import links
from portal.notices import services as notices
from portal.notices.kinds import BY_NAME
from tests.notices.conftest import rows, tell

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def wants(person, kind="joined"):
    commit()
    return not notices.stopped(person, BY_NAME[kind])


def path_for(person, kind=links.ALL):
    return f"/notices/unsubscribe/{links.token_for(person.public_id, kind)}"


def test_opening_the_link_only_asks(app, person, client):
    ada = person()
    answer = client.get(path_for(ada, "joined"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "You were added to a learning path" in page
    assert "Stop all mails of notices" in page
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert client.head(path_for(ada, "joined")).status_code == 200
    assert wants(ada)


def test_the_button_ends_mails_of_that_kind(app, person, client):
    ada = person()
    path = path_for(ada, "joined")
    answer = client.submit(path + "/confirm", {"what": "kind"}, on=path)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "You get no more of these mails" in page
    assert not wants(ada)
    assert wants(ada, "achieved")


def test_the_other_button_ends_all_mails(app, person, client):
    ada = person()
    path = path_for(ada, "joined")
    client.submit(path + "/confirm", {"what": "all"}, on=path)
    assert not wants(ada, "achieved")
    assert notices.cadence_of(ada) == "never"
    assert "no mails of notices any more" in client.get(path).get_data(as_text=True)


def test_a_mail_program_ends_mails_with_one_post_and_twice_is_once(app, person, client):
    ada = person()
    for _ in range(2):
        assert client.post(path_for(ada, "joined"), data=ONE_CLICK).status_code == 204
    assert not wants(ada)
    assert wants(ada, "achieved")


def test_the_link_of_a_digest_ends_all_mails(app, person, client):
    ada = person()
    assert client.post(path_for(ada), data=ONE_CLICK).status_code == 204
    assert notices.cadence_of(ada) == "never"


def test_the_link_in_a_mail_is_the_one_that_works(app, person, server, run_jobs, client):
    ada = person()
    tell(ada, "joined")
    run_jobs()
    address = server.mails[0]["List-Unsubscribe"].strip("<>")
    assert client.post(address.removeprefix("https://portal.example"), data=ONE_CLICK).status_code == 204
    tell(ada, "joined", key="again")
    run_jobs()
    assert len(server.mails) == 1
    assert [row.state for row in rows()] == ["mailed", "quiet"]


def test_a_changed_token_ends_nothing(app, person, client):
    ada, bob = person(), person()
    mine, theirs = links.token_for(bob.public_id, "joined"), links.token_for(ada.public_id, "joined")
    payload, _dot, signature = theirs.rpartition(".")
    forged = [
        f"{payload}.{mine.rpartition('.')[2]}",
        f"{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        f"{payload}.",
        payload,
        theirs[1:],
        "x",
        "." * 20,
        "x" * 5_000,
        "%00",
        "é.é",
    ]
    for token in forged:
        for answer in (
            client.get(f"/notices/unsubscribe/{token}"),
            client.post(f"/notices/unsubscribe/{token}", data=ONE_CLICK),
        ):
            assert answer.status_code == 404, token
            assert ada.public_id not in answer.get_data(as_text=True)
    assert wants(ada)


def test_another_purposes_signature_ends_nothing(app, person, client):
    from itsdangerous import URLSafeSerializer

    ada = person()
    token = URLSafeSerializer(app.secret_key, salt="something else").dumps([ada.public_id, "joined"])
    assert client.post(f"/notices/unsubscribe/{token}", data=ONE_CLICK).status_code == 404


@pytest.mark.parametrize("payload", [[], "text", {"a": 1}, [1, 2], ["nobody", "joined"], [None, None], ["a", "b", "c"]])
def test_a_signed_token_that_makes_no_sense_ends_nothing(app, person, client, payload):
    token = links._signer().dumps(payload)
    assert client.get(f"/notices/unsubscribe/{token}").status_code == 404


def test_a_token_for_a_kind_that_is_no_more_leads_to_what_can_be_chosen(app, person, client):
    answer = client.get(path_for(person(), "of_an_older_version"))
    assert answer.status_code == 404
    assert "/profile/notices" in answer.get_data(as_text=True)


def test_whoever_is_signed_in_as_somebody_else_ends_the_readers_mails_alone(app, person, sign_in):
    ada, bob = person(), person()
    path = path_for(ada, "joined")
    sign_in(bob).submit(path + "/confirm", {"what": "all"}, on=path)
    assert not wants(ada)
    assert wants(bob)


def test_the_confirmation_wants_a_csrf_token(app, person, client):
    ada = person()
    assert client.post(path_for(ada, "joined") + "/confirm", data={"what": "all"}).status_code == 400
    assert wants(ada)


def test_the_page_speaks_the_language_of_the_mail(app, person, client):
    object.__setattr__(app.extensions["laurel_settings"], "languages", ("en", "de"))
    page = client.get(path_for(person(language="de"), "joined"), headers={"Accept-Language": "en"}).get_data(
        as_text=True
    )
    assert re.search(r'<html lang="de"', page)
