"""The Displayer API: what anybody may read of collections that are public, and nothing else."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import event

from portal.backpack import services
from portal.backpack.receipt import imported
from portal.core.db import commit, db
from tests.backpack.conftest import ADDRESS

CONVERT = "/backpack/displayer/convert/email"
MISSING = {"httpStatus": 404, "status": "missing"}


@pytest.fixture
def shown(learner, hold, collect):
    badge = hold(learner)
    return badge, collect(learner, badges=[badge])


def groups(number):
    return f"/backpack/displayer/{number}/groups.json"


def group(number, inner):
    return f"/backpack/displayer/{number}/group/{inner}.json"


@pytest.mark.parametrize("sent", [ADDRESS, ADDRESS.upper()])
def test_an_address_is_converted_whatever_its_case(client, shown, sent):
    number = shown[1].owner.number
    for answer in (client.post(CONVERT, data={"email": sent}), client.post(CONVERT, json={"email": sent})):
        assert answer.status_code == 200
        assert answer.json == {"status": "okay", "email": sent, "userId": number}
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "body",
    [
        {"data": {}},
        {"json": {}},
        {"json": []},
        {"json": {"email": 5}},
        {"json": {"email": ""}},
        {"data": {"email": " "}},
        {"data": {"email": "x" * 400}},
    ],
)
def test_a_question_without_an_address_is_invalid(client, body):
    answer = client.post(CONVERT, **body)
    assert answer.status_code == 400
    assert answer.json == {"status": "invalid", "error": "missing `email` parameter"}


def test_who_shows_nothing_looks_like_nobody(client, learner, hold, collect, person):
    collect(learner, badges=[hold(learner)], public=False)
    person("learner", address="empty@fjords.example")
    for email in (ADDRESS, "empty@fjords.example", "nobody@fjords.example"):
        answer = client.post(CONVERT, data={"email": email})
        assert answer.status_code == 404
        assert answer.json["status"] == "missing"
        assert set(answer.json) == {"status", "error"}


def test_public_groups_are_listed_and_no_others(client, shown, learner, collect):
    badge, collection = shown
    collect(learner, "Private things", [badge], public=False)
    collect(learner, "<b>Second</b> & 二", [])
    answer = client.get(groups(collection.owner.number))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["userId"] == collection.owner.number
    assert [(each["name"], each["badges"]) for each in answer.json["groups"]] == [
        ("Valamis collection", 1),
        ("<b>Second</b> & 二", 0),
    ]
    assert answer.json["groups"][0]["groupId"] == collection.number


def test_a_group_is_written_as_a_mozilla_backpack_writes_it(client, shown, issuer):
    badge, collection = shown
    answer = client.get(group(collection.owner.number, collection.number))
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    [entry] = answer.json["badges"]
    assert set(entry) == {"lastValidated", "hostedUrl", "assertion", "imageUrl"}
    assert entry["hostedUrl"] == badge.assertion_url
    assert entry["lastValidated"].endswith(".000Z")
    assertion = entry["assertion"]
    assert assertion["uid"] == "uid-1"
    assert assertion["recipient"].startswith("sha256$")
    assert assertion["_originalRecipient"] == {
        "type": "email", "hashed": True, "salt": assertion["salt"], "identity": assertion["recipient"],
    }  # fmt: skip
    assert assertion["issuedOn"] == assertion["issued_on"] == "2026-05-01T08:30:00Z"
    assert assertion["verify"] == {"type": "hosted", "url": badge.assertion_url}
    assert assertion["badge"]["name"] == "Data literacy"
    assert assertion["badge"]["_location"] == f"{issuer.base}/class-1"
    assert assertion["badge"]["issuer"]["origin"] == issuer.base
    assert assertion["badge"]["issuer"]["_location"] == f"{issuer.base}/issuer-1"
    path = entry["imageUrl"].removeprefix("https://portal.example")
    assert client.get(path).mimetype == "image/png"


def test_a_badge_of_2_0_is_written_as_its_fields_allow(client, learner, issuer, collect):
    url, document = issuer.award_20(ADDRESS)
    commit()
    offer = imported(url, [ADDRESS])
    badge, _new = services.keep(learner, offer.received, offer.recipient)
    commit()
    collection = collect(learner, badges=[badge])
    [entry] = client.get(group(collection.owner.number, collection.number)).json["badges"]
    assert entry["hostedUrl"] == url
    assert entry["assertion"]["uid"] == url
    assert entry["assertion"]["recipient"] == document["recipient"]["identity"]
    assert entry["assertion"]["verify"] == {"type": "hosted", "url": url}
    assert entry["assertion"]["badge"]["criteria"] == document["badge"]


def test_private_foreign_and_missing_groups_look_the_same(client, shown, learner, collect, person, hold):
    _badge, collection = shown
    private = collect(learner, "Private", public=False)
    other = person("learner", address="two@fjords.example")
    foreign = collect(other, "Theirs", [hold(other, "9")])
    number = collection.owner.number
    paths = [
        group(number, private.number), group(number, foreign.number), group(number, 12345), group(999, collection.number),
        group(2**60, 1), group(number, 2**70), groups(999), groups(2**64),
    ]  # fmt: skip
    for path in paths:
        answer = client.get(path)
        assert (answer.status_code, answer.json) == (404, MISSING)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_making_a_collection_private_ends_its_display(client, shown):
    _badge, collection = shown
    number, inner = collection.owner.number, collection.number
    services.publish(collection, public=False)
    commit()
    assert client.get(group(number, inner)).json == MISSING
    assert client.get(groups(number)).json == MISSING
    assert client.post(CONVERT, data={"email": ADDRESS}).status_code == 404


def test_jsonp_always_answers_200(client, shown):
    _badge, collection = shown
    answer = client.get(groups(collection.owner.number) + "?callback=show.them")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.text.startswith("/**/show.them(")
    assert json.loads(answer.text.partition("(")[2].rpartition(")")[0])["userId"] == collection.owner.number
    gone = client.get(groups(5) + "?callback=f")
    assert gone.status_code == 200
    assert gone.text == '/**/f({"httpStatus": 404, "status": "missing"});'


@pytest.mark.parametrize("name", ["alert(1)//", "a b", "<script>", "f;g", "", "x" * 400, "f\n", "é"])
def test_a_function_that_is_no_name_is_refused(client, shown, name):
    answer = client.get(groups(shown[1].owner.number), query_string={"callback": name})
    assert answer.status_code == 400
    assert answer.mimetype == "application/json"


def test_hostile_names_cannot_leave_the_script(client, shown, learner, collect):
    collect(learner, "</script><script>alert(1)</script>\u2028")
    answer = client.get(groups(shown[1].owner.number) + "?callback=f")
    assert "<" not in answer.text
    assert "\u2028" not in answer.text


def test_asking_again_and_again_is_stopped(client):
    statuses = [client.post(CONVERT, data={"email": f"a{n}@x.example"}).status_code for n in range(62)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


def test_the_portal_itself_may_ask_as_often_as_it_needs(client):
    own = {"environ_overrides": {"laurel.own_origin": True}}
    assert {client.post(CONVERT, data={"email": "a@x.example"}, **own).status_code for _ in range(70)} == {404}


def test_a_long_group_costs_as_many_statements_as_a_short_one(app, client, learner, hold, collect):
    def statements(path):
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        assert client.get(path).status_code == 200
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(seen)

    badges = [hold(learner, str(n)) for n in range(9)]
    short, long = collect(learner, "Short", badges[:1]), collect(learner, "Long", badges)
    number = short.owner.number
    assert statements(group(number, short.number)) == statements(group(number, long.number))
