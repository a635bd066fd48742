"""The Issuer API: another site hands badges over, the person decides in a window."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.web import stamps
from tests.backpack.conftest import ADDRESS

WINDOW = "/backpack/issuer/window"
ASSERTION = "/backpack/issuer/assertion"


def result_of(response):
    found = re.search(r'data-issuer-result="([^"]*)"', response.text)
    return json.loads(html.unescape(found[1])) if found else None


def decide(signed_in, urls, *decisions, opener="https://issuer.example", on=None):
    data = {"assertion": urls, "opener": opener, **{f"decision-{n}": each for n, each in enumerate(decisions)}}
    return signed_in.submit(WINDOW, data, on=on or "/backpack/import")


def post_assertion(signed_in, url):
    return signed_in.submit(ASSERTION, {"assertion": url}, on="/backpack/import")


def test_the_script_can_be_included_by_any_site(client):
    answer = client.get("/backpack/issuer.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "issue_no_modal" in answer.text


def test_the_window_shows_what_is_handed_over_and_who_hands_it(signed_in, issuer):
    url = issuer.award(ADDRESS)
    page = signed_in.get(WINDOW, query_string={"assertion": url, "opener": "https://Issuer.example/path"})
    assert page.status_code == 200
    for text in (
        "Data literacy",
        ADDRESS,
        "Academy of Fjords",
        "/criteria",
        "https://issuer.example",
        "Accept",
        "Decline",
    ):
        assert text in page.text
    assert "Reads &lt;b&gt;numbers&lt;/b&gt; &amp; charts." in page.text
    assert "data:image/png;base64," in page.text
    assert "https://Issuer.example/path" not in page.text
    assert page.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_looking_at_the_window_keeps_nothing(signed_in, issuer, held):
    signed_in.get(WINDOW, query_string={"assertion": issuer.award(ADDRESS)})
    assert held() == []


def test_sign_in_on_the_way_keeps_what_was_handed_over_and_the_opener(client, issuer):
    url = issuer.award(ADDRESS)
    away = client.get(WINDOW, query_string={"assertion": url, "opener": "https://issuer.example"})
    assert away.status_code == 302
    assert away.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    target = urlsplit(away.location)
    assert target.path == "/sign-in"
    onward = parse_qs(target.query)["next"][0]
    assert parse_qs(urlsplit(onward).query)["assertion"] == [url]
    form = client.get(away.location)
    assert form.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert client.get("/sign-in").headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_accepting_puts_the_badge_in_and_tells_the_opener(signed_in, issuer, held):
    url = issuer.award(ADDRESS)
    page = decide(signed_in, [url], "accept")
    assert result_of(page) == {"type": "openbadges.issued", "errors": [], "successes": [url]}
    assert 'data-opener="https://issuer.example"' in page.text
    assert page.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    [badge] = held()
    assert badge.assertion_url == url
    assert badge.recipient == ADDRESS


def test_declining_keeps_nothing_out_of_sight(signed_in, issuer, held):
    url = issuer.award(ADDRESS)
    asked = len(issuer.asked)
    page = decide(signed_in, [url], "decline")
    assert result_of(page)["errors"] == [{"assertion": url, "reason": "DENIED"}]
    assert held() == []
    assert len(issuer.asked) == asked


def test_several_badges_are_decided_one_by_one(signed_in, issuer, learner, hold, held):
    there = hold(learner, "0").assertion_url
    urls = [
        issuer.award(ADDRESS, "1"), issuer.award(ADDRESS, "2"), there, issuer.award("other@fjords.example", "3"),
        issuer.base + "/nothing", issuer.award(ADDRESS, "4", uid=None),
    ]  # fmt: skip
    page = signed_in.get(WINDOW, query_string={"assertion": urls})
    assert page.text.count('type="radio"') == 4
    answer = decide(signed_in, urls, "accept", "decline", "accept", "accept", "accept", "accept")
    assert result_of(answer)["successes"] == [urls[0]]
    reasons = {each["assertion"]: each["reason"] for each in result_of(answer)["errors"]}
    assert reasons == {
        urls[1]: "DENIED", there: "EXISTS", urls[3]: "INVALID", urls[4]: "INACCESSIBLE", urls[5]: "MALFORMED",
    }  # fmt: skip
    assert len(held()) == 2


def test_where_nothing_can_be_decided_the_opener_learns_it_at_once(signed_in, issuer):
    page = signed_in.get(WINDOW, query_string={"assertion": issuer.base + "/nothing", "opener": "null"})
    assert result_of(page)["errors"] == [{"assertion": issuer.base + "/nothing", "reason": "INACCESSIBLE"}]
    assert 'data-opener="null"' in page.text


@pytest.mark.parametrize(
    "opener", ["javascript:alert(1)", "*", "https://", "//evil.example", '"><script>', "https://a@b.example"]
)
def test_an_opener_that_is_no_origin_gets_no_message(signed_in, issuer, opener):
    page = signed_in.get(WINDOW, query_string={"assertion": issuer.base + "/nothing", "opener": opener})
    assert re.search(r'data-opener="(https://b\.example)?"', page.text)


def test_too_many_and_none_are_refused_in_words(signed_in):
    assert signed_in.get(WINDOW).status_code == 400
    many = [f"https://issuer.example/{n}" for n in range(13)]
    assert "At most 12" in signed_in.get(WINDOW, query_string={"assertion": many}).text


def test_a_decision_without_the_token_of_our_own_form_is_refused(signed_in, issuer, held):
    url = issuer.award(ADDRESS)
    assert signed_in.post(WINDOW, data={"assertion": url, "decision-0": "accept"}).status_code == 400
    assert held() == []


def test_a_plain_form_of_another_site_leads_to_the_question_alone(client, issuer, held):
    url = issuer.award(ADDRESS)
    answer = client.post(
        "/backpack/issuer/frameless", data={"assertions": url}, headers={"Origin": "https://issuer.example"}
    )
    assert answer.status_code == 303
    target = urlsplit(answer.location)
    assert target.path == WINDOW
    assert parse_qs(target.query)["assertion"] == [url]
    assert "Set-Cookie" not in answer.headers
    assert held() == []
    assert issuer.asked == []


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (
            ["https://a.example/1", "https://a.example/2", "https://a.example/1"],
            ["https://a.example/1", "https://a.example/2"],
        ),
        (['["https://a.example/1", 5, "https://a.example/2"]'], ["https://a.example/1", "https://a.example/2"]),
        (["[" * 5000], []),
        ([], []),
        (["https://a.example/" + "x" * 3000, "https://a.example/2"], []),
        ([f"https://a.example/{n}" for n in range(40)], [f"https://a.example/{n}" for n in range(12)]),
    ],
)
def test_both_shapes_of_the_form_are_read_within_bounds(client, sent, expected):
    answer = client.post("/backpack/issuer/frameless", data={"assertions": sent})
    assert parse_qs(urlsplit(answer.location).query).get("assertion", []) == expected


def test_the_assertion_endpoint_refuses_who_is_not_signed_in(client, issuer):
    answer = client.get(ASSERTION, query_string={"assertion": issuer.award(ADDRESS)})
    assert answer.status_code == 403
    assert set(answer.json) == {"message", "code", "extra"}
    assert issuer.asked == []


def test_the_assertion_endpoint_tells_about_a_badge(signed_in, issuer):
    url = issuer.award(ADDRESS)
    answer = signed_in.get(ASSERTION, query_string={"assertion": url})
    assert answer.status_code == 200
    assert answer.json["exists"] is False
    assert answer.json["recipient"] == ADDRESS
    assert answer.json["owner"] is True
    assert answer.json["badge"]["badge"]["issuer"]["name"] == "Academy of Fjords"
    other = signed_in.get(ASSERTION, query_string={"assertion": issuer.award("x@fjords.example", "2")})
    assert other.json["recipient"] is False
    assert "owner" not in other.json


def test_the_assertion_endpoint_receives_once(signed_in, issuer, held):
    url = issuer.award(ADDRESS)
    first = post_assertion(signed_in, url)
    assert first.status_code == 201
    assert first.json["exists"] is False
    again = post_assertion(signed_in, url)
    assert (again.status_code, again.data) == (304, b"")
    assert signed_in.get(ASSERTION, query_string={"assertion": url}).json["exists"] is True
    assert len(held()) == 1


def test_the_assertion_endpoint_refuses_with_the_documented_statuses(signed_in, issuer, held):
    assert post_assertion(signed_in, issuer.award("x@fjords.example")).status_code == 403
    for url in ("", "not an address", issuer.base + "/nothing", issuer.award(ADDRESS, "2", uid=None)):
        answer = post_assertion(signed_in, url)
        assert answer.status_code == 400
        assert set(answer.json) == {"message", "code", "extra"}
    assert held() == []


def test_the_assertion_endpoint_takes_no_post_of_another_site(signed_in, issuer, held):
    assert signed_in.post(ASSERTION, data={"assertion": issuer.award(ADDRESS)}).status_code == 400
    assert held() == []


def test_only_the_form_of_other_sites_goes_without_a_token(app):
    names = {name for name in app.view_functions if name.startswith("backpack.issuer")}
    assert {name for name in names if stamps.is_csrf_free(app.view_functions[name])} == {"backpack.issuer_frameless"}
