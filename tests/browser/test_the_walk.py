"""The main job, end to end, as the instructor, the administrator and the learner do it: by pointer, by keyboard, without JavaScript."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.hands import Keyboard, Pointer

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.hands import Hand

BADGE = Path(__file__).resolve().parents[2] / "portal" / "demo" / "badges" / "first-aid.png"
PATIENCE = 40.0


@pytest.fixture(scope="module")
def jpeg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A JPEG that calls itself a PNG."""
    path = tmp_path_factory.mktemp("pictures") / "cover.png"
    Image.open(BADGE).convert("RGB").resize((400, 400)).save(path, "JPEG")
    return path


class Walk:
    """The steps of the walk, each named as the manual names it; pages are found by role and name."""

    def __init__(self, page: Page, hand: Hand, *, scripts: bool) -> None:
        self.page, self.hand, self.scripts = page, hand, scripts
        self.clicks = 0

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str)).first

    def link(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("main").get_by_role("link", name=name, exact=isinstance(name, str)).first

    def field(self, beginning: str) -> Locator:
        """Return the field whose label begins with these words; a required mark or a hint may follow them."""
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(beginning)}")).first

    def press(self, what: Locator) -> None:
        self.clicks += 1
        self.hand.press(what)

    def wait_for(self, what: Locator) -> None:
        """Wait until something appears: by itself where there are scripts, else by loading the page again."""
        deadline = time.monotonic() + PATIENCE
        while not self.scripts and not what.is_visible() and time.monotonic() < deadline:
            time.sleep(0.5)
            self.page.reload()
        expect(what).to_be_visible(timeout=PATIENCE * 1000)

    def name_the_issuer(self) -> None:
        self.page.goto("/administration/open-badges")
        expect(self.page.get_by_role("heading", name="Before badges can be earned")).to_be_visible()
        for label, text in (
            ("Issuer name", "Harbour Academy"),
            ("Issuer URL", "https://harbour-academy.example"),
            ("Issuer e-mail", "badges@harbour-academy.example"),
            ("Collection keyword", "Valamis"),
        ):
            self.hand.fill(self.field(label), text)
        self.press(self.button("Save"))
        expect(self.page.get_by_text(re.compile("saved", re.IGNORECASE)).first).to_be_visible()

    def write_a_path(self, title: str, jpeg: Path) -> None:
        self.page.goto("/authoring/learning-paths")
        self.press(self.link("New learning path"))
        self.hand.fill(self.field("Title"), title)
        self.hand.fill(self.field("Description"), "What to do until help arrives.")
        self.hand.tick(self.field("Certification"))
        self.hand.tick(self.field("Open Badges integration"))
        self.hand.fill(self.field("Badge name"), f"{title} badge")
        self.hand.fill(self.field("Badge description"), "Knows how to help.")
        self.hand.upload(self.field("Cover image"), jpeg)
        self.press(self.button("Save draft"))
        expect(self.page.get_by_text("This picture is a JPEG. Open Badges need a PNG").first).to_be_visible()
        expect(self.field("Badge name")).to_have_value(f"{title} badge")
        self.hand.upload(self.field("Cover image"), BADGE)
        self.press(self.button("Save draft"))
        expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()
        self.press(self.page.get_by_role("link", name=re.compile("^Steps")).first)
        self.press(self.button("Add step"))
        self.press(self.page.get_by_role("link", name="Page to read"))
        self.hand.fill(self.field("Title"), "Call for help")
        self.hand.fill(self.field("Text"), "112. Where, what, how many.")
        self.press(self.button("Save step"))
        self.press(self.button("Publish"))
        expect(self.page.get_by_text("Published", exact=True).first).to_be_visible()

    def complete(self, title: str) -> None:
        self.page.goto("/learning-paths?" + "q=" + title.replace(" ", "+"))
        self.press(self.link(title))
        self.press(self.button("Join"))
        self.press(self.link("Continue"))
        self.press(self.button("Mark as done"))

    def earn(self) -> None:
        self.press(self.link("Certificate achieved"))
        self.clicks = 1
        expect(self.page).to_have_url(re.compile("/certificates/"))
        self.press(
            self.page.get_by_role("link", name="Earn badge")
            .or_(self.page.get_by_role("button", name="Earn badge"))
            .first
        )
        expect(self.page.get_by_text("Your backpack must have the same e-mail").first).to_be_visible()
        self.press(self.button("Send"))
        self.wait_for(self.page.get_by_text(re.compile("needs your permission|^Sent to|Already in")).first)
        if self.button("Allow").is_visible():
            self.press(self.button("Allow"))
            expect(self.page.get_by_role("heading", name=re.compile("put badges into your backpack"))).to_be_visible()
            self.press(self.button("Allow"))
        self.wait_for(self.page.get_by_text(re.compile("^Sent to")).first)

    def show_in_transcript(self) -> None:
        self.press(
            self.page.get_by_role("link", name="Show it in my transcript")
            .or_(self.page.get_by_role("button", name="Show it in my transcript"))
            .first
        )
        expect(self.field("Name")).to_have_value(re.compile("Valamis"))
        expect(self.field("Public")).to_be_checked()
        self.press(self.button("Save"))
        expect(self.page.get_by_text("Public", exact=True).first).to_be_visible()

    def make_a_collection(self, name: str) -> None:
        self.page.goto("/backpack")
        self.press(self.link("New collection"))
        self.hand.fill(self.field("Name"), name)
        self.hand.tick(self.field("Public"))
        self.press(self.button("Save"))
        expect(self.page.get_by_role("heading", name=re.compile(name)).first).to_be_visible()

    def put_into(self, badge: str, collection: str) -> None:
        self.page.goto("/backpack")
        if self.scripts and isinstance(self.hand, Pointer):
            self._drag(badge, collection)
        else:
            self.press(self.button(f"Move to… ({badge})"))
            self.press(self.page.get_by_role("button", name=collection, exact=True))
        target = self.page.get_by_role("region", name="Collections")
        expect(target.get_by_alt_text(badge).first).to_be_visible()

    def _drag(self, badge: str, collection: str) -> None:
        self.page.set_viewport_size({"width": 1280, "height": 1600})
        mine = self.page.get_by_role("heading", name=badge)
        place = self.page.get_by_role("region", name="Collections").get_by_role("heading", name=collection).first
        place.scroll_into_view_if_needed()
        tile = self.page.get_by_role("region", name="My badges").get_by_role("listitem").filter(has=mine).first
        start, end = tile.locator("img").first.bounding_box(), place.bounding_box()
        assert start
        assert end
        self.page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(start["x"] + 30, start["y"] + 40, steps=4)
        self.page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=12)
        self.page.mouse.up()

    def see_it_in_the_transcript(self, badge: str) -> None:
        self.page.goto("/transcript")
        self.press(self.page.get_by_role("navigation", name="Transcript").get_by_role("link", name="Open Badges"))
        self.press(self.button("Refresh"))
        self.wait_for(self.page.get_by_role("article").filter(has_text=badge).get_by_text("Checked", exact=True).first)


