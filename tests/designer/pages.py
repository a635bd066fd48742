"""The designer and the library as page objects: everything by role and name, as people and screen readers find it."""

from __future__ import annotations

import io
import re

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page, expect

UNITS = 1024

# The lines are looked for in the pixels above the drawing, in the frame after the one that draws them.
SNAP_LINES = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
  const canvas = document.querySelectorAll('.konvajs-content canvas')[2];
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const columns = new Array(width).fill(0), rows = new Array(height).fill(0);
  for (let at = 0; at < width * height; at += 1) {
    const [red, green, blue, alpha] = data.subarray(at * 4, at * 4 + 4);
    if (alpha < 100 || Math.abs(red - 214) + Math.abs(green - 36) + Math.abs(blue - 159) > 40) continue;
    columns[at % width] += 1;
    rows[Math.floor(at / width)] += 1;
  }
  const found = (counts, across, along) => counts
    .flatMap((count, at) => (count > across * 0.8 && !(counts[at - 1] > across * 0.8) ? [Math.round((at + 0.5) / along * 1024)] : []));
  done({ x: found(columns, height, width), y: found(rows, width, height) });
})))"""


class Library:
    """The Badge library."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> Library:
        self.page.goto("/authoring/badges")
        return self

    def search(self, text: str) -> None:
        self.page.get_by_role("searchbox", name="Search badges").fill(text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def names(self) -> list[str]:
        return self.page.get_by_role("list", name="Badges").get_by_role("heading").all_inner_texts()


class Designer:
    """The designer's page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stage = page.get_by_role("group", name=re.compile("^The badge"))
        self.layers = page.get_by_role("list", name="Layers")
        self.live = page.locator("#designer-live")

    def open(self, badge: str) -> Designer:
        self.page.goto(f"/authoring/badges/{badge}")
        self.page.wait_for_function("() => document.querySelector('#designer')?.dataset.ready === 'true'")
        return self

    # buttons and lists
    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def add(self, what: str) -> None:
        self.press("Add")
        self.page.locator("#add-menu").get_by_role("button", name=what, exact=True).click()

    def choose_template(self, name: str) -> None:
        dialog = self.page.get_by_role("dialog", name="Start with a template")
        dialog.get_by_role("button", name=name, exact=True).click()
        expect(dialog).to_be_hidden()

    def choose_icon(self, words: str) -> None:
        self.page.get_by_label("Search icons").fill(words)
        self.page.get_by_role("dialog", name="Choose an icon").get_by_role("button", name=words, exact=True).click()

    def layer(self, name: str):
        return self.layers.get_by_role("button", name=name, exact=True)

    def choose(self, name: str) -> None:
        self.layer(name).click()

    def layer_names(self) -> list[str]:
        return self.page.locator(".layer-name").evaluate_all("rows => rows.map(row => row.getAttribute('aria-label'))")

    def chosen(self) -> list[str]:
        return self.layers.get_by_role("button", pressed=True).evaluate_all("rows => rows.map(row => row.textContent)")

    def number(self, name: str) -> float:
        return float(self.page.get_by_role("spinbutton", name=name, exact=True).input_value())

    def set_number(self, name: str, value: float) -> None:
        field = self.page.get_by_role("spinbutton", name=name, exact=True)
        field.fill(str(value))
        field.press("Tab")

    def write(self, text: str) -> None:
        self.page.get_by_role("textbox", name="Words", exact=True).fill(text)

    # the stage
    def point(self, x: float, y: float) -> tuple[float, float]:
        box = self.stage.locator(".konvajs-content").bounding_box()
        return box["x"] + x / UNITS * box["width"], box["y"] + y / UNITS * box["height"]

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.hold(start, end)
        self.page.mouse.up()

    def hold(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag, and keep the button of the mouse down."""
        self.page.mouse.move(*self.point(*start))
        self.page.mouse.down()
        for step in (0.3, 0.7, 1):
            self.page.mouse.move(*self.point(*(a + (b - a) * step for a, b in zip(start, end, strict=True))))

    def tap(self, x: float, y: float) -> None:
        self.page.touchscreen.tap(*self.point(x, y))

    def swipe(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag with a finger; Playwright has no call for it, so the browser's own protocol is asked."""
        session = self.page.context.new_cdp_session(self.page)

        def send(kind: str, *points: tuple[float, float]) -> None:
            touches = [{"x": x, "y": y} for x, y in points]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

        send("touchStart", self.point(*start))
        for step in (0.3, 0.7, 1):
            send("touchMove", self.point(*(a + (b - a) * step for a, b in zip(start, end, strict=True))))
        send("touchEnd")
        session.detach()

    def snap_lines(self) -> dict[str, list[int]]:
        """Return where snap lines stand now, in units: those from top to bottom as `x`, those across as `y`."""
        return self.page.evaluate(SNAP_LINES)

    # saving
    def save(self) -> None:
        self.press("Save")
        expect(self.page.locator("#state")).to_have_attribute("data-state", "saved")
        expect(self.page.locator("#state")).to_have_text("Saved")

    def wait_saved(self) -> None:
        expect(self.page.locator("#state")).to_have_text("Saved")

    def export(self, size: int = UNITS) -> Image.Image:
        self.press("File")
        self.press("Export PNG")
        self.page.get_by_label("Size", exact=True).and_(self.page.get_by_role("combobox")).select_option(str(size))
        with self.page.expect_download() as download:
            self.press("Download")
        return Image.open(download.value.path()).convert("RGBA")

    def drawn(self) -> Image.Image:
        """Return what the stage shows, without guides and handles."""
        data = self.page.evaluate(
            "() => document.querySelectorAll('.konvajs-content canvas')[1].toDataURL().split(',')[1]"
        )
        import base64

        return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the mean difference of two pictures on grey ground, 0 to 255 a channel."""
    size = (256, 256)

    def flat(image: Image.Image) -> Image.Image:
        ground = Image.new("RGBA", size, "#808080")
        ground.alpha_composite(image.resize(size, Image.Resampling.BOX))
        return ground.convert("RGB")

    return sum(ImageStat.Stat(ImageChops.difference(flat(one), flat(other))).mean) / 3
