"""From a learning path's Info to the designer and back: the drawn badge is the path's cover."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from portal.badges.designer import services
from portal.core.db import commit, session
from portal.learning import services as learning
from tests.designer.pages import Designer

pytestmark = pytest.mark.browser


def test_a_badge_drawn_for_a_path_becomes_its_cover_and_the_library_says_so(window, instructor, shelf):
    path = learning.create_path(instructor, learning.Info(title="Fire Safety"))
    address = f"/authoring/learning-paths/{path.public_id}"
    commit()
    page = window()
    session().rollback()  # what the test has read must not lock the database of the served portal
    page.goto(address)
    page.get_by_role("link", name="Badge designer").click()
    editor = Designer(page)
    editor.choose_template("Guard")
    expect(page.get_by_label("Name of the badge")).to_have_value("Fire Safety")
    page.get_by_role("button", name=re.compile("^Use for")).click()
    page.wait_for_url(re.compile("/authoring/learning-paths/"))
    session().rollback()
    session().expire_all()
    design = session().scalars(services.search("Fire")).one()
    assert services.newest(design).pinned
    session().rollback()
    page.goto("/authoring/badges?q=Fire")
    expect(page.get_by_role("list", name="Badges")).to_contain_text("Used in Fire Safety")
