"""Every page, as everybody sees it: on a narrow and a wide screen, in the light and in the dark."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from portal.app import create_app
from tests.browser.addresses import NOT_PAGES, STARTS, Map, reached
from tests.browser.conftest import SCREENS, axe, sign_in
from tests.conftest import test_settings as settings_for

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.serving import Portal

# Pages that stand in the middle of something between two sites, and the test that opens them.
OPENED_ELSEWHERE = {
    "certificates.reissue": "tests/certificates/test_reissuing.py",
    "authoring.grant_preview": "tests/browser/test_granting_by_list.py",
    "authoring.grant_batch": "tests/browser/test_granting_by_list.py",
    "authoring.fail_absent": "tests/learning/test_events.py",
    "admin.preview_for_group": "tests/admin/test_groups.py",
    "authoring.preview_members": "tests/browser/test_members.py",
    "authoring.remove_member_group": "tests/learning/test_members.py",
    "backpack.connect_access": "tests/backpack/test_in_a_browser.py",
    "backpack.issuer_window": "tests/backpack/test_in_a_browser.py",
    "certificates.published_work": "tests/certificates/test_publishing_work.py",
    "delivery.hand_off": "tests/delivery",
}
OWN_PASSWORD = "seven quiet harbours"
PATIENCE = 30.0
# What focus changes, if anything, of each element that can have it; and whether the page is wider than the screen.
WITHOUT_FOCUS_MARK = """() => {
    const look = (element) => {
        const parts = [element, element.nextElementSibling].filter(Boolean);
        for (let above = element.parentElement, n = 0; above && n < 5; above = above.parentElement, n += 1) parts.push(above);
        return parts.map((part) => {
            const style = getComputedStyle(part);
            return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor,
                style.borderColor, style.textDecoration, style.clipPath, style.transform].join();
        }).join("|");
    };
    const selector = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    const before = document.activeElement;
    const plain = [];
    for (const element of document.querySelectorAll(selector)) {
        if (!element.checkVisibility({ visibilityProperty: true }) || element.disabled) continue;
        element.blur();
        const unfocused = look(element);
        element.focus({ preventScroll: true });
        if (document.activeElement === element && look(element) === unfocused) plain.push(element.outerHTML.slice(0, 140));
    }
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    return plain;
}"""
TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width + 1);
    return wide.slice(-3).map((element) => element.outerHTML.slice(0, 140)).concat(`${document.documentElement.scrollWidth} px`);
}"""


SETTLED = """async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null)));
}"""


@dataclass
class Watch:
    """What goes wrong in a browser window."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("requestfailed", lambda request: self.troubles.append(f"failed: {request.url} {request.failure}"))
        self.page.on("response", self._answered)

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.troubles.append(f"{message.type} in the console: {message.text[:300]}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.troubles.append(f"{response.status}: {response.url}")

    def told(self) -> list[str]:
        """Return what went wrong since the last time."""
        troubles, self.troubles = self.troubles, []
        return troubles


def faults_shown(page: Page) -> list[str]:
    """Return the faults of what a window shows now: narrow and light, then wide and dark."""
    faults: list[str] = []
    for screen, scheme in (("narrow", "light"), ("wide", "dark")):
        _show(page, screen, scheme)
        told = axe(page) + [f"wider than the screen: {part}" for part in page.evaluate(TOO_WIDE)]
        faults += [f"({screen}, {scheme}) {fault}" for fault in told]
    for screen, scheme in (("wide", "light"), ("narrow", "dark")):
        _show(page, screen, scheme)
        faults += [f"({screen}, {scheme}) wider than the screen: {part}" for part in page.evaluate(TOO_WIDE)]
    return faults


def _show(page: Page, screen: str, scheme: str) -> None:
    page.set_viewport_size(SCREENS[screen])
    page.emulate_media(color_scheme=scheme)
    page.evaluate(SETTLED)


def open_and_look(page: Page, watch: Watch, address: str) -> list[str]:
    """Open an address and return its faults, of its menus too."""
    page.set_viewport_size(SCREENS["narrow"])
    page.emulate_media(color_scheme="light")
    answer = page.goto(address)
    faults = [] if answer and answer.ok else [f"answered {answer and answer.status}"]
    faults += faults_shown(page)
    page.keyboard.press("Tab")
    faults += [f"focus cannot be seen: {part}" for part in page.evaluate(WITHOUT_FOCUS_MARK)]
    faults += _faults_of_menus(page)
    return [f"{address}: {fault}" for fault in [*faults, *watch.told()]]


def _faults_of_menus(page: Page) -> list[str]:
    faults = []
    for name in page.evaluate(
        "() => [...document.querySelectorAll('main [popover][id]')].slice(0, 2).map((menu) => menu.id)"
    ):
        page.evaluate("(name) => document.querySelector(`[popovertarget='${name}']`).click()", name)
        faults += [f"(menu {name}) {fault}" for fault in axe(page, f"[id='{name}']")]
        faults += [f"(menu {name}) wider than the screen: {part}" for part in page.evaluate(TOO_WIDE)]
        page.evaluate("(name) => document.getElementById(name).hidePopover()", name)
    return faults


@pytest.fixture(scope="module")
def sitemap(tmp_path_factory: pytest.TempPathFactory) -> Map:
    """Every address of the portal."""
    return Map(create_app(settings_for(tmp_path_factory.mktemp("sitemap"))))


@dataclass
class Newcomer:
    """Somebody who was invited: their address, and the links their mails hold."""

    address: str
    invitation: str
    new_password: str
    confirm_address: str
    mails: list[str]


def link_in_mail(admin: Page, to: str, part: str) -> tuple[str, str]:
    """Return the link that the outbox shows in a mail to an address, and the address of that mail's page."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        admin.goto("/administration/mail")
        for href in dict.fromkeys(re.findall(r'href="(/administration/mail/[^/"]+)"', admin.content())):
            text = admin.context.request.get(href).text()
            found = re.search(rf"https?://[^\s\"<]+/{part}/[^\s\"<]+", text)
            if to in text and found:
                return found[0], href
        time.sleep(0.5)
    raise AssertionError(f"no mail to {to} with a link to {part}")


