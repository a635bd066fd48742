"""What this portal publishes is accepted, and refused, by validators that others wrote, over real HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.badges import services
from portal.core.clock import now
from portal.core.db import commit
from portal.openbadges.model import Alignment
from tests.badges.serving import ORIGIN, serving
from tests.judges import judge_ob2, judge_ob11

pytestmark = pytest.mark.judges
HOLDER, STRANGER = "ada@example.org", "eve@example.org"


@pytest.fixture
def award(give, person, definition, picture):
    badge = services.freeze(
        definition(
            name="Rådgiver 学習",
            language="nb",
            image_alt="A green square",
            alignments=(
                Alignment(name="Advise others", url="https://frameworks.example/s1", framework="ESCO", code="S1"),
            ),
        )
    )
    commit()
    return give(
        badge=badge, to=person(address=HOLDER), evidence_url=f"{ORIGIN}/check-badge", expires_at=now() + timedelta(days=99)
    )  # fmt: skip


def test_the_1edtech_validator_accepts_the_hosted_badge_strictly(app, award):
    with serving(app) as origins:
        verdict = judge_ob2(services.assertion_url(award), origins, recipient=HOLDER)
        assert verdict, verdict.reasons
        assert not judge_ob2(services.assertion_url(award), origins, recipient=STRANGER)


def test_the_1edtech_validator_accepts_the_baked_picture_strictly(app, award, tmp_path):
    baked = tmp_path / "badge.png"
    baked.write_bytes(services.baked_png(award))
    with serving(app) as origins:
        verdict = judge_ob2(baked, origins, recipient=HOLDER)
        assert verdict, verdict.reasons


def test_the_1edtech_validator_refuses_what_is_revoked_or_expired(app, award, give, person):
    expired = give(to=person(), expires_at=now() - timedelta(days=1), evidence_url=f"{ORIGIN}/check-badge")
    services.revoke(award, reason="Given by mistake.")
    commit()
    with serving(app) as origins:
        assert not judge_ob2(services.assertion_url(expired), origins)
        assert not judge_ob2(services.assertion_url(award), origins)


def test_a_mozilla_backpacks_validator_accepts_the_1_1_badge(app, award):
    address = services.assertion_v1_url(award)
    with serving(app) as origins:
        verdict = judge_ob11(address, origins, recipient=HOLDER)
        assert verdict, verdict.reasons
        assert not judge_ob11(address, origins, recipient=STRANGER)
        services.revoke(award, reason="Given by mistake.")
        commit()
        assert not judge_ob11(address, origins, recipient=HOLDER)
