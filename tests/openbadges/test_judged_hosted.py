"""Hosted badges are accepted, and refused for the same reasons, by validators that others wrote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portal.openbadges import baking, ob11, ob20
from portal.openbadges.documents import stable_bytes
from tests.judges import judge_ob2, judge_ob11
from tests.openbadges.server import serving
from tests.openbadges.world import ADDRESS, NOW, ORIGIN, PNG, SVG, World, assertion, plain, world_of

pytestmark = pytest.mark.judges


def hosted() -> World:
    source = assertion()
    world = world_of(source)
    world.put(source.badge.criteria_url, b"<!doctype html><title>Criteria</title>", "text/html")
    world.put(source.evidence[0].url, b"<!doctype html><title>Certificate</title>", "text/html")
    world.put(source.badge.issuer.url_v1, b"<!doctype html><title>About</title>", "text/html")
    for address, answer in list(world.answers.items()):
        if answer.content_type == "application/json" and "/v1/" not in address:
            world.put(address, answer.body, "application/ld+json")
    return world


@pytest.mark.parametrize("rich", [True, False])
def test_the_1edtech_validator_accepts_a_hosted_badge_strictly(rich: bool) -> None:
    source = assertion() if rich else plain(assertion())
    world = hosted()
    if not rich:
        world.host(source)
    with serving(world, ORIGIN) as origins:
        verdict = judge_ob2(source.id, origins, recipient=ADDRESS.lower())
        assert verdict, verdict.reasons
        assert not judge_ob2(source.id, origins, recipient="other@example.org")


def test_the_1edtech_validator_accepts_baked_pictures_strictly(tmp_path: Path) -> None:
    text = stable_bytes(ob20.assertion(assertion())).decode()
    png, svg = tmp_path / "badge.png", tmp_path / "badge.svg"
    png.write_bytes(baking.bake_png(PNG, text))
    svg.write_bytes(baking.bake_svg(SVG, text, verify=assertion().id))
    with serving(hosted(), ORIGIN) as origins:
        for picture in (png, svg):
            verdict = judge_ob2(picture, origins, recipient=ADDRESS.lower())
            assert verdict, verdict.reasons


def test_the_1edtech_validator_refuses_revoked_and_expired_badges() -> None:
    world = hosted()
    source = assertion()
    with serving(world, ORIGIN) as origins:
        world.put(source.id, ob20.revoked(source, "Awarded by mistake"), "application/ld+json", 410)
        assert not judge_ob2(source.id, origins)
        world.put(source.id, ob20.assertion(replace(source, expires_at=NOW.replace(year=2020))), "application/ld+json")
        assert not judge_ob2(source.id, origins)


@pytest.mark.parametrize("rich", [True, False])
def test_a_mozilla_backpacks_validator_accepts_the_1_1_badge(rich: bool) -> None:
    source = assertion() if rich else plain(assertion())
    world = hosted()
    world.put(source.id_v1, ob11.assertion(source))
    with serving(world, ORIGIN) as origins:
        verdict = judge_ob11(source.id_v1, origins, recipient=ADDRESS)
        assert verdict, verdict.reasons
        assert not judge_ob11(source.id_v1, origins, recipient="other@example.org")
        world.put(source.id_v1, ob11.revoked(source, "Awarded by mistake"), status=410)
        assert not judge_ob11(source.id_v1, origins)
