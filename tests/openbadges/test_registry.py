"""The contract that every badge standard keeps; a new entry of the registry is tested by being there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal.openbadges import baking
from portal.openbadges.documents import Document, read_document, stable_bytes
from portal.openbadges.registry import STANDARDS, BadgeStandard, standard_of
from portal.openbadges.verifying import CHECKS, FINDINGS, verify
from tests.openbadges.world import NOW, PNG, assertion_v3, plain_v3, world_v3

EVERY = pytest.mark.parametrize("standard", STANDARDS, ids=lambda standard: standard.name)


@EVERY
def test_what_a_standard_composes_is_recognised_by_it_alone(standard: BadgeStandard) -> None:
    for source in (assertion_v3(), plain_v3(assertion_v3())):
        document = standard.compose(source)
        assert [other.name for other in STANDARDS if other.recognises(document)] == [standard.name]
        assert standard_of(document) is standard


@EVERY
def test_recognising_never_raises(standard: BadgeStandard) -> None:
    odd: list[Document] = [{}, {"@context": None}, {"@context": [{}]}, {"@context": 7, "verify": []}, {"vc": 1}]
    for document in odd:
        assert standard.recognises(document) in (True, False)


@EVERY
def test_a_composed_badge_survives_writing_reading_and_baking(standard: BadgeStandard) -> None:
    document = standard.compose(assertion_v3())
    body = stable_bytes(document)
    assert read_document(body) == document
    assert body == stable_bytes(json.loads(body))
    baked = baking.bake_png(PNG, body, standard.keyword)
    assert read_document(baking.unbake(baked)) == document


@EVERY
def test_an_examination_says_what_the_badge_is_and_never_raises(standard: BadgeStandard) -> None:
    source = assertion_v3()
    document = standard.compose(source)
    report = verify(stable_bytes(document), world_v3(source), now=NOW)
    assert report.standard == standard.name
    assert report.badge is not None
    assert report.badge.name == source.badge.name
    assert report.badge.tags == source.badge.tags
    assert report.badge.issuer_name == source.badge.issuer.name
    assert report.document == document
    for check in report.checks:
        assert check.name in CHECKS
        assert check.code in FINDINGS
    for member in document:
        without = {name: value for name, value in document.items() if name != member}
        assert verify(stable_bytes(without), world_v3(source), now=NOW).checks


def test_every_finding_belongs_to_a_check() -> None:
    assert {code.partition(".")[0] for code in FINDINGS} == set(CHECKS)


def test_the_library_needs_no_framework_and_no_other_room() -> None:
    folder = Path(baking.__file__).parent.parent
    for file in folder.rglob("*.py"):
        text = file.read_text()
        for name in ("flask", "sqlalchemy", "requests", "portal.core", "portal.web"):
            assert f"import {name}" not in text, file
            assert f"from {name}" not in text, file