@pytest.fixture(scope="module")
def newcomer(demo_portal: Portal, browser: Any, sitemap: Map) -> Newcomer:
    """Invite somebody; they choose a password, ask for a new one, and add an address."""
    context = browser.new_context(base_url=demo_portal.url)
    admin = context.new_page()
    sign_in(admin, "admin@laurel.example")
    address = f"newcomer-{secrets.token_hex(4)}@laurel.example"
    admin.goto("/administration/people/invite")
    admin.get_by_label(re.compile("^Name")).fill("Noor van der Meer-Oyelaran")
    admin.get_by_label(re.compile("^E-mail")).fill(address)
    with admin.expect_response(lambda response: response.request.method == "POST"):
        admin.get_by_role("button", name="Send the invitation").click()
    admin.wait_for_url(lambda url: not url.endswith("/invite"))
    invitation, first = link_in_mail(admin, address, "invitation")
    other = browser.new_context(base_url=demo_portal.url)
    page = other.new_page()
    page.goto(invitation)
    page.get_by_label(re.compile("^Password")).fill(OWN_PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    page.wait_for_url(lambda url: "/invitation/" not in url)
    page.goto("/profile/addresses")
    page.get_by_role("textbox", name=re.compile("mail", re.IGNORECASE)).last.fill("second-" + address)
    page.get_by_role("button", name="Add address").click()
    page.get_by_text("second-" + address).first.wait_for()
    confirm, second = link_in_mail(admin, "second-" + address, "confirm-address")
    page.context.clear_cookies()
    page.goto("/forgot-password")
    page.get_by_label(re.compile("^E-mail")).fill(address)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_role("main").get_by_role("button").first.click()
    password, third = link_in_mail(admin, address, "new-password")
    # Another invitation, which stays unanswered.
    admin.goto("/administration/people/invite")
    admin.get_by_label(re.compile("^Name")).fill("Yusuf Demir")
    admin.get_by_label(re.compile("^E-mail")).fill("again-" + address)
    with admin.expect_response(lambda response: response.request.method == "POST"):
        admin.get_by_role("button", name="Send the invitation").click()
    admin.wait_for_url(lambda url: not url.endswith("/invite"))
    unanswered, _ = link_in_mail(admin, "again-" + address, "invitation")
    context.close()
    other.close()
    return Newcomer(address, unanswered, password, confirm, [first, second, third])


@pytest.fixture(scope="module")
def met() -> set[str]:
    """The endpoints that somebody has opened so far."""
    return set()


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, list[str]]]:
    """The pages that links led somebody to, once somebody has followed them."""
    return {}


def look_everywhere(page: Page, pages: dict[str, list[str]]) -> list[str]:
    """Open each page and return the faults of all."""
    watch = Watch(page)
    return [
        fault for addresses in pages.values() for address in addresses for fault in open_and_look(page, watch, address)
    ]


def told(faults: list[str]) -> str:
    """Return the faults as a list, each once."""
    return "\n" + "\n".join(dict.fromkeys(" ".join(fault.split()) for fault in faults))


@pytest.mark.parametrize("who", ["learner", "instructor", "admin"])
def test_every_page_that_links_lead_to_is_fit_for_everybody(demo_portal, visit, sitemap, newcomer, met, found, who):
    page = visit(demo_portal, who)
    if who == "instructor":
        _begin_a_draft(page)
    pages = found[who] = reached(page, sitemap, demo_portal.url)
    seen_before = set(met)
    met |= set(pages)
    if who != "learner":
        # What looks the same for everybody was looked at already; the menus differ, so one page is opened again.
        pages = {
            name: found for name, found in pages.items() if name not in seen_before or name.startswith("learning.my")
        }
    faults = look_everywhere(page, pages)
    assert not faults, told(faults)


