"""A portal and a second one as its backpack, over real HTTP between them."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD
from tests.serving import Portal

OPEN = {"LAUREL_ALLOWED_PRIVATE_HOSTS": "localhost,127.0.0.1"}


def test_a_second_portal_serves_as_the_backpack(tmp_path, visit):
    here = Portal(tmp_path / "here", demo=True, environment=OPEN)
    there = Portal(tmp_path / "there", demo=True, environment=OPEN)
    try:
        for portal in (here, there):
            portal.prepare()
            portal.start()
        admin = visit(here, "admin")
        admin.goto("/administration/open-badges")
        admin.get_by_role("radio", name=re.compile("Another")).check()
        admin.get_by_label(re.compile("^Backpack address|address of", re.IGNORECASE)).first.fill(
            f"{there.url}/backpack"
        )
        admin.get_by_role("button", name=re.compile("See what this backpack offers")).click()
        expect(admin.get_by_role("heading", name="What this backpack offers")).to_be_visible()
        admin.get_by_role("button", name="Save", exact=True).click()
        expect(admin.get_by_text(re.compile("saved", re.IGNORECASE)).first).to_be_visible()

        page = visit(here, "learner")
        page.goto("/certificates")
        page.get_by_role("link", name="Python Basics").first.click()
        page.get_by_role("link", name="Earn badge").or_(page.get_by_role("button", name="Earn badge")).first.click()
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_role("button", name="Allow").first.click()
        page.wait_for_url(lambda url: url.startswith(there.url))
        page.get_by_label(re.compile("^E-mail")).fill("learner@laurel.example")
        page.get_by_label(re.compile("^Password")).first.fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text(here.url).first).to_be_visible()
        page.get_by_role("button", name="Allow", exact=True).click()
        page.wait_for_url(lambda url: url.startswith(here.url))
        expect(page.get_by_text(re.compile("^Sent to")).first).to_be_visible(timeout=40_000)

        page.goto(f"{there.url}/backpack")
        expect(
            page.get_by_role("region", name="My badges").get_by_role("heading", name="Python Basics, starter")
        ).to_be_visible()
        page.get_by_role("button", name="Move to… (Python Basics, starter)").click()
        page.get_by_role("button", name="Valamis collection", exact=True).click()
        expect(
            page.get_by_role("region", name="Collections").get_by_alt_text("Python Basics, starter").first
        ).to_be_visible()

        page.goto(f"{here.url}/transcript/open-badges")
        page.get_by_role("button", name="Refresh").click()
        expect(
            page.get_by_role("article").filter(has_text="Python Basics, starter").get_by_text("Checked", exact=True)
        ).to_be_visible(timeout=40_000)
    finally:
        here.kill()
        there.kill()
