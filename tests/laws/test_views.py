"""The laws of views: stamps, CSRF, navigation, reading without writing."""

from __future__ import annotations

import re

import pytest
from flask import Blueprint

from portal.accounts.models import Person
from portal.core.db import session
from portal.core.jobs import registered
from portal.web import navigation, stamps

# The endpoints of protocols whose callers cannot carry a CSRF token. A new one needs a reason in its room's docstring.
CSRF_FREE = {
    "backpack.connect_issue",
    "backpack.connect_token",
    "backpack.displayer_convert_email",
    "backpack.issuer_frameless",
    "delivery.hand_off_answer",
    "learning.xapi_state",
    "learning.xapi_statements",
    "notices.unsubscribe_at_once",
}


def test_an_unstamped_view_stops_the_app(app):
    app._got_first_request = False
    planted = Blueprint("planted", __name__)
    planted.add_url_rule("/planted", "view", lambda: "hello")
    app.register_blueprint(planted)
    with pytest.raises(stamps.Unstamped, match=r"planted\.view"):
        stamps.check_app(app)


def test_every_view_is_stamped(app):
    stamps.check_app(app)


def test_only_the_listed_protocol_endpoints_go_without_csrf(app):
    free = {name for name, view in app.view_functions.items() if stamps.is_csrf_free(view)}
    assert free == CSRF_FREE, "Give the view CSRF protection, or list the protocol endpoint here with its reason."


def test_every_menu_entry_leads_to_a_page(app):
    entries = [
        *navigation.MAIN,
        *navigation.AUTHORING,
        *navigation.ADMINISTRATION,
        *navigation.PERSON,
        *navigation.GUEST,
    ]
    missing = [entry.endpoint for entry in entries if entry.endpoint not in app.view_functions]
    assert not missing


def test_a_get_that_writes_is_refused(app):
    with app.test_request_context("/"):
        session().add(Person(name="Nobody"))
        with pytest.raises(RuntimeError, match="A GET writes nothing"):
            session().flush()
        session().rollback()


def test_a_post_without_a_csrf_token_is_refused_everywhere(app, person, sign_in):
    client = sign_in(person("administrator"))
    accepted = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        takes_forms = "POST" in (rule.methods or ()) and not stamps.is_csrf_free(view) and not rule.arguments
        if takes_forms and client.post(rule.rule).status_code != 400:
            accepted.append(rule.rule)
    assert not accepted, "These take a POST without a CSRF token."


def test_a_guest_gets_no_page_that_is_not_public(app, client):
    open_pages = []
    for rule in app.url_map.iter_rules():
        stamp = stamps.stamp_of(app.view_functions[rule.endpoint])
        if "GET" in (rule.methods or ()) and stamp and stamp.kind == "requires" and not rule.arguments:
            answer = client.get(rule.rule)
            if answer.status_code != 302 or "/sign-in" not in answer.headers["Location"]:
                open_pages.append((rule.rule, answer.status_code))
    assert not open_pages


def test_every_answer_has_a_strict_content_security_policy(client):
    policy = client.get("/sign-in").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"unsafe-inline|unsafe-eval|\*", policy)


def test_jobs_are_registered():
    names = {entry.name for entry in registered()}
    assert {"portal.notices.jobs", "portal.delivery.jobs"} <= {name.rpartition(".")[0] for name in names}