def _begin_a_draft(page: Page) -> None:
    """Change something of a path that is published, so that there is something to discard."""
    page.goto("/authoring/learning-paths")
    page.get_by_role("link", name="Customer Care").first.click()
    page.get_by_label(re.compile("^Description")).first.fill("How to answer so that people come back, in short.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text(re.compile("saved", re.IGNORECASE)).first).to_be_visible()


def test_pages_for_guests_are_fit_for_everybody(demo_portal, visit, sitemap, newcomer, met):
    learner, guest = visit(demo_portal, "learner"), visit(demo_portal)
    shared = [address for addresses in reached(learner, sitemap, demo_portal.url).values() for address in addresses]
    documents = [
        guest.context.request.get(address, headers={"Accept": "application/json"}).json()
        for address in shared
        if sitemap.endpoint(address) == "badges.assertion"
    ]
    shared += [document["badge"] for document in documents]
    starts = [*STARTS, *shared, newcomer.invitation, newcomer.new_password, newcomer.confirm_address]
    pages = reached(guest, sitemap, demo_portal.url, starts)
    met |= set(pages)
    faults = look_everywhere(guest, pages)
    assert not faults, told(faults)


def test_empty_pages_are_fit_for_everybody(demo_portal, visit, sitemap, newcomer, met):
    page = visit(demo_portal)
    sign_in(page, newcomer.address, OWN_PASSWORD)
    pages = reached(page, sitemap, demo_portal.url, ["/", "/badges/mine", newcomer.confirm_address])
    met |= set(pages)
    empty = {name: those for name, those in pages.items() if name in EMPTY_FOR_A_NEWCOMER}
    assert set(empty) == EMPTY_FOR_A_NEWCOMER
    faults = look_everywhere(page, empty)
    assert not faults, told(faults)


EMPTY_FOR_A_NEWCOMER = {
    "learning.my_learning", "certificates.achieved", "transcript.certificates", "transcript.learning_paths",
    "transcript.open_badges", "backpack.home", "backpack.portals", "delivery.connections", "badges.mine",
}  # fmt: skip


def test_no_page_is_forgotten(sitemap, met, newcomer):
    missing = sitemap.pages - met - set(OPENED_ELSEWHERE)
    assert not missing, (
        f"nobody's links lead to {sorted(missing)}: link them, or say in addresses.py why they are no pages"
    )
    gone = (set(NOT_PAGES) | set(OPENED_ELSEWHERE)) - set(sitemap.endpoints)
    assert not gone, f"{sorted(gone)} are not there any more"


# Forms and what is wrong in them: the page, the person, and what is written into its fields.
WRONG = [
    ("/sign-in", None, {"address": "nobody@example.org", "password": "wrong"}),
    ("/check", None, {"number": "nothing like it"}),
    ("/check-badge", None, {"address": "not an address"}),
    ("/profile", "learner", {"name": ""}),
    ("/profile/addresses", "learner", {"address": "not an address"}),
    ("/profile/password", "learner", {}),
    ("/backpack/collections/new", "learner", {"name": ""}),
    ("/backpack/import", "learner", {}),
    ("/authoring/learning-paths/new", "instructor", {"title": ""}),
    ("/authoring/badges/upload", "instructor", {}),
    ("/administration/people/invite", "admin", {"name": "", "address": "nobody"}),
    ("/badges/issuer/endorsements", "admin", {"document": "nothing like it"}),
    ("/administration/open-badges", "admin", {"name": "", "url": "nowhere", "email": "nobody"}),
]


def test_forms_with_errors_are_fit_for_everybody(demo_portal, visit):
    pages = {who: visit(demo_portal, who) for who in (None, "learner", "instructor", "admin")}
    faults = []
    for address, who, values in WRONG:
        page = pages[who]
        page.set_viewport_size(SCREENS["narrow"])
        page.goto(address)
        for name, value in values.items():
            page.locator(f"main [name='{name}']").first.fill(value)
        buttons = page.locator("main form.form").first.locator("button[type=submit]")
        (buttons.last if address == "/administration/open-badges" else buttons.first).click()
        page.wait_for_load_state()
        expect(page.get_by_role("alert").or_(page.locator("[aria-invalid=true]")).first).to_be_visible()
        faults += [f"{address}: {fault}" for fault in faults_shown(page)]
    assert not faults, told(faults)


def test_windows_are_fit_for_everybody(demo_portal, visit, sitemap, found):
    """A link that opens a page in a window: each kind once."""
    faults, opened = [], set()
    for who in ("learner", "instructor"):
        page = visit(demo_portal, who)
        for addresses in (found.get(who) or reached(page, sitemap, demo_portal.url)).values():
            page.goto(addresses[0])
            for link in page.locator("main a[data-dialog]").all():
                kind = sitemap.endpoint(link.get_attribute("href") or "")
                if kind in opened or not link.is_visible():
                    continue
                opened.add(kind)
                link.click()
                window = page.get_by_role("dialog")
                expect(window).to_be_visible()
                faults += [f"{addresses[0]} ({kind}): {fault}" for fault in faults_shown(page)]
                page.keyboard.press("Escape")
                expect(window).to_have_count(0)
    assert not faults, told(faults)
    assert {"backpack.edit", "certificates.earn"} <= opened
