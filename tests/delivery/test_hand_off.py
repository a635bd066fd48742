"""The hand-off in the browser: the sandboxed page, the callback in both of its shapes, and no answer at all."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from portal.badges import services as badges
from portal.core.clock import now
from portal.core.db import commit, session
from portal.delivery import services
from portal.delivery.models import HandOff


@pytest.fixture
def handing(backpack, app, learner):
    """Return a learner who has pressed Send, for a backpack without Backpack Connect."""
    backpack.offers.discard("access")
    services.save_settings(backpack_kind="mozilla", backpack_url=backpack.url)
    commit()
    services.remember(services.probe(backpack.url))
    commit()
    someone = learner()
    someone.send()
    return someone


def url_of(someone) -> str:
    found = badges.assertion_v1_url(badges.live_award(someone.certificate.badge_source))
    commit()
    return found


def answer(client, page: str, said: object) -> int:
    return client.post(f"{page}/answer", data=json.dumps(said), content_type="text/plain").status_code


def test_the_backpacks_own_window_is_offered_where_it_does_not_offer_connect(handing, backpack, run_jobs):
    assert handing.sending.state == "to_hand_over"
    assert "asks you itself" in handing.page()
    run_jobs()
    assert handing.sending.state == "to_hand_over"
    assert backpack.pushes == []


def test_the_page_is_a_sandbox_without_a_session(handing, backpack, client):
    page = handing.press("hand-over").location
    assert handing.sending.state == "handed_over"
    shown = client.get(page)
    policy = shown.headers["Content-Security-Policy"]
    assert "sandbox allow-scripts allow-popups allow-forms allow-popups-to-escape-sandbox;" in policy
    assert "allow-same-origin" not in policy
    assert f"script-src https://portal.example {backpack.origin};" in policy
    assert f"form-action {backpack.origin};" in policy
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in shown.headers
    html = shown.get_data(as_text=True)
    assert f'src="{backpack.url}/issuer.js"' in html
    assert f'action="{backpack.url}/issuer/frameless"' in html
    assert f'name="assertions" value="{url_of(handing)}"' in html
    assert handing.person.name not in html
    assert "csrf_token" not in html


def test_the_foreign_script_runs_on_the_hand_off_page_alone(handing, backpack):
    handing.press("hand-over")
    for path in (handing.earn_page, f"/certificates/{handing.certificate.public_id}", "/certificates"):
        shown = handing.client.get(path)
        assert "issuer.js" not in shown.get_data(as_text=True)
        assert backpack.origin not in shown.headers["Content-Security-Policy"].partition("form-action")[0]


@pytest.mark.parametrize(
    ("said", "state", "words"),
    [
        ({"errors": [], "successes": ["{url}"]}, "sent", "Sent to"),
        ({"errors": [{"assertion": "{url}", "reason": "DENIED"}], "successes": []}, "refused", "you said no"),
        ({"errors": ["DENIED"], "successes": []}, "refused", "you said no"),
        ({"errors": [{"assertion": "{url}", "reason": "EXISTS"}], "successes": []}, "already_there", "Already in"),
        ({"errors": ["EXISTS"], "successes": []}, "already_there", "Already in"),
        ({"errors": [{"assertion": "{url}", "reason": "INACCESSIBLE"}]}, "failed", "cannot read"),
        ({"errors": ["MALFORMED"]}, "failed", "not built as it expects"),
        ({"errors": [{"assertion": "{url}", "reason": "INVALID"}]}, "failed", "not valid for you"),
        ({"errors": ["SOMETHING NEW"]}, "failed", "makes no sense"),
    ],
)
def test_the_callback_is_recorded_in_both_of_its_shapes(handing, client, said, state, words):
    page = handing.press("hand-over").location
    said = json.loads(json.dumps(said).replace("{url}", url_of(handing)))
    assert answer(client, page, said) == 204
    assert handing.sending.state == state
    assert words in handing.page()


def test_a_page_answers_once(handing, client):
    page = handing.press("hand-over").location
    assert answer(client, page, {"errors": ["DENIED"], "successes": []}) == 204
    assert answer(client, page, {"errors": [], "successes": [url_of(handing)]}) == 404
    assert handing.sending.state == "refused"
    assert client.get(page).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b'"x"', b"{}", b'{"successes":["https://evil.example/a"]}', b'{"errors":[{}]}',
        b'{"errors":[{"assertion":"https://other.example","reason":"DENIED"}]}', b"[" * 19_000, b" " * 30_000,
        b'{"errors":{"a":1},"successes":5}', b'{"errors":[null,5,["DENIED"]]}', b"\xff\xfe",
    ],
)  # fmt: skip
def test_an_answer_that_says_nothing_of_the_badge_changes_nothing(handing, client, body):
    page = handing.press("hand-over").location
    assert client.post(f"{page}/answer", data=body, content_type="text/plain").status_code in {400, 404}
    assert handing.sending.state == "handed_over"
    assert client.get(page).status_code == 200


def test_an_unknown_or_old_token_leads_nowhere(handing, client, clock):
    page = handing.press("hand-over").location
    assert client.get("/hand-off/unknown").status_code == 404
    assert answer(client, "/hand-off/unknown", {"errors": ["DENIED"]}) == 404
    clock(now() + timedelta(hours=2))
    assert client.get(page).status_code == 404
    assert answer(client, page, {"errors": [], "successes": [url_of(handing)]}) == 404
    assert handing.sending.state == "handed_over"


def test_the_token_is_stored_as_a_digest(handing):
    page = handing.press("hand-over").location
    assert session().query(HandOff).one().digest not in page


def test_no_answer_is_an_outcome_of_its_own_and_the_learner_is_asked(handing):
    handing.press("hand-over")
    page = handing.page()
    assert "Handed over: did" in page
    assert "accept it?" in page
    assert "Show it in my transcript" not in page
    handing.press("confirm", accepted="yes")
    assert handing.sending.state == "sent"
    assert "You said that the backpack accepted it." in handing.page()


def test_the_learner_may_say_no_and_try_again(handing):
    handing.press("hand-over")
    handing.press("confirm", accepted="no")
    assert handing.sending.state == "failed"
    assert "did not accept it" in handing.page()
    handing.press("retry")
    assert handing.sending.state == "to_hand_over"


def test_an_answer_that_comes_after_the_learners_own_changes_nothing(handing, client):
    page = handing.press("hand-over").location
    handing.press("confirm", accepted="yes")
    assert answer(client, page, {"errors": ["DENIED"], "successes": []}) == 404
    assert handing.sending.state == "sent"


def test_confirming_needs_a_plain_yes_or_no(handing):
    handing.press("hand-over")
    for nonsense in ("", "maybe", "YES"):
        assert handing.press("confirm", accepted=nonsense).status_code == 400
    assert handing.sending.state == "handed_over"


def test_a_backpack_that_was_never_looked_at_is_looked_at_by_the_worker(backpack, app, learner, run_jobs):
    backpack.offers.discard("access")
    services.save_settings(backpack_kind="mozilla", backpack_url=backpack.url)
    commit()
    someone = learner()
    someone.send()
    assert someone.sending.state == "due"
    run_jobs()
    assert someone.sending.state == "to_hand_over"


def test_a_backpack_that_offers_no_way_in_is_said_to_be_none(backpack, app, learner, run_jobs):
    backpack.offers.clear()
    services.save_settings(backpack_kind="mozilla", backpack_url=backpack.url)
    commit()
    someone = learner()
    someone.send()
    run_jobs()
    assert someone.sending.state == "failed"
    assert "there is no Mozilla-style backpack" in someone.page()
