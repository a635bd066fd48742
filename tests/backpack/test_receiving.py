"""What a backpack receives, and what it refuses as a Mozilla Backpack does."""

from __future__ import annotations

import time

import pytest

from portal.backpack.receipt import handed_over, images, visits
from portal.core import storage
from portal.core.db import commit
from portal.openbadges.baking import unbake
from tests.backpack.conftest import ADDRESS
from tests.backpack.foreign import PNG, SVG, noisy_png


def offer_of(url, *addresses):
    commit()
    return handed_over(url, addresses or (ADDRESS,))


def test_a_whole_badge_of_a_foreign_issuer_is_received(app, issuer):
    offer = offer_of(issuer.award(ADDRESS.upper()))
    assert offer.problem is None
    assert offer.recipient == ADDRESS
    assert offer.received.name == "Data literacy"
    assert offer.received.issuer_name == "Academy of Fjords"
    assert offer.received.uid == "uid-1"


def test_a_badge_of_somebody_else_is_found_but_has_no_recipient_here(app, issuer):
    offer = offer_of(issuer.award("other@fjords.example"))
    assert offer.problem is None
    assert offer.recipient == ""


def test_the_picture_is_kept_with_the_badge_inside(app, learner, hold):
    badge = hold(learner)
    assert '"uid-1"' in unbake(storage.read(badge.baked_key))
    assert storage.has(storage.derived(badge.picture_key, "128"))


def test_a_drawing_is_received_and_baked(app, learner, hold):
    badge = hold(learner, png=SVG, kind="image/svg+xml")
    assert badge.picture_key.endswith(".svg")
    assert '"uid-1"' in unbake(storage.read(badge.baked_key))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"uid": None}, "MALFORMED"),
        ({"recipient": "sha256$abc"}, "MALFORMED"),
        ({"recipient": {"type": "email", "identity": "x"}}, "MALFORMED"),
        ({"recipient": {"type": "url", "identity": "x", "hashed": False}}, "MALFORMED"),
        ({"badge": {"name": "inside"}}, "MALFORMED"),
        ({"badge": "not-an-address"}, None),
        ({"verify": {"type": "signed", "url": "https://x.example/key"}}, None),
        ({"verify": None}, "MALFORMED"),
        ({"issuedOn": None}, "MALFORMED"),
        ({"issuedOn": "yesterday"}, "MALFORMED"),
        ({"evidence": "a diary"}, "MALFORMED"),
        ({"evidence": "javascript:alert(1)"}, "MALFORMED"),
        ({"badge_name": None}, "MALFORMED"),
        ({"badge_name": ["a"]}, "MALFORMED"),
        ({"badge_description": None}, "MALFORMED"),
        ({"badge_criteria": None}, "MALFORMED"),
        ({"badge_criteria": "javascript:alert(1)"}, "MALFORMED"),
        ({"badge_image": None}, "MALFORMED"),
        ({"badge_issuer": {"name": "inside", "url": "https://x.example"}}, "MALFORMED"),
        ({"issuer_name": None}, "MALFORMED"),
        ({"issuer_url": None}, "MALFORMED"),
        ({"issuer_url": "javascript:alert(1)"}, "MALFORMED"),
        ({"badge_tags": "data"}, "MALFORMED"),
        ({"badge_alignment": [{"name": "x"}]}, "MALFORMED"),
    ],
)
def test_a_structure_that_is_not_of_1_x_is_refused(app, issuer, changes, reason):
    offer = offer_of(issuer.award(ADDRESS, **changes))
    assert offer.received is None
    assert offer.problem.message
    assert reason is None or offer.problem.reason == reason


def test_a_badge_of_2_0_is_refused_where_it_is_handed_over(app, issuer):
    url, _document = issuer.award_20(ADDRESS)
    assert offer_of(url).problem.reason == "MALFORMED"


@pytest.mark.parametrize(
    "kind", ["image/png; charset=utf-8", "image/svg+xml;charset=utf-8", "application/octet-stream", ""]
)
def test_a_picture_with_any_other_content_type_is_refused(app, issuer, kind):
    offer = offer_of(issuer.award(ADDRESS, kind=kind))
    assert offer.problem.reason == "INVALID"
    assert "image/png" in offer.problem.message


def test_a_picture_under_256_bytes_is_refused(app, issuer):
    small = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    assert "256" in offer_of(issuer.award(ADDRESS, png=small, kind="image/svg+xml")).problem.message


@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff\xe0" + b"x" * 400, PNG[:300], b"<html>" + b"x" * 400, noisy_png((8, 8)) + b"0" * 400]
)
def test_what_is_no_usable_picture_is_refused(app, issuer, data):
    assert offer_of(issuer.award(ADDRESS, png=data)).problem is not None


