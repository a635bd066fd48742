"""Measures the badge designer in Chromium: ready, 60 layers dragged, 1,024 px exported, and the size of its scripts.

    python benchmarks/designer.py [http://localhost:8000 instructor@example.org password]

Without arguments it serves a portal of its own with the demo academy. The figures belong to the machine they were taken on.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
DIST = ROOT / "static" / "dist"

# Every frame moves the layer a little; the time between frames is what a hand sees.
DRAG = """() => new Promise(done => {
  const times = []; let last = performance.now(); let at = 0;
  const canvas = [...document.querySelectorAll('.konvajs-content canvas')].at(-1);
  const box = canvas.getBoundingClientRect();
  const send = (type, x, y) => (type === 'mousedown' ? document.querySelector('.konvajs-content') : window).dispatchEvent(
    new MouseEvent(type, { bubbles: true, clientX: box.x + x, clientY: box.y + y, button: 0, buttons: 1 }));
  send('mousedown', box.width / 2, box.height / 2);
  const frame = now => {
    times.push(now - last); last = now; at += 1;
    send('mousemove', box.width / 2 + Math.sin(at / 9) * 80, box.height / 2 + Math.cos(at / 9) * 80);
    if (at < 120) requestAnimationFrame(frame);
    else { send('mouseup', box.width / 2, box.height / 2); done(times.slice(5)); }
  };
  requestAnimationFrame(frame);
})"""

EXPORT = """async () => {
  const times = [];
  for (let at = 0; at < 12; at += 1) { const from = performance.now(); await globalThis.laurelExport(); times.push(performance.now() - from); }
  return times;
}"""


def size() -> float:
    """Return the gzip size in kB of the entry and of what it loads at once."""
    manifest = json.loads((DIST / "manifest.json").read_text())
    names = [manifest["files"]["designer/main.js"], *manifest["imports"].get("designer/main.js", [])]
    return sum(len(gzip.compress((DIST / name).read_bytes(), 9)) for name in names) / 1024


def sixty_layers(page: Page) -> None:
    """Fill the badge up to 60 layers by duplicating what is there."""
    while page.locator(".layer-row").count() < 60:
        page.locator(".stage").focus()
        page.keyboard.press("Control+a")
        if page.locator(".layer-row").count() > 30:
            page.locator(".layer-name").first.click()
        page.keyboard.press("Control+d")


def dragged(page: Page, *, together: bool) -> float:
    """Return the frames a second while one of the layers is dragged, or all of them together."""
    page.locator(".stage").focus()
    page.keyboard.press("Control+a" if together else "Escape")
    frames = page.evaluate(DRAG)
    told = page.locator("#designer-live").inner_text()
    if "across" not in told or ("layers" in told) is not together:
        raise SystemExit(f"the drag did not move what it should: {told!r}")
    return 1000 / statistics.mean(frames)


def sign_in(page: Page, address: str, person: str, password: str) -> None:
    """Sign in through the page, as people do."""
    page.goto(f"{address}/sign-in")
    page.get_by_label(re.compile("^E-mail")).fill(person)
    page.get_by_label(re.compile("^Password")).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def measure(address: str, person: str, password: str) -> None:
    """Print the figures of the portal at an address."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, address, person, password)
        page.goto(f"{address}/authoring/badges")
        page.get_by_role("list", name="Badges").get_by_role("heading").first.get_by_role("link").click()
        ready = []
        for _ in range(5):
            began = time.perf_counter()
            page.reload()
            page.wait_for_function("() => document.querySelector('#designer')?.dataset.ready === 'true'")
            ready.append(time.perf_counter() - began)
        page.route(
            "**/authoring/badges/*",
            lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
        )
        exported = page.evaluate(EXPORT)
        sixty_layers(page)
        one, all_of_them = dragged(page, together=False), dragged(page, together=True)
        print(f"scripts          {size():6.1f} kB gzip (at most 110)")
        print(f"ready            {statistics.median(ready) * 1000:6.0f} ms (at most 1500)")
        print(f"export 1,024 px  {statistics.median(exported):6.0f} ms (at most 100)")
        print(f"one of 60 layers {one:6.0f} frames a second (at least 30)")
        print(f"60 layers at once{all_of_them:6.0f} frames a second (at least 30)")
        browser.close()


def main(arguments: list[str]) -> None:
    """Measure the portal that is named, or one of its own."""
    from tests.serving import Portal

    if arguments:
        measure(*arguments)
        return
    with tempfile.TemporaryDirectory() as folder:
        portal = Portal(Path(folder) / "data", demo=True)
        portal.prepare()
        portal.start()
        try:
            measure(portal.url, "instructor@laurel.example", "laurel-demo")
        finally:
            portal.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
