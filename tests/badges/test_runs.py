"""Awards of a run say byte for byte what awards that are composed one by one say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.badges.services import runs
from portal.badges.services.issuer import issuer as the_issuer
from portal.badges.services.signing import open_desk
from portal.core.clock import now

VALUES = {
    "public_id": "a" * 22, "address": "ada@example.org", "salt": "0" * 32, "subject_id": "urn:uuid:1",
    "evidence_url": "https://portal.example/check/ABCD", "expires_at": None,
    "list_url": "https://portal.example/badges/status/x", "place": 17,
}  # fmt: skip


@pytest.mark.parametrize("name", ["First aid", "Førstehjelp 急救 🚑", "Marked “laurel-mark-salt”"])
@pytest.mark.parametrize("ends", [False, True])
@pytest.mark.parametrize("evidence", [False, True])
def test_a_moulded_award_is_what_composing_it_by_itself_gives(issuer, definition, name, ends, evidence):
    from portal.badges import services

    badge = services.freeze(definition(name=name))
    desk = open_desk(the_issuer())
    values = {**VALUES, "expires_at": now() + timedelta(days=90) if ends else None}
    if not evidence:
        values["evidence_url"] = ""
    run = runs.open_run(desk, badge, evidence=evidence, ends=ends)
    for number in range(1, 4):
        who = runs.Who(**{**values, "place": number * 1_000, "public_id": str(number) * 22})
        assert runs.Runs(desk).documents(who, badge) == runs.one_by_itself(who, desk, badge)
        if "laurel" not in name:
            assert run.documents(who) == runs.one_by_itself(who, desk, badge)


def test_what_is_not_plain_is_composed_by_itself(issuer, badge_class):
    desk = open_desk(the_issuer())
    who = runs.Who(**{**VALUES, "evidence_url": "https://portal.example/ø"})
    assert runs.open_run(desk, badge_class, evidence=True, ends=False).documents(who) is None
    assert runs.Runs(desk).documents(who, badge_class) == runs.one_by_itself(who, desk, badge_class)
