"""Chromium, and portals served for real."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.serving import Portal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

PASSWORD = "laurel-demo"
SCREENS = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}
# Rules of axe beside WCAG that say nothing about a page of ours.
# Frames of ours show documents for programs and mails; axe stands in none of them, and would wait for it.
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "iframes": False,
}
# Violations alone come back: what was passed is a hundred times as long.
AXE_VIOLATIONS = """async ([context, options]) => {
    const { violations } = await axe.run(context || document, options);
    return violations.map(({ id, nodes }) =>
        ({ id, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) }));
}"""
FAILED_REQUESTS_BEFORE = re.compile(r"favicon")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(item.fspath).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the system's Chromium where there is one."""
    path = shutil.which("chromium")
    arguments: dict[str, Any] = {
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    }  # fmt: skip
    if path and Path(path).resolve().parts[:2] != ("/", "snap"):
        arguments["executable_path"] = path
    return arguments


@pytest.fixture(scope="session")
def demo_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Return a served portal with the demo academy, shared by tests that do not disturb each other."""
    portal = Portal(tmp_path_factory.mktemp("demo"), demo=True)
    portal.prepare()
    portal.start()
    yield portal
    portal.stop()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """Return a portal with the demo academy that nobody serves: tests serve copies of it, one after the other."""
    portal = Portal(tmp_path_factory.mktemp("prepared") / "data", demo=True)
    portal.prepare()
    return portal


@pytest.fixture
def own_portal(prepared: Portal, tmp_path: Path) -> Iterator[Portal]:
    """Return a served portal with the demo academy, for one test alone."""
    portal = prepared.copy(tmp_path / "portal")
    portal.start()
    yield portal
    portal.kill()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return an opener of browser windows, each with cookies of its own: `visit(portal, "learner", screen="narrow")`."""
    contexts: list[BrowserContext] = []

    def open_window(
        portal: Portal, who: str | None = None, *, screen: str = "wide", dark: bool = False, **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=portal.url,
            viewport=SCREENS[screen],
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            has_touch=screen == "narrow",
            locale="en-GB",
            timezone_id="Europe/Helsinki",
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"a script failed on {page.url}: {error}"))
        if who:
            sign_in(page, f"{who}@laurel.example" if "@" not in who else who)
        return page

    yield open_window
    for context in contexts:
        context.close()


def sign_in(page: Page, address: str, password: str = PASSWORD) -> None:
    """Sign in through the page, as people do."""
    page.goto("/sign-in")
    page.get_by_label(re.compile("^E-mail")).fill(address)
    page.get_by_label(re.compile("^Password")).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def axe(page: Page, context: str | None = None) -> list[str]:
    """Return what axe finds on a page, or on the part that a selector names, a line each."""
    if not page.evaluate("() => typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(AXE_VIOLATIONS, [context, AXE_OPTIONS])
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:260]}"
        for violation in found
        for node in violation["nodes"]
    ]


@pytest.fixture(scope="session")
def faults() -> Callable[[Page], list[str]]:
    """Return what axe finds on a page, a line each."""
    return axe
