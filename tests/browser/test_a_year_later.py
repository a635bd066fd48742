"""A certificate through its year, in a browser: the portal is stopped and served again at a later time."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from portal.core.clock import now
from tests.browser.test_goal_kinds_quiz_assignment import button, field, join, new_path
from tests.browser.test_paths_over_time import main_link, my_path, tab, write_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.serving import Portal

TITLE = "Mooring a tug"


def later(portal: Portal, days: int) -> None:
    """Serve the same data so many days from now."""
    portal.stop()
    portal.clock = now() + timedelta(days=days)
    portal.start()


def write_path_that_expires(page: Page) -> None:
    new_path(page, TITLE)
    write_page(page, "Lines", "Two of them, fore and aft.")
    write_page(page, "Signals", "Three short ones.")
    tab(page, "Info")
    field(page, "Certification").check()
    page.get_by_label("For a period").check()
    term = page.get_by_role("group", name=re.compile("Valid for"))
    term.get_by_label("How many").fill("1")
    page.get_by_text("Warning and renewal of a certificate that expires").click()
    field(page, "Renewal").check()
    opens = page.get_by_role("group", name=re.compile("Opens before the end"))
    opens.get_by_label("How many").fill("2")
    opens.get_by_label("Unit").select_option("months")
    button(page, "Publish").click()
    expect(page.get_by_text("Published as version 1.")).to_be_visible()


def do_both(page: Page) -> None:
    for _ in range(2):
        button(page, "Mark as done").click()
        page.wait_for_load_state()


def notice(page: Page, beginning: str) -> None:
    """Wait until the worker has told somebody."""
    for _ in range(30):
        page.goto("/notices")
        if page.get_by_role("main").get_by_text(re.compile(f"^{beginning}.*{TITLE}")).count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(page.get_by_role("main").inner_text())


def test_a_certificate_is_earned_renewed_and_outlives_the_old_one(
    own_portal: Portal, visit: Callable[..., Page]
) -> None:
    write_path_that_expires(visit(own_portal, "instructor"))
    page = visit(own_portal, "aino")
    join(page, TITLE)
    do_both(page)
    my_path(page, TITLE)
    main_link(page, "Certificate achieved").click()
    first = page.url
    expect(button(page, re.compile("^Renew"))).to_have_count(0)
    page.get_by_role("link", name="Open the public check").click()
    check = page.url
    expect(page.get_by_role("heading", name="This certificate is valid")).to_be_visible()

    later(own_portal, 345)
    page = visit(own_portal, "aino")
    notice(page, "You can renew your certificate")
    notice(page, "Your certificate expires on")
    page.goto(first)
    expect(page.get_by_text("Expires soon").first).to_be_visible()
    button(page, re.compile("^Renew")).click()
    expect(page.get_by_text("0 of 2 steps done").first).to_be_visible()
    main_link(page, "Continue").click()
    do_both(page)
    my_path(page, TITLE)
    main_link(page, "Certificate achieved").click()
    second = page.url
    assert second != first
    page.goto(first)
    expect(page.get_by_text("Renewed").first).to_be_visible()

    later(own_portal, 400)
    page = visit(own_portal, "aino")
    page.goto(second)
    expect(page.get_by_role("main").get_by_text("Expired")).to_have_count(0)
    expect(field(page, "Public check address")).to_be_visible()
    anybody = visit(own_portal)
    anybody.goto(check)
    expect(anybody.get_by_role("main").get_by_text(re.compile("renewed|newer", re.IGNORECASE)).first).to_be_visible()
