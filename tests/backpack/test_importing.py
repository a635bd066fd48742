"""Importing a badge by file and by address."""

from __future__ import annotations

import io
import json

import pytest

from portal.core import storage
from portal.openbadges.baking import bake_png, bake_svg
from tests.backpack.conftest import ADDRESS
from tests.backpack.foreign import PNG, SVG

IMPORT = "/backpack/import"


def send(signed_in, data=None, *, name="badge.png", address=""):
    fields = {"address": address}
    if data is not None:
        fields["file"] = (io.BytesIO(data), name)
    return signed_in.submit(IMPORT, fields, content_type="multipart/form-data")


def test_a_badge_is_imported_by_its_address(signed_in, issuer, held):
    answer = send(signed_in, address=issuer.award(ADDRESS))
    assert answer.status_code == 303
    [badge] = held()
    assert badge.standard == "1.0"
    assert send(signed_in, address=issuer.base + "/assertion-1").status_code == 303
    assert len(held()) == 1


def test_a_badge_of_2_0_is_imported_by_its_address(signed_in, issuer, held):
    url, document = issuer.award_20(ADDRESS)
    answer = send(signed_in, address=url)
    assert answer.status_code == 303
    [badge] = held()
    assert (badge.standard, badge.assertion_url, badge.assertion) == ("2.0", url, document)
    assert "<h1>Read" not in signed_in.get(answer.location).text


@pytest.mark.parametrize("shape", ["json", "png", "svg", "address in a png"])
def test_a_badge_is_imported_by_its_file(signed_in, issuer, held, shape):
    url, document = issuer.award_20(ADDRESS)
    text = json.dumps(document)
    files = {
        "json": text.encode(),
        "png": bake_png(PNG, text),
        "svg": bake_svg(SVG, text, verify=url),
        "address in a png": bake_png(PNG, url),
    }
    assert send(signed_in, files[shape]).status_code == 303
    assert held()[0].assertion_url == url


def test_a_baked_badge_of_1_1_is_imported_by_its_file(signed_in, issuer, held):
    issuer.award(ADDRESS)
    baked = bake_png(PNG, issuer.pages["/assertion-1"].body)
    assert send(signed_in, baked).status_code == 303
    assert held()[0].uid == "uid-1"


def test_what_was_kept_can_be_imported_elsewhere(signed_in, learner, hold, held, person, sign_in):
    badge = hold(learner)
    data = storage.read(badge.baked_key)
    signed_in.submit(f"/backpack/badges/{badge.public_id}/remove")
    assert held() == []
    assert send(signed_in, data).status_code == 303
    assert len(held()) == 1


def test_a_badge_of_another_address_is_refused_with_what_to_do(signed_in, issuer, held):
    answer = send(signed_in, address=issuer.award("x@fjords.example"))
    assert answer.status_code == 422
    assert "another e-mail address" in answer.text
    assert ADDRESS in answer.text
    assert held() == []


def test_a_changed_file_is_refused(signed_in, issuer, held):
    _url, document = issuer.award_20(ADDRESS)
    changed = {**document, "issuedOn": "2020-01-01T00:00:00Z"}
    answer = send(signed_in, bake_png(PNG, json.dumps(changed)))
    assert answer.status_code == 422
    assert "not the same" in answer.text
    assert held() == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        PNG,
        b"<html>hello</html>",
        b"\xff\xfe\x00",
        b"{}",
        b"[]",
        b"null",
        b'{"type": "Assertion"}',
        b"x" * 100,
        PNG[:50],
    ],
)
def test_a_file_without_a_badge_is_refused_with_the_reason(signed_in, data, held):
    answer = send(signed_in, data)
    assert answer.status_code == 422
    assert "has-error" in answer.text
    assert held() == []


def test_a_file_that_is_too_large_is_refused(signed_in, held):
    assert "5 MB" in send(signed_in, PNG + b"0" * (5 * 1024 * 1024)).text
    assert held() == []


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "ftp://x.example/a", "http://10.0.0.1/", "javascript:alert(1)", "https://x.example/" + "y" * 2500],
)
def test_an_address_that_leads_nowhere_is_refused(signed_in, address, held):
    assert send(signed_in, address=address).status_code == 422
    assert held() == []


def test_an_issuer_of_2_0_that_lies_about_itself_is_refused(signed_in, issuer, held):
    url, _document = issuer.award_20(ADDRESS)
    page = issuer.pages["/p-two"]
    page.body = page.body.replace(b"/p-two", b"/somebody-else")
    assert send(signed_in, address=url).status_code == 422
    assert held() == []


def test_a_person_without_a_verified_address_is_told(learner, sign_in, issuer):
    from portal.core.db import commit

    learner.addresses[0].verified_at = None
    commit()
    client = sign_in(learner)
    assert "no verified address" in client.get(IMPORT).text
    assert send(client, address=issuer.award(ADDRESS)).status_code == 422
