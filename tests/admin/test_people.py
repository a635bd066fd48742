"""Administration, People: inviting, roles, closing accounts, and who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from portal.accounts.models import EmailAddress, Person
from portal.accounts.services import person_by_address
from portal.core.clock import now
from portal.core.db import commit, db, session
from tests.accounts.conftest import PASSWORD

LIST = "/administration/people"
INVITE = "/administration/people/invite"


@pytest.fixture
def boss(member):
    return member("administrator", name="Bea Boss", address="boss@example.org")


@pytest.fixture
def admin(sign_in, boss):
    return sign_in(boss)


def path(person, verb=""):
    return f"{LIST}/{person.public_id}{verb}"


def act(client, person, verb, data=None, **kwargs):
    return client.submit(path(person, verb), data, on=path(person), **kwargs)


def newest():
    commit()
    return session().scalars(select(Person).order_by(Person.id.desc())).first()


def test_an_invited_person_chooses_a_password_and_is_signed_in(admin, client, link, mails):
    response = admin.submit(
        INVITE, {"name": "Grace Hopper", "address": "Grace@Example.org", "role": "instructor"}, follow_redirects=True
    )
    text = response.get_data(as_text=True)
    assert "Grace Hopper is invited" in text
    assert "Invited, but not here yet" in text
    grace = newest()
    assert (grace.role, grace.invited, grace.email) == ("instructor", True, "grace@example.org")
    assert person_by_address("grace@example.org") is None, "the address counts once the link was used"
    to, template, mail = mails()[-1]
    assert (to, template) == ("grace@example.org", "invitation")
    assert "Bea Boss invites you" in mail
    way = link("invitation")
    assert 'value="Grace Hopper"' in client.get(way).get_data(as_text=True)
    response = client.submit(way, {"name": "Grace B. Hopper", "password": PASSWORD})
    assert response.status_code == 303
    assert "Grace B. Hopper" in client.get("/profile").get_data(as_text=True)
    assert person_by_address("grace@example.org").name == "Grace B. Hopper"
    assert client.get(way).status_code == 410
    assert client.submit("/sign-out", on="/profile").status_code == 303
    entered = client.submit("/sign-in", {"address": "grace@example.org", "password": PASSWORD})
    assert entered.status_code == 303


def invited(admin, **values):
    fields = {"name": "Grace", "address": "grace@example.org", "role": "learner", **values}
    assert admin.submit(INVITE, fields).status_code == 303
    return newest()


def test_an_invitation_works_for_fourteen_days(admin, client, link, clock):
    begin = now()
    invited(admin)
    way = link("invitation")
    clock(begin + timedelta(days=13, hours=23))
    assert client.get(way).status_code == 200
    clock(begin + timedelta(days=14, seconds=1))
    assert client.get(way).status_code == 410


def test_a_new_invitation_ends_the_one_before(admin, client, link):
    grace = invited(admin)
    first = link("invitation")
    assert act(admin, grace, "/invite").status_code == 303
    assert client.get(first).status_code == 410
    assert client.get(link("invitation")).status_code == 200


def test_a_weak_first_password_is_refused_and_the_link_lives_on(admin, client, link):
    invited(admin)
    way = link("invitation")
    response = client.submit(way, {"name": "Grace", "password": "password123"})
    assert response.status_code == 422
    assert "one of the first that anybody would try" in response.get_data(as_text=True)
    assert client.submit(way, {"name": "Grace", "password": PASSWORD}).status_code == 303


def test_an_invitation_can_be_accepted_once_even_by_two_at_the_same_time(app, admin, client, link):
    invited(admin)
    way = link("invitation")
    other = app.test_client()
    token, tokens = client.token(way), other.token(way)
    fields = {"name": "Grace", "password": PASSWORD}
    assert client.post(way, data={"csrf_token": token, **fields}).status_code == 303
    assert other.post(way, data={"csrf_token": tokens, **fields}).status_code == 410


def test_an_address_with_an_account_cannot_be_invited(admin, member):
    member(address="ada@example.org")
    response = admin.submit(INVITE, {"name": "Ada", "address": "ADA@example.org", "role": "learner"})
    assert response.status_code == 422
    assert "There is an account with this address already" in response.get_data(as_text=True)
    invited(admin)
    response = admin.submit(INVITE, {"name": "Grace", "address": "grace@example.org", "role": "learner"})
    assert response.status_code == 422
    assert "invited already" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "x" * 201}, {"name": "\u200b\u2060"}, {"name": "\x00\x07"}, {"address": ""}, {"address": "no address"},
     {"address": "grace@example.org\r\nBcc: all@example.org"}, {"role": ""}, {"role": "emperor"}, {"role": "ADMINISTRATOR"}],
)  # fmt: skip
def test_odd_invitations_are_refused_beside_the_field(admin, fields, mails):
    response = admin.submit(INVITE, {"name": "Grace", "address": "grace@example.org", "role": "learner", **fields})
    assert response.status_code == 422
    assert f'id="{next(iter(fields))}-errors"' in response.get_data(as_text=True)
    assert mails() == []
    assert newest().name == "Bea Boss"


@pytest.mark.parametrize(
    "name",
    [
        "李小龍",
        "محمد عبد الله",
        "Zoë 🌿 👩‍🚀",
        "<script>alert(1)</script>",
        'O\'Neil & "Sons"',
        "{{ 7*7 }}",
        "%(name)s %s",
    ],
)
def test_a_name_of_any_script_is_shown_as_it_is_and_never_as_markup(admin, name, mails):
    grace = invited(admin, name=name)
    assert grace.name == name
    for address in (LIST, path(grace)):
        text = admin.get(address).get_data(as_text=True)
        assert "<script>alert" not in text
    assert f"Hello {name}," in mails()[-1][2]


def test_a_name_cannot_turn_the_direction_of_the_page(admin):
    assert invited(admin, name="\u202eGrace\u202c \u2067Hopper").name == "Grace Hopper"


def test_a_name_cannot_add_a_header_to_the_mail(admin, mails):
    grace = invited(admin, name="Grace\r\nBcc: all@example.org\r\n\r\nbody")
    assert grace.name == "Grace Bcc: all@example.org body"


@pytest.mark.parametrize("role", ["learner", "instructor"])
def test_nobody_but_administrators_opens_or_sends_anything_here(sign_in, member, boss, role, reread):
    client = sign_in(member(role))
    victim = member("learner", address="victim@example.org")
    token = client.token("/profile")
    for address in (LIST, INVITE, path(victim), "/administration/mail", "/administration/system"):
        assert client.get(address).status_code == 403, address
    for verb in ("/role", "/deactivate", "/reactivate", "/invite", "/password"):
        answer = client.post(path(victim, verb), data={"csrf_token": token, "role": "administrator"})
        assert answer.status_code == 403, verb
    answer = client.post(
        INVITE, data={"csrf_token": token, "name": "x", "address": "x@example.org", "role": "administrator"}
    )
    assert answer.status_code == 403
    assert client.post("/administration/mail/test", data={"csrf_token": token}).status_code == 403
    assert (reread(victim).role, victim.active) == ("learner", True)


def test_guests_are_asked_to_sign_in(client, boss):
    assert client.get(LIST).location == "/sign-in?next=/administration/people"
    token = client.token("/sign-in")
    assert client.post(path(boss, "/deactivate"), data={"csrf_token": token}).status_code == 401


def test_without_the_forms_token_nothing_happens(admin, member, reread):
    ada = member()
    assert admin.post(path(ada, "/deactivate")).status_code == 400
    assert admin.post(path(ada, "/role"), data={"role": "administrator"}).status_code == 400
    assert (reread(ada).active, ada.role) == (True, "learner")


def test_a_role_is_changed_and_holds_at_once(admin, sign_in, member, reread):
    ada = member()
    client = sign_in(ada)
    assert client.get(LIST).status_code == 403
    assert act(admin, ada, "/role", {"role": "administrator"}).status_code == 303
    assert client.get(LIST).status_code == 200
    assert act(admin, ada, "/role", {"role": "nothing"}).status_code == 422
    assert reread(ada).role == "administrator"


def test_the_last_administrator_stays_one(admin, boss, member, reread):
    response = act(admin, boss, "/role", {"role": "learner"})
    assert response.status_code == 422
    assert "This is the last administrator" in response.get_data(as_text=True)
    member("administrator", active=False)
    assert act(admin, boss, "/role", {"role": "learner"}).status_code == 422
    assert reread(boss).role == "administrator"
    member("administrator")
    assert act(admin, boss, "/role", {"role": "learner"}).status_code == 303
    assert admin.get(LIST).status_code == 403


def test_deactivating_ends_sessions_and_links_and_can_be_undone(admin, sign_in, member, client, link, reread, run_jobs):
    ada = member(address="ada@example.org")
    hers = sign_in(ada)
    assert act(admin, ada, "/password").status_code == 303
    way = link("new_password")
    assert client.get(way).status_code == 200
    assert act(admin, ada, "/deactivate").status_code == 303
    assert hers.get("/profile").status_code == 302
    assert client.get(way).status_code == 410
    assert client.submit("/sign-in", {"address": "ada@example.org", "password": PASSWORD}).status_code == 422
    assert act(admin, ada, "/reactivate").status_code == 303
    assert hers.get("/profile").status_code == 302, "what ended stays ended"
    assert client.get(way).status_code == 410
    assert client.submit("/sign-in", {"address": "ada@example.org", "password": PASSWORD}).status_code == 303


def test_nobody_deactivates_themselves_or_the_last_administrator(admin, boss, member, reread):
    member("administrator")
    text = act(admin, boss, "/deactivate", follow_redirects=True).get_data(as_text=True)
    assert "You cannot deactivate yourself" in text
    assert reread(boss).active


def test_a_password_link_is_for_whoever_has_a_password(admin, member, mails):
    grace = invited(admin)
    text = act(admin, grace, "/password", follow_redirects=True).get_data(as_text=True)
    assert "no password yet" in text
    ada = member()
    assert "has accepted the invitation" in act(admin, ada, "/invite", follow_redirects=True).get_data(as_text=True)


def test_mails_to_one_person_have_an_end(admin, member, mails):
    ada = member(address="ada@example.org")
    for _ in range(8):
        act(admin, ada, "/password")
    assert sum(kind == "new_password" for _to, kind, _text in mails()) == 5


def test_people_are_found_by_name_address_role_and_state(admin, member, person):
    member(name="Ada Lovelace", address="countess@example.org")
    member("instructor", name="Alan 100% Turing", address="alan_t@example.org")
    member(name="Gone", active=False)
    invited(admin, name="Grace")

    def names(**asked):
        text = admin.get(LIST, query_string=asked).get_data(as_text=True)
        found = ("Ada Lovelace", "Alan 100% Turing", "Gone", "Grace")
        body = text.split("<tbody>")[1] if "<tbody>" in text else ""
        return [name for name in found if name in body]

    assert names() == ["Ada Lovelace", "Alan 100% Turing", "Gone", "Grace"]
    assert names(q="LOVE") == ["Ada Lovelace"]
    assert names(q="Countess@") == ["Ada Lovelace"]
    assert names(q="100%") == ["Alan 100% Turing"]
    assert names(q="_") == ["Alan 100% Turing"]
    assert names(role="instructor") == ["Alan 100% Turing"]
    assert names(state="deactivated") == ["Gone"]
    assert names(state="invited") == ["Grace"]
    assert names(q="nobody at all") == []
    assert names(role="' OR 1=1", state="nonsense") == []
    assert admin.get(LIST, query_string={"page": "-1", "q": "x" * 5000}).status_code == 200


def count_statements(client, address):
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)


def test_the_list_costs_the_same_for_ten_and_for_a_thousand(admin, person):
    for _ in range(10):
        person()
    few = count_statements(admin, LIST)
    for n in range(1000):
        who = Person(name=f"N {n}", role="learner")
        who.addresses.append(EmailAddress(address=f"n{n}@example.org", is_primary=True))
        session().add(who)
    commit()
    assert count_statements(admin, LIST) == few
    assert "1 to 20 of 1011" in admin.get(LIST).get_data(as_text=True)


def test_an_unknown_person_is_nowhere(admin):
    assert admin.get(f"{LIST}/nobody").status_code == 404
    assert admin.get(f"{LIST}/1").status_code == 404
