"""The public page "Check a badge"."""

from __future__ import annotations

import io
import json
import re
import zlib

import pytest

from portal.badges import services
from portal.core.db import commit
from tests.badges.conftest import badge_class, definition, give, issuer, pairs  # noqa: F401 - fixtures

PATH = "/check-badge"


def outcomes(html: str) -> dict[str, str]:
    return dict(re.findall(r'data-check="([a-z_]+)" data-outcome="([a-z_]+)"', html))


def upload(data: bytes, name: str = "badge.png"):
    return {"file": (io.BytesIO(data), name)}


@pytest.fixture
def award(give, person):  # noqa: F811
    return give(to=person(address="ada@example.org"))


def test_a_badge_of_ours_is_fetched_and_compared(client, award):
    html = client.submit(PATH, {"address": services.assertion_url(award)}).text
    found = outcomes(html)
    assert found["structure"] == found["hosted"] == found["issuer"] == found["image"] == found["dates"] == "passed"
    assert "Every check passed" in html
    assert "First aid" in html
    assert "/check-badge?address=https" in html


def test_a_1_1_badge_and_a_baked_picture_are_checked_too(client, award):
    assert "Every check passed" in client.submit(PATH, {"address": services.assertion_v1_url(award)}).text
    baked = services.baked_png(award)
    assert "Every check passed" in client.submit(PATH, upload(baked)).text
    assert "Every check passed" in client.submit(PATH, upload(award.document_v2, "badge.json")).text


def test_the_right_and_the_wrong_recipient(client, award):
    right = client.submit(PATH, {"address": services.assertion_url(award), "email": "ADA@example.org"}).text
    assert outcomes(right)["recipient"] == "passed"
    wrong = client.submit(PATH, {"address": services.assertion_url(award), "email": "eve@example.org"}).text
    assert outcomes(wrong)["recipient"] == "failed"
    assert "This badge does not hold" in wrong


def test_a_revoked_badge_fails_with_the_reason(client, award):
    services.revoke(award, reason="Given by mistake.")
    commit()
    html = client.submit(PATH, {"address": services.assertion_url(award)}).text
    assert outcomes(html)["status"] == "failed"
    assert "Given by mistake." in html


def test_a_changed_copy_is_not_the_badge_that_is_published(client, award):
    document = json.loads(award.document_v2)
    document["expires"] = "2099-01-01T00:00:00Z"
    html = client.submit(PATH, upload(json.dumps(document).encode(), "badge.json")).text
    assert outcomes(html)["hosted"] == "failed"


def test_the_verify_button_of_the_human_page_checks(client, award):
    page = client.get(f"/badges/assertions/{award.public_id}", headers={"Accept": "text/html"}).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    address = re.search(r'name="address" value="([^"]+)"', page)[1]
    assert "Every check passed" in client.post(PATH, data={"csrf_token": token, "address": address}).text


def test_a_link_fills_the_form_in_and_fetches_nothing(client, award):
    html = client.get(PATH, query_string={"address": services.assertion_url(award)}).text
    assert f'value="{services.assertion_url(award)}"' in html
    assert not outcomes(html)


def test_nothing_and_two_badges_at_once_are_refused_beside_the_field(client, award):
    assert client.submit(PATH, {}).status_code == 422
    both = client.submit(PATH, {"address": "https://a.example", **upload(b"{}", "b.json")})
    assert both.status_code == 422
    assert "Check one badge at a time" in both.text
    assert client.submit(PATH, {"address": "https://a.example", "email": "nonsense"}).status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:22/", "http://localhost/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://0x7f000001/",
        "http://10.0.0.1/", "http://2130706433/", "http://[::ffff:127.0.0.1]/",
    ],
)  # fmt: skip
def test_private_addresses_are_not_called(client, app, address):
    answer = client.submit(PATH, {"address": address})
    assert answer.status_code == 200
    assert "Every check passed" not in answer.text
    assert outcomes(answer.text).get("hosted") != "passed"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://a.example/",
        "<script>",
        "https://",
        "https://user:pw@a.example/",
        "学習",
    ],
)
def test_what_is_no_web_address_is_answered_in_words(client, app, address):
    answer = client.submit(PATH, {"address": address})
    assert answer.status_code in {200, 422}
    assert "<script>" not in answer.text.partition("<main")[2].replace("<script type", "")


def _bomb() -> bytes:
    chunk = b"iTXt" + b"openbadges\0\x01\0\0\0" + zlib.compress(b"0" * 200_000_000, 9)
    body = len(chunk[4:]).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    header = b"IHDR" + (90).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    end = b"IEND"
    return (
        b"\x89PNG\r\n\x1a\n"
        + (13).to_bytes(4, "big")
        + header
        + zlib.crc32(header).to_bytes(4, "big")
        + body
        + b"\0\0\0\0"
        + end
        + zlib.crc32(end).to_bytes(4, "big")
    )


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG",
        b"{",
        b"[1]",
        b"{}" * 9,
        b"[" * 100_000,
        b'{"a":' * 90_000,
        b"<svg" + b"<!ENTITY" * 20,
        b"\0" * 50,
        b"%PDF-1.4",
        b"<html><body>x</body></html>",
        b"a.b.c",
    ],
)
def test_broken_files_are_answered_in_words(client, app, data):
    answer = client.submit(PATH, upload(data, "x"))
    assert answer.status_code == 200
    assert "does not hold" in answer.text


def test_a_decompression_bomb_is_refused(client, app):
    answer = client.submit(PATH, upload(_bomb()))
    assert answer.status_code == 200
    assert "does not hold" in answer.text


def test_a_file_over_the_limit_is_refused_beside_the_field(client, app):
    answer = client.submit(PATH, upload(b"x" * 5_000_000))
    assert answer.status_code == 422
    assert "larger than 4 MB" in answer.text


def test_a_strangers_badge_is_shown_escaped(client, app):
    document = {
        "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://stranger.example/a",
        "recipient": {"type": "email", "hashed": False, "identity": "a@b.example"}, "issuedOn": "<script>alert(1)</script>",
        "verification": {"type": "HostedBadge"},
        "badge": {"type": "BadgeClass", "id": "https://stranger.example/b", "name": "<img src=x onerror=alert(1)>", "description": "%(x)s %s %",
                  "image": "https://stranger.example/i.png", "criteria": {"narrative": "<b onclick=alert(1)>x</b>"},
                  "issuer": {"type": "Profile", "id": "https://stranger.example/i", "name": "N", "url": "javascript:alert(1)", "email": "a@b.example"}},
    }  # fmt: skip
    html = client.submit(PATH, upload(json.dumps(document).encode(), "b.json")).text
    assert "<img src=x" not in html
    assert 'href="javascript:' not in html


def test_checking_is_limited(client, app):
    token = client.token(PATH)
    statuses = [client.post(PATH, data={"csrf_token": token, "address": "x"}).status_code for _ in range(25)]
    assert 429 in statuses
