"""Filling a backpack from a command, as the demo does."""

from __future__ import annotations

import pytest

from portal.backpack import commands, services
from portal.core.errors import Refused
from tests.backpack.conftest import ADDRESS


def test_badges_are_held_and_collected_once(app, learner, issuer, all_collections, held):
    urls = [issuer.award(ADDRESS, "1"), issuer.award(ADDRESS, "2")]
    assert commands.hold(learner, urls, collection="Valamis collection") == 2
    assert commands.hold(learner, urls, collection="Valamis collection") == 0
    [collection] = all_collections()
    assert collection.public
    assert len(services.contents_of(collection)) == len(held()) == 2


def test_a_badge_of_somebody_else_is_refused(app, learner, issuer, held):
    with pytest.raises(Refused):
        commands.hold(learner, [issuer.award("x@fjords.example")])
    assert held() == []
