"""Several addresses of a person: proof by a mailed link, and no word to anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.models import EmailAddress, MailedLink
from portal.accounts.services import person_by_address
from portal.core.clock import now
from portal.core.db import commit, session

PAGE = "/profile/addresses"


@pytest.fixture
def ada(member):
    return member(address="ada@example.org", name="Ada")


def row(address, person):
    commit()
    return session().scalar(
        select(EmailAddress)
        .where(EmailAddress.address == address, EmailAddress.person_id == person.id)
        .execution_options(populate_existing=True)
    )


def do(client, verb, email, **kwargs):
    return client.submit(f"{PAGE}/{email.public_id}/{verb}", on=PAGE, **kwargs)


def test_an_address_counts_once_its_link_was_opened_and_confirmed(sign_in, ada, link, mails):
    client = sign_in(ada)
    response = client.submit(PAGE, {"address": " Ada.L@Example.org"}, follow_redirects=True)
    assert "on its way to ada.l@example.org" in response.get_data(as_text=True)
    assert person_by_address("ada.l@example.org") is None
    path = link("confirm_address")
    assert client.get(path).status_code == 200
    assert client.get(path).headers["Referrer-Policy"] == "no-referrer"
    assert row("ada.l@example.org", ada).verified_at is None, "opening the link alone writes nothing"
    assert client.submit(path).status_code == 303
    assert row("ada.l@example.org", ada).verified_address == "ada.l@example.org"
    assert mails()[-1][:2] == ("ada@example.org", "address_added")
    assert client.get(path).status_code == 410
    assert "This link no longer works" in client.get(path).get_data(as_text=True)


def test_the_page_says_where_badges_go(sign_in, ada):
    text = sign_in(ada).get(PAGE).get_data(as_text=True)
    assert "Learners need to have the same e-mail in their backpack as here" in text


def test_the_link_of_somebody_else_leads_nowhere(sign_in, client, ada, member, link):
    eve = member(address="eve@example.org")
    sign_in(ada).submit(PAGE, {"address": "both@example.org"})
    path = link("confirm_address")
    foreign = sign_in(eve)
    assert foreign.get(path).status_code == 410
    token = foreign.token(PAGE)
    assert foreign.post(path, data={"csrf_token": token}).status_code == 410
    assert row("both@example.org", ada).verified_at is None
    assert client.get(path).status_code == 302, "a guest signs in first"
    assert sign_in(ada).submit(path).status_code == 303


@pytest.mark.parametrize("secret", ["x", "a" * 43, "a" * 2000, "%00", "..%2f..", "' OR 1=1 --"])
def test_an_invented_link_leads_nowhere(sign_in, ada, client, secret):
    assert sign_in(ada).get(f"/confirm-address/{secret}").status_code in {404, 410}
    assert client.get(f"/invitation/{secret}").status_code in {404, 410}
    assert client.get(f"/new-password/{secret}").status_code in {404, 410}


def test_a_link_works_for_seven_days(sign_in, ada, link, clock):
    client = sign_in(ada)
    client.submit(PAGE, {"address": "new@example.org"})
    path = link("confirm_address")
    begin = now()
    clock(begin + timedelta(days=6, hours=23))
    assert client.get(path).status_code == 200
    clock(begin + timedelta(days=7, seconds=1))
    assert client.get(path).status_code == 410


def test_a_link_for_another_purpose_does_not_fit(sign_in, ada, link, client):
    sign_in(ada).submit(PAGE, {"address": "new@example.org"})
    secret = link("confirm_address").rpartition("/")[2]
    assert client.get(f"/new-password/{secret}").status_code == 410
    assert client.get(f"/invitation/{secret}").status_code == 410


def test_sending_the_link_again_ends_the_one_before(sign_in, ada, link):
    client = sign_in(ada)
    client.submit(PAGE, {"address": "new@example.org"})
    first = link("confirm_address")
    do(client, "resend", row("new@example.org", ada))
    assert client.get(first).status_code == 410
    assert client.get(link("confirm_address")).status_code == 200


def test_what_is_stored_of_a_link_does_not_open_anything(sign_in, ada, link):
    sign_in(ada).submit(PAGE, {"address": "new@example.org"})
    secret = link("confirm_address").rpartition("/")[2]
    stored = session().scalars(select(MailedLink)).one()
    assert secret not in {stored.digest, str(stored.id)}
    assert sign_in(ada).get(f"/confirm-address/{stored.digest}").status_code == 410


def test_an_address_of_somebody_else_is_answered_the_same_and_its_owner_is_told(sign_in, ada, member, mails):
    member(address="owner@example.org", name="Olga")
    client = sign_in(ada)
    free = client.submit(PAGE, {"address": "free@example.org"}, follow_redirects=True).get_data(as_text=True)
    taken = client.submit(PAGE, {"address": "owner@example.org"}, follow_redirects=True).get_data(as_text=True)
    assert "on its way to free@example.org" in free
    assert "on its way to owner@example.org" in taken
    assert taken.count("Not confirmed yet. Open the link") == 2
    to, template, text = mails()[-1]
    assert (to, template) == ("owner@example.org", "address_in_use")
    assert "Hello Olga" in text
    assert "confirm-address" not in text
    do(client, "resend", row("owner@example.org", ada))
    assert mails()[-1][1] == "address_in_use"


def test_whoever_confirms_an_address_first_has_it(sign_in, ada, member, link):
    eve = member(address="eve@example.org")
    sign_in(eve).submit(PAGE, {"address": "both@example.org"})
    of_eve = link("confirm_address")
    sign_in(ada).submit(PAGE, {"address": "both@example.org"})
    assert sign_in(ada).submit(link("confirm_address")).status_code == 303
    client = sign_in(eve)
    token = client.token(PAGE)
    assert client.post(of_eve, data={"csrf_token": token}).status_code == 410
    assert person_by_address("both@example.org").id == ada.id


def second(person, address="second@example.org"):
    person.addresses.append(EmailAddress(address=address, verified_address=address, verified_at=now()))
    commit()
    return row(address, person)


def test_another_main_address_is_told_to_the_old_one(sign_in, ada, mails):
    email = second(ada)
    assert do(sign_in(ada), "main", email).status_code == 303
    assert row("second@example.org", ada).is_primary
    assert not row("ada@example.org", ada).is_primary
    assert mails()[-1][:2] == ("ada@example.org", "primary_changed")


def test_an_address_that_is_not_confirmed_cannot_become_the_main_one(sign_in, ada):
    client = sign_in(ada)
    client.submit(PAGE, {"address": "new@example.org"})
    text = do(client, "main", row("new@example.org", ada), follow_redirects=True).get_data(as_text=True)
    assert "Confirm this address" in text
    assert row("ada@example.org", ada).is_primary


def test_the_main_address_stays(sign_in, ada):
    client = sign_in(ada)
    text = do(client, "remove", row("ada@example.org", ada), follow_redirects=True).get_data(as_text=True)
    assert "Make another address the main one first" in text
    assert row("ada@example.org", ada) is not None


def test_another_address_can_be_removed_and_the_main_one_is_told(sign_in, ada, mails):
    email = second(ada)
    assert do(sign_in(ada), "remove", email).status_code == 303
    assert row("second@example.org", ada) is None
    assert mails()[-1][:2] == ("ada@example.org", "address_removed")


@pytest.mark.parametrize("verb", ["main", "remove", "resend"])
def test_nobody_touches_the_addresses_of_another(sign_in, ada, member, verb):
    email = second(ada)
    for role in ("learner", "instructor", "administrator"):
        client = sign_in(member(role))
        assert do(client, verb, email).status_code == 404
    assert row("second@example.org", ada) is not None
    assert row("ada@example.org", ada).is_primary


@pytest.mark.parametrize(
    "address",
    ["", "   ", "no address", "a@b@c.example", "@example.org", "x" * 300 + "@example.org", "ada@example.org\r\nBcc: all@example.org",
     "<ada>@example.org", "ada@exa mple.org", "a\x00b@", "ada@[127.0.0.1]"],
)  # fmt: skip
def test_what_is_no_address_is_refused_beside_the_field(sign_in, ada, address, mails):
    response = sign_in(ada).submit(PAGE, {"address": address})
    assert response.status_code == 422
    assert 'id="address-errors"' in response.get_data(as_text=True)
    assert mails() == []


def test_the_same_address_twice_is_refused(sign_in, ada):
    response = sign_in(ada).submit(PAGE, {"address": "ADA@example.org"})
    assert response.status_code == 422
    assert "already" in response.get_data(as_text=True)


def test_there_is_an_end_to_addresses_and_to_mails(sign_in, ada, member, mails):
    client = sign_in(ada)
    answers = [client.submit(PAGE, {"address": f"n{n}@example.org"}).status_code for n in range(10)]
    assert answers == [303] * 9 + [422]
    client = sign_in(member(address="bob@example.org"))
    client.submit(PAGE, {"address": "flood@example.org"})
    for _ in range(8):
        do(client, "resend", row("flood@example.org", person_by_address("bob@example.org")))
    assert sum(to == "flood@example.org" for to, _kind, _text in mails()) == 5


def test_a_foreign_address_in_another_script_works(sign_in, ada, link):
    client = sign_in(ada)
    assert client.submit(PAGE, {"address": "李@例子.example"}).status_code == 303
    assert client.submit(link("confirm_address")).status_code == 303
