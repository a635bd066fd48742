"""Sharing a public collection: its page, the frame for other sites, and the same as JSON."""

from __future__ import annotations

import html

import pytest

from portal.backpack import services
from portal.core.db import commit
from tests.backpack.foreign import SVG


@pytest.fixture
def collection(learner, hold, collect):
    return collect(
        learner,
        "Valamis <i>collection</i>",
        [hold(learner), hold(learner, "2", name="Drawn", png=SVG, kind="image/svg+xml")],
        description="Mine & yours",
    )


def shared(collection, more=""):
    return f"/backpack/shared/{collection.share_id}{more}"


def test_everybody_sees_the_page_of_a_public_collection(client, collection):
    page = client.get(shared(collection))
    assert page.status_code == 200
    assert "Valamis &lt;i&gt;collection&lt;/i&gt;" in page.text
    for words in ("Data literacy", "Drawn", "Academy of Fjords", "Mine &amp; yours", "og:title", "noindex"):
        assert words in page.text
    assert 'property="og:image" content="https://portal.example/pictures/' in page.text
    assert "learner@fjords.example" not in page.text
    assert "Astrid" not in page.text
    assert page.headers["X-Frame-Options"] == "DENY"


def test_other_sites_may_frame_the_frame_and_nothing_else(client, collection):
    frame = client.get(shared(collection, "/embed"))
    assert frame.status_code == 200
    assert "frame-ancestors *" in frame.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame.headers
    assert "<form" not in frame.text
    assert "Set-Cookie" not in frame.headers
    assert "Data literacy" in frame.text


def test_the_same_as_json_for_who_asks_for_it(client, collection, issuer):
    answer = client.get(shared(collection), headers={"Accept": "application/json"})
    assert answer.mimetype == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in answer.headers["Vary"]
    assert answer.json["name"] == "Valamis <i>collection</i>"
    assert answer.json["type"] == "Collection"
    first = answer.json["badges"][0]
    assert first["badge"]["name"] == "Data literacy"
    assert first["badge"]["issuer"]["name"] == "Academy of Fjords"
    assert first["verify"]["url"] == issuer.base + "/assertion-1"
    assert client.get(shared(collection), headers={"Accept": "text/html,*/*"}).mimetype == "text/html"


def test_private_again_leads_nowhere(client, collection):
    services.publish(collection, public=False)
    commit()
    for more in ("", "/embed"):
        assert client.get(shared(collection, more)).status_code == 404
    assert client.get(shared(collection), headers={"Accept": "application/json"}).status_code == 404


def test_what_never_was_looks_like_what_is_private(client, collection):
    for share_id in ("x" * 22, collection.public_id, str(collection.number)):
        assert client.get(f"/backpack/shared/{share_id}").status_code == 404


def test_the_share_page_offers_link_and_snippet_once_it_is_public(signed_in, collection):
    path = f"/backpack/collections/{collection.public_id}"
    page = html.unescape(signed_in.get(f"{path}/share").text)
    assert f"https://portal.example{shared(collection)}" in page
    assert f'<iframe src="https://portal.example{shared(collection, "/embed")}"' in html.unescape(page)
    assert signed_in.submit(f"{path}/publish", {"public": "0"}, on=f"{path}/share").status_code == 303
    private = signed_in.get(f"{path}/share").text
    assert "Make it public" in private
    assert collection.share_id not in private
    signed_in.submit(f"{path}/publish", {"public": "1"}, on=f"{path}/share")
    assert collection.share_id in signed_in.get(f"{path}/share").text


def test_an_empty_public_collection_says_so(client, learner, collect):
    assert "no badge in this collection" in client.get(shared(collect(learner, "Empty"))).text


def test_a_drawing_cannot_run_anything_where_it_is_shown(client, learner, hold):
    evil = SVG.replace(b"<title>", b"<script>alert(1)</script><title>")
    badge = hold(learner, png=evil, kind="image/svg+xml")
    answer = client.get(f"/pictures/{badge.picture_key}")
    assert answer.mimetype == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
