"""The public documents: what anybody may fetch, in which form, and what nobody may learn from them."""

from __future__ import annotations

import json

import pytest

from portal.badges import services
from portal.core.db import commit, session
from portal.openbadges.baking import unbake_png

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def path_of(address: str) -> str:
    return address.removeprefix("https://portal.example")


@pytest.fixture
def award(give):
    return give()


@pytest.fixture
def addresses(award):
    badge = award.badge_class.public_id
    return {
        f"/badges/assertions/{award.public_id}": "application/ld+json",
        f"/badges/assertions/{award.public_id}/v1.json": "application/json",
        f"/badges/assertions/{award.public_id}/image.png": "image/png",
        f"/badges/classes/{badge}": "application/ld+json",
        f"/badges/classes/{badge}/v1.json": "application/json",
        f"/badges/classes/{badge}/image.png": "image/png",
        "/badges/issuer": "application/ld+json",
        "/badges/issuer/v1.json": "application/json",
    }


def test_every_document_answers_anybody_with_its_exact_type_an_etag_and_no_cookie(client, addresses):
    for path, kind in addresses.items():
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind), path
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Strict-Transport-Security" in answer.headers
        assert "public" in answer.headers["Cache-Control"]
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        head = client.head(path)
        assert (head.status_code, head.data, head.headers["Content-Type"]) == (200, b"", kind)
        assert head.headers["Content-Length"] == str(len(answer.data))


def test_what_a_document_says_of_its_address_is_where_it_stands(client, addresses):
    for path, kind in addresses.items():
        if kind != "image/png":
            assert path_of(client.get(path).get_json(force=True)["id"]) == path


def test_the_host_header_has_no_influence(client, addresses):
    for path, kind in addresses.items():
        plain = client.get(path)
        evil = client.get(
            path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
        )
        assert evil.data == plain.data, kind
        assert b"evil.example" not in client.get(path, headers={"Host": "evil.example", "Accept": BROWSER}).data


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "application/ld+json"),
        ("*/*", "application/ld+json"),
        ("application/json", "application/json"),
        ("application/ld+json, application/json;q=0.9", "application/ld+json"),
        ("application/json, application/ld+json;q=0.5", "application/json"),
        ("application/json, text/html;q=0.9", "application/json"),
        ("text/html;q=0.5, application/ld+json", "application/ld+json"),
        ("text/html, application/ld+json", "application/ld+json"),
        ("text/html", "text/html"),
        (BROWSER, "text/html"),
        ("text/html;q=0, */*", "application/ld+json"),
        ("image/png", "application/ld+json"),
        ("!!!;;q=nonsense", "application/ld+json"),
    ],
)
def test_one_address_gives_the_form_that_is_ranked_highest(client, award, accept, kind):
    for path in (
        f"/badges/assertions/{award.public_id}",
        f"/badges/classes/{award.badge_class.public_id}",
        "/badges/issuer",
    ):
        answer = client.get(path, headers={"Accept": accept} if accept else {})
        assert answer.mimetype == kind
        assert "Accept" in answer.headers["Vary"]


def test_json_and_json_ld_are_the_same_bytes_with_different_etags(client, award):
    path = f"/badges/assertions/{award.public_id}"
    one = client.get(path, headers={"Accept": "application/json"})
    two = client.get(path)
    assert one.data == two.data == award.document_v2
    assert one.headers["ETag"] != two.headers["ETag"]


def test_a_document_stays_the_same_bytes_whatever_changes_later(client, addresses, award, issuer):
    kept = {path: client.get(path).data for path in addresses if "issuer" not in path}
    services.save_issuer(name="Other", url="https://other.example", email="x@other.example")
    award.person.name = "Somebody Else"
    commit()
    assert {path: client.get(path).data for path in kept} == kept
    assert client.get("/badges/issuer").get_json(force=True)["name"] == "Other"


def test_the_issuer_of_1_1_names_a_page_on_the_portals_own_origin(client, issuer):
    assert client.get("/badges/issuer/v1.json").get_json()["url"] == "https://portal.example/badges/issuer"
    assert client.get("/badges/issuer").get_json(force=True)["url"] == "https://academy.example/"
    assert b'href="https://academy.example/"' in client.get("/badges/issuer", headers={"Accept": BROWSER}).data


def test_a_revoked_badge_answers_410_with_a_stripped_body_and_a_page_that_says_so(client, award):
    services.revoke(award, reason="Given by <mistake>.")
    commit()
    path = f"/badges/assertions/{award.public_id}"
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (410, "application/ld+json")
    assert answer.get_json(force=True) == {
        "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": f"https://portal.example{path}",
        "revoked": True, "revocationReason": "Given by <mistake>.",
    }  # fmt: skip
    old = client.get(f"{path}/v1.json")
    assert old.status_code == 410
    assert set(old.get_json()) == {"@context", "type", "id", "revoked", "revocationReason"}
    assert client.get(f"{path}/image.png").status_code == 410
    page = client.get(path, headers={"Accept": BROWSER})
    assert page.status_code == 410
    assert "Given by &lt;mistake&gt;." in page.text
    assert "This badge was revoked" in page.text


