"""Two ways to use a page: by pointer, and by keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

FURTHEST = 250


@dataclass
class Pointer:
    """Clicks and fills as somebody with a mouse does."""

    page: Page

    def press(self, what: Locator) -> None:
        """Click a link or button."""
        what.click()

    def fill(self, what: Locator, text: str) -> None:
        """Write into a field."""
        what.fill(text)

    def tick(self, what: Locator) -> None:
        """Switch on a check box."""
        what.check()

    def choose(self, what: Locator, option: str) -> None:
        """Choose from a list."""
        what.select_option(label=option)

    def upload(self, what: Locator, file: Path) -> None:
        """Choose a file."""
        what.set_input_files(file)


@dataclass
class Keyboard:
    """Reaches everything with Tab and works it with keys."""

    page: Page

    def reach(self, what: Locator) -> None:
        """Press Tab until the element has the focus; fail where it cannot be reached."""
        what.wait_for(state="visible")
        for _ in range(FURTHEST):
            if what.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{what} cannot be reached with the Tab key on {self.page.url}")

    def press(self, what: Locator) -> None:
        """Go to a link or button and press Enter."""
        self.reach(what)
        self.page.keyboard.press("Enter")

    def fill(self, what: Locator, text: str) -> None:
        """Go to a field and type over what stands there."""
        self.reach(what)
        self.page.keyboard.press("ControlOrMeta+a")
        if text:
            self.page.keyboard.insert_text(text)
        else:
            self.page.keyboard.press("Delete")

    def tick(self, what: Locator) -> None:
        """Go to a check box and switch it on with the space bar."""
        if not what.is_checked():
            self.reach(what)
            self.page.keyboard.press("Space")

    def choose(self, what: Locator, option: str) -> None:
        """Go to a list and type the beginning of the option."""
        self.reach(what)
        self.page.keyboard.type(option)

    def upload(self, what: Locator, file: Path) -> None:
        """Go to the file field; the system's own file window is not part of the page."""
        self.reach(what)
        what.set_input_files(file)


Hand = Pointer | Keyboard
