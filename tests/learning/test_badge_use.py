"""What the badge designer hears of the learning paths."""

from __future__ import annotations

import pytest

from portal.badges.designer.providers import UseProvider
from portal.core.db import commit
from portal.core.errors import Refused
from portal.learning import services
from portal.learning.badge_use import PathsThatUseBadges
from tests.learning.conftest import png_key


@pytest.fixture
def provider(app) -> UseProvider:
    with app.test_request_context(method="POST"):
        yield PathsThatUseBadges()


def test_the_designer_hears_where_a_picture_is_used(make_path, person, app):
    shown, other, unused = png_key("#112233"), png_key("#445566"), png_key("#778899")
    path = make_path(person("instructor"), title="First aid", cover_key=shown)
    make_path(path.owner, title="A draft", cover_key=other, publish=False)
    services.save_info(path, services.Info(title="First aid, renewed", cover_key=shown))
    commit()
    with app.test_request_context():
        uses = PathsThatUseBadges().uses_of([shown, other, unused])
    assert [(use.title, use.published) for use in uses[shown]] == [("First aid, renewed", True)]
    assert [(use.title, use.published) for use in uses[other]] == [("A draft", False)]
    assert unused not in uses
    assert uses[shown][0].url.endswith(path.public_id)


def test_a_drawn_badge_becomes_the_cover_of_the_draft(make_path, person, provider):
    owner, stranger, learner = person("instructor"), person("instructor"), person()
    path = make_path(owner, cover_key=png_key("#112233"))
    drawn = png_key("#abcdef")
    for who in (stranger, learner):
        assert provider.title_of(path.public_id, who) is None
        with pytest.raises(Refused):
            provider.apply(path.public_id, drawn, "A flame", who)
    with pytest.raises(Refused):
        provider.apply("nothing", drawn, "A flame", owner)
    assert provider.title_of(path.public_id, owner) == "Data literacy"
    assert provider.apply(path.public_id, drawn, "A flame", owner).endswith(path.public_id)
    assert (path.draft.cover_key, path.draft.cover_alt) == (drawn, "A flame")
    assert path.published.cover_key != drawn