def test_a_replaced_and_a_withdrawn_badge_are_gone_too(client, give):
    from portal.core.clock import now

    one, two = give(), give()
    one.replaced_at = now()
    two.withdrawn_at = now()
    commit()
    for row in (one, two):
        path = f"/badges/assertions/{row.public_id}"
        assert client.get(path).status_code == 410
        assert client.get(path, headers={"Accept": BROWSER}).status_code == 410
    assert "First aid" not in client.get(f"/badges/assertions/{two.public_id}", headers={"Accept": BROWSER}).text


@pytest.mark.parametrize("name", ["x", "../../etc/passwd", "%00", "'; drop table award; --", "a" * 3000, "1"])
def test_an_unknown_id_is_nothing(client, award, name):
    for path in (
        f"/badges/assertions/{name}",
        f"/badges/assertions/{name}/v1.json",
        f"/badges/assertions/{name}/image.png",
        f"/badges/classes/{name}",
    ):
        assert client.get(path).status_code == 404
        assert client.get(path, headers={"Accept": BROWSER}).status_code == 404


def test_the_row_number_of_an_award_is_no_address(client, award):
    assert client.get(f"/badges/assertions/{award.id}").status_code == 404


def test_hostile_and_foreign_texts_are_whole_in_json_and_harmless_on_pages(client, give, definition):
    name = "<script>alert(1)</script> \"&' 学習 العربية 🎓"
    badge = services.freeze(
        definition(
            name=name,
            description="</title><img src=x onerror=alert(1)>",
            criteria="[x](javascript:alert(1)) <b onclick=x>y</b>",
            tags=("<i>",),
        )
    )
    commit()
    row = give(badge=badge)
    assert client.get(f"/badges/classes/{badge.public_id}").get_json(force=True)["name"] == name
    for path in (
        f"/badges/assertions/{row.public_id}",
        f"/badges/classes/{badge.public_id}",
        f"/badges/criteria/{badge.public_id}",
    ):
        html = client.get(path, headers={"Accept": BROWSER}).text
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert 'href="javascript:' not in html
        assert "学習" in html


def test_no_public_page_or_document_tells_who_holds_the_badge(client, give, person):
    row = give(to=person(name="Ada Lovelace", address="ada@example.org"))
    for accept in ("*/*", BROWSER):
        text = client.get(f"/badges/assertions/{row.public_id}", headers={"Accept": accept}).text
        assert "Ada" not in text
        assert "ada@example.org" not in text


def test_the_human_page_shows_the_badge_and_leads_to_its_other_forms(client, award):
    html = client.get(f"/badges/assertions/{award.public_id}", headers={"Accept": BROWSER}).text
    for words in (
        "First aid",
        "Knows what to do first.",
        "<em>everything</em>",
        "Academy of Fjords",
        "Permanent",
        "Valid",
        "Verify",
        "https://portal.example/check/ABCD",
    ):
        assert words in html
    assert (
        f'<meta property="og:image" content="https://portal.example/badges/classes/{award.badge_class.public_id}/image.png">'
        in html
    )
    assert 'rel="alternate" type="application/ld+json"' in html


def test_the_baked_picture_is_made_from_the_one_picture_and_holds_the_assertion(client, award):
    data = client.get(f"/badges/assertions/{award.public_id}/image.png").data
    assert json.loads(unbake_png(data, "openbadges")) == json.loads(award.document_v2)


def test_a_very_small_picture_is_filled_up_for_mozilla_backpacks(client, give, definition, app):
    from portal.core import storage
    from tests.conftest import picture_bytes

    small = picture_bytes(size=(90, 90))
    key = storage.put(small, "image/png")
    badge = services.freeze(definition(image_key=key, name="Small"))
    commit()
    answer = client.get(f"/badges/classes/{badge.public_id}/image.png")
    assert len(answer.data) >= 256


@pytest.mark.parametrize(
    "path", ["/badges/assertions/{id}", "/badges/assertions/{id}/v1.json", "/badges/assertions/{id}/image.png"]
)
def test_a_public_assertion_costs_one_query(app, client, award, path):
    from sqlalchemy import event

    from portal.badges import publishing

    seen = []
    event.listen(publishing.reader(), "checkout", lambda raw, *_rest: raw.set_trace_callback(seen.append))
    assert client.get(path.format(id=award.public_id)).status_code == 200
    asked = [text for text in seen if text.startswith("SELECT")]
    assert len(asked) == 1, seen
    plan = " ".join(str(row) for row in session().connection().exec_driver_sql("EXPLAIN QUERY PLAN " + asked[0]))
    assert "SCAN" not in plan


def test_posting_to_a_document_is_refused(client, addresses):
    for path in addresses:
        assert client.post(path).status_code == 405
