"""Draws the demo academy's badges: every portal/demo/badges/<name>.json becomes <name>.png, by the designer's own code.

Wants `npm ci`, `npm run build` and Chromium (CHROMIUM=/path, else /usr/bin/chromium, else Playwright's own):

    python build/draw-demo-badges.py            # all of them
    python build/draw-demo-badges.py first-aid  # one
"""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BADGES = ROOT / "portal" / "demo" / "badges"
DIST = ROOT / "static" / "dist"
SOLID = 196  # colours of the palette for solid pixels
RAMP, STEP = 36, 3  # shades of a shadow, and how much alpha lies between them
DARK = 48  # a half-transparent pixel below this is shadow
FULL = 250  # from here on a pixel counts as solid
ORIGIN = "http://designer.invalid"
TYPES = {".json": "application/json", ".woff2": "font/woff2", ".js": "text/javascript"}

DRAW = """async ([design, urls, size]) => {
  const { Resources, pngOf } = globalThis.laurelDesigner;
  const resources = new Resources(urls);
  const missing = await resources.ready(design);
  if (missing.length) throw new Error('not loaded: ' + missing.join(', '));
  const bytes = new Uint8Array(await (await pngOf(design, resources, size)).arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}"""


def _renderer() -> str:
    entry = ROOT / "static" / "src" / "designer" / "headless.js"
    command = [ROOT / "node_modules" / ".bin" / "esbuild", entry, "--bundle", "--format=iife", "--log-level=warning"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def drawing_page() -> Iterator[tuple[Page, dict[str, str]]]:
    """Open a browser page that has the renderer, and the addresses of its lists; nothing comes from a network."""
    files = json.loads((DIST / "manifest.json").read_text())["files"]
    urls = {name: f"{ORIGIN}/{files[f'designer/{name}.json']}" for name in ("icons", "fonts")}
    script = _renderer()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).lstrip("/")
        if path == "":
            route.fulfill(
                content_type="text/html", body="<!doctype html><title>Badges</title><script src=/draw.js></script>"
            )
        elif path == "draw.js":
            route.fulfill(content_type="text/javascript", body=script)
        else:
            file = DIST / path
            route.fulfill(content_type=TYPES.get(file.suffix, "text/plain"), body=file.read_bytes())

    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium if Path(chromium).exists() else None,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        page = browser.new_page()
        page.route("**/*", answer)
        page.goto(f"{ORIGIN}/")
        yield page, urls
        browser.close()


def draw(page: Page, urls: dict[str, str], design: dict[str, Any], size: int = 1024) -> Image.Image:
    """Draw a document, as the editor would save it."""
    return Image.open(io.BytesIO(base64.b64decode(page.evaluate(DRAW, [design, urls, size])))).convert("RGBA")


def small(picture: Image.Image) -> bytes:
    """Write the picture as a PNG below 150 kB that looks the same: a palette, dithered inside and smooth in the soft edges.

    One palette for everything makes bands (Pillow dithers RGB only): solid pixels get their own colours with
    dithering, shadows a ramp of black, and the remaining half-transparent edges what is left of the 256.
    """
    red, green, blue, alpha = picture.split()
    rgb = picture.convert("RGB")
    solid = rgb.quantize(SOLID, method=Image.Quantize.MAXCOVERAGE, kmeans=3)
    made = rgb.quantize(palette=solid, dither=Image.Dither.FLOYDSTEINBERG)
    soft = alpha.point(lambda value: 255 if value < FULL else 0)
    edge = Image.new("RGBA", picture.size)
    edge.paste(picture, mask=soft)
    edge = edge.quantize(256 - SOLID - RAMP, method=Image.Quantize.FASTOCTREE)
    made.paste(edge.point(lambda value: min(255, value + SOLID + RAMP)), mask=soft)
    black = ImageChops.lighter(ImageChops.lighter(red, green), blue).point(lambda value: 255 if value < DARK else 0)
    shadow = ImageChops.multiply(soft, black)
    made.paste(alpha.point(lambda value: SOLID + min(RAMP - 1, value // STEP)), mask=shadow)

    colours = edge.getpalette("RGBA") or []
    palette = (solid.getpalette("RGB") or [])[: SOLID * 3]
    palette += [0] * ((SOLID + RAMP) * 3 - len(palette))
    for at in range(0, len(colours), 4):
        palette += colours[at : at + 3]
    made.putpalette(palette, "RGB")
    kept = io.BytesIO()
    clear = bytes([255] * SOLID + [level * STEP for level in range(RAMP)] + colours[3::4])
    made.save(kept, "PNG", optimize=True, transparency=clear)
    return kept.getvalue()


def main(names: list[str]) -> None:
    """Draw the named badges, or all."""
    wanted = [BADGES / f"{name}.json" for name in names] or sorted(BADGES.glob("*.json"))
    with drawing_page() as (page, urls):
        for file in wanted:
            picture = small(draw(page, urls, json.loads(file.read_text())))
            file.with_suffix(".png").write_bytes(picture)
            sys.stdout.write(f"{file.stem}.png {len(picture) // 1024} kB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