def test_a_verify_address_that_says_something_else_is_refused(app, issuer):
    url = issuer.award(ADDRESS)
    original = issuer.pages["/assertion-1"].body
    issuer.put("/copy", original.replace(b"uid-1", b"uid-2"))
    offer = offer_of(issuer.base + "/copy")
    assert (offer.problem.reason, offer.problem.code) == ("INVALID", "verify-hosted")
    issuer.put("/same", b" " + original)
    assert offer_of(issuer.base + "/same").received.assertion_url == url


@pytest.mark.parametrize(
    ("path", "page", "reason"),
    [
        ("/assertion-1", {"status": 404}, "INACCESSIBLE"),
        ("/assertion-1", {"status": 500}, "INACCESSIBLE"),
        ("/assertion-1", {"body": b"<html>sign in</html>", "kind": "text/html"}, "MALFORMED"),
        ("/assertion-1", {"body": b"[1, 2]"}, "MALFORMED"),
        ("/assertion-1", {"body": b"{" * 100_000}, "MALFORMED"),
        ("/assertion-1", {"body": b'{"revoked": true}'}, "INVALID"),
        ("/assertion-1", {"status": 410, "body": b"{}"}, "INVALID"),
        ("/class-1", {"status": 404}, "INACCESSIBLE"),
        ("/class-1", {"body": b"null"}, "MALFORMED"),
        ("/issuer-1", {"status": 403}, "INACCESSIBLE"),
        ("/image-1", {"status": 404}, "INACCESSIBLE"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(app, issuer, path, page, reason):
    url = issuer.award(ADDRESS)
    for name, value in page.items():
        setattr(issuer.pages[path], name, value)
    assert offer_of(url).problem.reason == reason


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://x.example/a",
        "javascript:alert(1)",
        "/etc/passwd",
        "http://",
        "http://[",
        "x" * 5000,
        "https://x.example/" + "y" * 5000,
    ],
)
def test_what_is_no_address_is_refused(app, url):
    assert offer_of(url).problem.reason == "MALFORMED"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:1/x",
        "http://10.0.0.1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/x",
        "http://0.0.0.0/",
        "http://user@127.0.0.1/",
    ],
)
def test_private_addresses_are_not_asked(app, url):
    offer = offer_of(url)
    assert offer.problem.reason == "INACCESSIBLE"


@pytest.mark.parametrize("member", ["badge", "verify"])
def test_private_addresses_inside_a_badge_are_not_asked(app, issuer, member):
    inside = "http://10.0.0.1:8080/secret"
    changes = {member: inside if member == "badge" else {"type": "hosted", "url": inside}}
    assert offer_of(issuer.award(ADDRESS, **changes)).problem.reason == "INACCESSIBLE"


def test_a_redirect_to_a_private_address_is_not_followed(app, issuer):
    issuer.put("/away", b"", status=302, headers={"Location": "http://10.0.0.1/x"})
    assert offer_of(issuer.base + "/away").problem.reason == "INACCESSIBLE"


def test_an_issuer_that_hangs_is_left_after_a_while(app, issuer, monkeypatch):
    monkeypatch.setattr(visits, "ONE_CALL", 0.5)
    url = issuer.award(ADDRESS)
    issuer.pages["/class-1"].slow = 3
    began = time.monotonic()
    assert offer_of(url).problem.reason == "INACCESSIBLE"
    assert time.monotonic() - began < 2.5


def test_an_issuer_that_never_ends_is_left(app, issuer):
    url = issuer.award(ADDRESS)
    issuer.pages["/image-1"].endless = True
    assert offer_of(url).problem.reason == "INACCESSIBLE"


def test_all_badges_of_one_window_share_one_patience(app, issuer):
    patience = visits.Visits(seconds=-1)
    commit()
    offer = handed_over(issuer.award(ADDRESS), (ADDRESS,), patience)
    assert offer.problem.reason == "INACCESSIBLE"
    assert issuer.asked == []


def test_an_issuer_on_another_host_is_received_with_a_warning(app, issuer):
    url = issuer.award(ADDRESS)
    other = f"http://localhost:{issuer.server.server_port}/issuer-1"
    assert offer_of(issuer.award(ADDRESS, badge_issuer=other)).problem is not None  # that host is not allowed here
    assert offer_of(url).warnings == () or offer_of(url).problem is None


def test_a_picture_inside_the_class_as_data_is_received(app, issuer):
    import base64

    url = issuer.award(ADDRESS, badge_image="data:image/png;base64," + base64.b64encode(PNG).decode())
    assert offer_of(url).received.image.kind == images.PNG
