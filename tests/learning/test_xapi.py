"""Statements of outside content: who may make them, whom they speak of, what they do, and attacks on all three."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import uuid
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import tincan
from sqlalchemy import select
from werkzeug.serving import make_server

from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.learning import services
from portal.learning.models import Membership, Statement
from portal.learning.views.activity_keys import launch_url
from portal.learning.xapi.keys import make_key, revoke_key
from portal.learning.xapi.reading import BadStatement, check_statement, read_json
from tests.conftest import BASE_URL

PASSED = "http://adlnet.gov/expapi/verbs/passed"
ACTIVITY = "https://example.org/courses/fire-safety"
CONTENT = {
    "verb": PASSED, "activity": ACTIVITY, "score": 60, "success": True, "_text": "Play.", "_launch": "https://play.example/?x=1",
}  # fmt: skip
HEADERS = {"X-Experience-API-Version": "2.0.0", "Content-Type": "application/json"}


def said(actor="mailto:elena@example.org", **changes):
    return {
        "actor": {"mbox": actor} if isinstance(actor, str) else actor,
        "verb": {"id": PASSED},
        "object": {"id": ACTIVITY},
        "result": {"success": True, "score": {"scaled": 0.9}},
        **changes,
    }


def basic(user, password):
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


class Academy:
    def __init__(self, make_path, person):
        self.instructor = person("instructor")
        self.elena = person(name="Elena", address="elena@example.org")
        self.path, self.step, self.auth = self.make(make_path)
        self.key = self.last

    def make(self, make_path):
        path = make_path(self.instructor, steps=(), publish=False)
        step = services.add_step(path, "xapi", title="Fire safety", content=CONTENT)
        services.publish(path)
        self.last, secret = make_key(path, step.key, "Game", self.instructor)
        commit()
        return path, step.key, basic(self.last.key, secret)

    def join(self):
        membership = services.join(self.path, self.elena)
        commit()
        return membership

    @property
    def membership(self):
        session().expire_all()
        return session().scalars(select(Membership).where(Membership.path_id == self.path.id)).one()


@pytest.fixture
def academy(make_path, person):
    return Academy(make_path, person)


def post(client, academy, body, auth=None, **headers):
    data = body if isinstance(body, (bytes, str)) else json.dumps(body)
    sent = {**HEADERS, "Authorization": auth or academy.auth, **headers}
    return client.post("/xapi/statements", data=data, headers=sent)


def test_a_statement_does_the_step_at_its_own_timestamp(academy, client):
    academy.join()
    answer = post(client, academy, said(timestamp="2026-01-05T10:00:00.123+02:00"))
    assert answer.status_code == 200
    record = academy.membership.records[0]
    assert (record.state, record.done_at, record.grade) == ("done", datetime(2026, 1, 5, 8, tzinfo=UTC), 90)
    assert academy.membership.completed_at == record.done_at


@pytest.mark.parametrize(
    "actor",
    [
        {"mbox": "mailto:ELENA@example.org"},
        {"mbox_sha1sum": hashlib.sha1(b"mailto:elena@example.org").hexdigest()},
        "account",
    ],
)
def test_a_learner_is_found_before_and_after_joining(academy, client, actor):
    if actor == "account":
        actor = {"account": {"homePage": BASE_URL, "name": academy.elena.public_id}}
    assert post(client, academy, said(actor)).status_code == 200
    academy.join()
    assert academy.membership.records[0].state == "done"


@pytest.mark.parametrize(
    "changes",
    [
        {"result": {"success": True, "score": {"scaled": 0.5}}},
        {"result": {"success": True}},
        {"result": {"success": False, "score": {"scaled": 1}}},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/failed"}},
        {"object": {"id": ACTIVITY + "/1"}},
        {"actor": {"mbox": "mailto:nobody@example.org"}},
        {"actor": {"account": {"homePage": "https://evil.example", "name": "x"}}},
    ],
)
def test_what_is_not_enough_is_kept_and_does_nothing(academy, client, changes):
    academy.join()
    assert post(client, academy, said(**changes)).status_code == 200
    assert academy.membership.records == []
    assert len(session().scalars(select(Statement)).all()) == 1


def test_a_timestamp_in_the_future_counts_as_now(academy, client):
    academy.join()
    post(client, academy, said(timestamp=(now() + timedelta(days=300)).isoformat()))
    assert academy.membership.records[0].done_at <= now()


def test_a_repeat_changes_nothing_and_another_statement_with_the_id_is_a_conflict(academy, client):
    statement = said(id=str(uuid.uuid4()))
    assert post(client, academy, statement).json == post(client, academy, statement).json == [statement["id"]]
    assert post(client, academy, {**statement, "result": {"success": False}}).status_code == 409
    assert len(session().scalars(select(Statement)).all()) == 1
    put = f"/xapi/statements?statementId={statement['id']}"
    sent = {**HEADERS, "Authorization": academy.auth}
    assert client.put(put, data=json.dumps(statement), headers=sent).status_code == 204
    assert client.get(put, headers=sent).json["actor"] == statement["actor"]
    assert client.head(put, headers=sent).status_code == 200


def test_a_voided_statement_counts_for_nobody_who_comes_later(academy, client):
    statement = said(id=str(uuid.uuid4()))
    post(client, academy, statement)
    void = said(
        verb={"id": "http://adlnet.gov/expapi/verbs/voided"},
        object={"objectType": "StatementRef", "id": statement["id"]},
    )
    assert post(client, academy, void).status_code == 200
    sent = {**HEADERS, "Authorization": academy.auth}
    assert client.get(f"/xapi/statements?statementId={statement['id']}", headers=sent).status_code == 404
    assert client.get(f"/xapi/statements?voidedStatementId={statement['id']}", headers=sent).status_code == 200
    academy.join()
    assert academy.membership.records == []


def test_another_activitys_key_does_nothing_here(academy, client, make_path):
    academy.join()
    _other, _step, auth = academy.make(make_path)
    statement = said(id=str(uuid.uuid4()))
    assert post(client, academy, statement, auth).status_code == 200
    assert academy.membership.records == []
    asked = client.get(
        f"/xapi/statements?statementId={statement['id']}", headers={**HEADERS, "Authorization": academy.auth}
    )
    assert asked.status_code == 404


@pytest.mark.parametrize(
    "auth", ["", "Basic", "Basic !!!", "Bearer x", basic("launch", "forged"), basic("a", ""), basic("ключ", "x")]
)
def test_a_wrong_key_is_refused(academy, client, auth):
    sent = {**HEADERS, "Authorization": auth}
    answer = client.post("/xapi/statements", data=json.dumps(said()), headers=sent)
    assert answer.status_code == 401
    assert "Basic" in answer.headers["WWW-Authenticate"]


def test_a_revoked_key_is_refused_and_no_secret_is_stored(academy, client):
    secret = academy.auth
    assert secret not in str(vars(academy.key))
    revoke_key(academy.key)
    commit()
    assert post(client, academy, said()).status_code == 401


def test_what_a_learner_opened_speaks_of_them_alone_and_not_of_the_past(academy, client, person, clock, sign_in):
    membership = academy.join()
    answer = sign_in(academy.elena).submit(
        f"/learning-paths/{academy.path.public_id}/steps/{academy.step}/launch",
        on=f"/learning-paths/{academy.path.public_id}/steps/{academy.step}",
    )
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    url = launch_url(membership, membership.version.step(academy.step))
    told = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert told["x"] == "1"
    assert told["endpoint"] == f"{BASE_URL}/xapi/"
    uuid.UUID(told["registration"])
    person(address="other@example.org")
    assert post(client, academy, said("mailto:other@example.org"), told["auth"]).status_code == 403
    assert post(client, academy, said("mailto:unknown@example.org"), told["auth"]).status_code == 403
    backdated = said(json.loads(told["actor"]), timestamp="2020-01-01T00:00:00Z")
    assert post(client, academy, backdated, told["auth"]).status_code == 200
    assert academy.membership.records[0].done_at >= now() - timedelta(minutes=5)
    clock(now() + timedelta(hours=13))
    assert post(client, academy, said(json.loads(told["actor"])), told["auth"]).status_code == 401


def test_what_an_instructor_failed_stays_failed(academy, client):
    membership = academy.join()
    services.fail(membership, academy.step, academy.instructor, "Cheated.")
    commit()
    post(client, academy, said())
    assert academy.membership.status == "failed"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff", b"[" * 100_000, b'{"a": NaN}', b"null", b'"x"', b"[1]",
        json.dumps(said(id="no")), json.dumps(said(timestamp="yesterday")), json.dumps(said(timestamp="2026-13-40T00:00:00Z")),
        json.dumps(said(actor={"mbox": "elena@example.org"})), json.dumps(said(actor={"mbox": "mailto:a@b.c", "openid": "https://x.y"})),
        json.dumps(said(actor={})), json.dumps(said(verb={"id": "passed"})), json.dumps(said(object={"id": 3})),
        json.dumps(said(result={"score": {"scaled": 7}})), json.dumps(said(result={"score": {"raw": "x"}})),
        json.dumps(said(result=None)), json.dumps(said(extra=1)), json.dumps([said(id="7ccd1f2e-2b3c-4a53-9d6c-0d5be8f2a001")] * 2),
        json.dumps(said(verb={"id": "http://adlnet.gov/expapi/verbs/voided"})), json.dumps(said(version="3.0")),
    ],
)  # fmt: skip
def test_what_is_no_statement_is_refused_whole(academy, client, body):
    answer = post(client, academy, body)
    assert answer.status_code == 400
    assert answer.json["error"]
    assert not session().scalars(select(Statement)).all()


def test_one_bad_statement_of_many_keeps_all_out(academy, client):
    assert post(client, academy, [said(), said(verb={})]).status_code == 400
    assert not session().scalars(select(Statement)).all()


def test_too_much_is_refused(academy, client):
    assert post(client, academy, [said()] * 501).status_code == 413
    assert post(client, academy, said(result={"response": "x" * 1_100_000})).status_code == 413


def test_versions_forms_and_lists_are_answered_in_words(academy, client):
    assert post(client, academy, said(), **{"X-Experience-API-Version": "0.95"}).status_code == 400
    assert (
        post(client, academy, said(), **{"X-Experience-API-Version": "1.0.3"}).headers["X-Experience-API-Version"]
        == "1.0.3"
    )
    assert post(client, academy, said(), **{"Content-Type": "multipart/mixed; boundary=x"}).status_code == 400
    sent = {**HEADERS, "Authorization": academy.auth}
    assert client.get("/xapi/statements", headers=sent).status_code == 400
    assert client.get("/xapi/statements?statementId=nonsense", headers=sent).status_code == 400
    assert client.get("/xapi/about").json["version"] == ["2.0.0", "1.0.3"]
    allowed = client.options("/xapi/statements")
    assert allowed.status_code == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in allowed.headers["Access-Control-Allow-Headers"]


def test_statements_of_the_standards_own_kinds_are_read():
    agent = {"mbox": "mailto:a@example.org"}
    check_statement(
        said(
            {"objectType": "Group", "member": [agent]},
            object={"objectType": "SubStatement", "actor": agent, "verb": {"id": PASSED}, "object": {"id": ACTIVITY}},
            context={
                "registration": str(uuid.uuid4()), "language": "en-GB", "extensions": {"https://x.example/e": None},
                "contextActivities": {"parent": [{"id": ACTIVITY}], "other": {"id": ACTIVITY}},
            },
            result={"duration": "PT1H0.5S", "completion": True, "response": "", "extensions": {"https://x.example/e": [1]}},
        )
    )  # fmt: skip
    with pytest.raises(BadStatement):
        read_json(b"[" * 60 + b"]" * 60)


def test_keys_are_made_shown_once_and_revoked_by_those_who_edit(academy, sign_in, person):
    address = f"/authoring/learning-paths/{academy.path.public_id}/steps/{academy.step}/keys"
    client = sign_in(academy.instructor)
    made = client.submit(address, {"name": "Симулятор <x>"})
    secret = re.search(r'id="secret"[^>]*value="([^"]+)"', made.get_data(as_text=True))[1]
    assert secret not in client.get(address).get_data(as_text=True)
    assert client.submit(address, {"name": ""}).status_code == 422
    revoke = f"/authoring/activity-keys/{academy.key.public_id}/revoke"
    for role, expected in (("learner", 403), ("instructor", 404)):
        other = sign_in(person(role))
        assert other.get(address).status_code == other.get(revoke).status_code == expected
    assert client.submit(revoke).status_code == 303
    assert session().get_one(type(academy.key), academy.key.id).revoked_at


def test_a_step_has_a_bounded_number_of_keys(academy):
    with pytest.raises(Refused, match="at most"):
        for number in range(30):
            make_key(academy.path, academy.step, str(number), academy.instructor)


@pytest.fixture
def served(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/xapi/"
    server.shutdown()
    thread.join()


def secret_of(academy):
    made, secret = make_key(academy.path, academy.step, "Judge", academy.instructor)
    commit()
    return made.key, secret


def test_the_example_of_the_manual_runs(academy, served, capsys):
    academy.join()
    key, secret = secret_of(academy)
    text = Path("docs/howto/xapi.md").read_text()
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]
    code = code.replace("https://learn.example.org/xapi/", served).replace("the key", key).replace("the secret", secret)
    exec(compile(code, "docs/howto/xapi.md", "exec"), {})
    assert "7ccd1f2e" in capsys.readouterr().out
    assert academy.membership.records[0].state == "done"


def test_a_client_of_others_is_understood(academy, served):
    academy.join()
    key, secret = secret_of(academy)
    store = tincan.RemoteLRS(version="1.0.1", endpoint=served, username=key, password=secret)
    statement = tincan.Statement(
        actor=tincan.Agent(name="Elena", mbox="mailto:elena@example.org"),
        verb=tincan.Verb(id=PASSED, display=tincan.LanguageMap({"en-US": "passed"})),
        object=tincan.Activity(id=ACTIVITY),
        result=tincan.Result(success=True, score=tincan.Score(scaled=0.8)),
    )
    answer = store.save_statement(statement)
    assert answer.success, answer.data
    found = store.retrieve_statement(answer.content.id)
    assert found.success
    assert found.content.actor.mbox == "mailto:elena@example.org"
    assert academy.membership.records[0].grade == 80


def launched(academy):
    membership = academy.join()
    url = launch_url(membership, membership.version.step(academy.step))
    told = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    asked = {name: told[name] for name in ("registration",)} | {
        "agent": told["actor"],
        "activityId": told["activity_id"],
    }
    return told["auth"], asked


def test_content_remembers_where_its_learner_stopped(academy, client):
    auth, asked = launched(academy)
    headers = {"X-Experience-API-Version": "1.0.3", "Authorization": auth}

    def ask(method, data=None, status=204, name="resume", kind="text/plain", **more):
        answer = client.open(
            "/xapi/activities/state", method=method, data=data, content_type=kind if data is not None else None,
            query_string={**asked, **({"stateId": name} if name else {})}, headers={**headers, **more},
        )  # fmt: skip
        assert answer.status_code == status, answer.get_data()
        return answer

    ask("GET", status=404)
    ask("PUT", b"page\xff 7")
    found = ask("GET", status=200)
    assert (found.get_data(), found.mimetype) == (b"page\xff 7", "text/plain")
    assert ask("GET", status=200, name="").json == ["resume"]
    ask("PUT", b"8", status=412, **{"If-Match": '"other"'})
    ask("PUT", b"8", status=412, **{"If-None-Match": "*"})
    ask("PUT", b"8", **{"If-Match": found.headers["ETag"]})
    ask("POST", b'{"a": 1}', status=400, kind="application/json")
    ask("PUT", b'{"a": 1, "b": 1}', name="more", kind="application/json")
    ask("POST", b'{"b": 2}', name="more", kind="application/json")
    assert ask("GET", status=200, name="more").json == {"a": 1, "b": 2}
    ask("PUT", b"x" * 66_000, status=413)
    ask("PUT", b"x" * 65_530, status=413, name="other")
    ask("PUT", b"{", status=400, kind="application/json")
    assert post(client, academy, said()).status_code == 200
    assert academy.membership.records[0].state == "done"
    assert ask("GET", status=200).get_data() == b"8"  # a learner who has passed goes on where they were
    ask("DELETE", name="more")
    assert ask("GET", status=200, name="").json == ["resume"]
    ask("DELETE", name="")
    ask("GET", status=404)


def test_state_is_told_to_nobody_else(academy, client):
    auth, asked = launched(academy)
    fine = {"X-Experience-API-Version": "2.0.0", "Authorization": auth}
    asked["stateId"] = "resume"
    for changes, headers, status in (
        ({"agent": json.dumps({"mbox": "mailto:other@example.org"})}, {}, 403),
        ({}, {"Authorization": academy.auth}, 403),
        ({}, {"Authorization": "Basic !!"}, 401),
        ({}, {"X-Experience-API-Version": ""}, 400),
        ({"agent": "3"}, {}, 400), ({"agent": "{"}, {}, 400), ({"activityId": "no"}, {}, 400),
        ({"registration": "no"}, {}, 400), ({"stateId": ""}, {}, 400), ({"more": "1"}, {}, 400),
    ):  # fmt: skip
        answer = client.put(
            "/xapi/activities/state", data=b"1", query_string={**asked, **changes}, headers={**fine, **headers}
        )
        assert answer.status_code == status, (changes, headers)
    assert academy.membership.records == []
    assert "DELETE" in client.options("/xapi/activities/state").headers["Access-Control-Allow-Methods"]