@pytest.mark.parametrize(
    ("how", "scripts"),
    [("pointer", True), ("keyboard", True), ("pointer", False)],
    ids=["by pointer", "by keyboard alone", "without JavaScript"],
)
def test_the_whole_walk_from_the_issuer_to_the_transcript(demo_portal, visit, jpeg, how, scripts):
    def walk(who: str) -> Walk:
        page = visit(demo_portal, java_script_enabled=scripts)
        sign_in(page, f"{who}@laurel.example")
        return Walk(page, (Keyboard if how == "keyboard" else Pointer)(page), scripts=scripts)

    title = f"First response {how}{'' if scripts else ' plain'}"
    walk("admin").name_the_issuer()
    walk("instructor").write_a_path(title, jpeg)
    learner = walk("learner" if how == "pointer" and scripts else "aino" if scripts else "ingrid")
    learner.complete(title)
    learner.earn()
    collection = f"Valamis {how}{'' if scripts else ' plain'}"
    learner.make_a_collection(collection)
    learner.put_into(f"{title} badge", collection)
    learner.see_it_in_the_transcript(f"{title} badge")


def test_the_way_from_certificate_achieved_to_the_transcript_is_at_most_eight_clicks_the_first_time(demo_portal, visit):
    page = visit(demo_portal, "hanako")
    learner = Walk(page, Pointer(page), scripts=True)
    page.goto("/learning-paths?q=Python+Basics")
    learner.press(learner.link("Python Basics"))
    learner.press(learner.button("Join"))
    learner.press(learner.link("Continue"))
    for _ in range(4):
        learner.press(learner.button("Mark as done"))
        page.wait_for_load_state()
    page.goto("/")
    page.goto("/learning-paths?q=Python+Basics")
    learner.press(learner.link("Python Basics"))
    learner.earn()
    learner.show_in_transcript()
    learner.clicks += 1
    page.goto("/transcript/open-badges")
    learner.wait_for(page.get_by_role("article").filter(has_text="Python Basics, starter").first)
    assert learner.clicks <= 8
