"""Everybody can use the designer: axe in every state, light and dark, wide and narrow; the library as well."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "designer"

pytestmark = pytest.mark.browser


def states(editor):
    """Go through every state of the page, yielding the name of each."""
    page = editor.page
    yield "nothing selected"
    for layer in (
        "Ribbon: Explorer",
        "Starburst",
        "Text: Design Thinking",
        "Icon: lightbulb",
        "3 × Star",
        "Ribbon tails",
    ):
        editor.choose(layer)
        yield layer
    editor.layer("Circle").first.click()
    editor.layer("Icon: lightbulb").click(modifiers=["Shift"])
    yield "two layers selected"
    editor.press("Add")
    yield "Add open"
    page.keyboard.press("Escape")
    for opener, title in (
        ("Templates", "Start with a template"),
        ("Export PNG", "Export PNG"),
        ("Make a level family", "Make a level family"),
    ):
        editor.press("File")
        page.locator("#designer-more").get_by_role("button", name=opener, exact=True).click()
        dialog = page.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible()
        yield title
        dialog.get_by_role("button", name="Close").click()
    editor.choose("Icon: lightbulb")
    editor.press("Change the icon (lightbulb)")
    yield "icons"
    page.get_by_role("dialog", name="Choose an icon").get_by_role("button", name="Close").click()
    editor.choose("Text: Design Thinking")
    page.get_by_role("textbox", name="Fill: Colour: #rrggbb").fill("#3a3f4a")
    expect(page.locator("#contrast")).to_contain_text("hard to read")
    yield "a warning"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_any_state_of_the_designer(designer, faults, dark):
    editor = designer("design-thinking", dark=dark)
    found = {name: faults(editor.page) for name in states(editor)}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_a_phone(designer, faults, dark):
    editor = designer("design-thinking", screen="narrow", dark=dark)
    found = {"closed": faults(editor.page)}
    for sheet in ("Layers", "Properties", "Whole badge"):
        editor.press(sheet)
        found[sheet] = faults(editor.page)
        assert editor.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), sheet
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_axe_finds_nothing_in_the_library(library, faults, shelf):
    page = library.page
    found = {}
    for path in (
        "",
        "?q=nothing-like-it",
        "?show=archived",
        "/upload",
        f"/{shelf['first-aid']}/history",
        f"/{shelf['first-aid']}/rename",
    ):
        page.goto(f"/authoring/badges{path}")
        found[path] = faults(page)
    assert {name: lines for name, lines in found.items() if lines} == {}
    library.open()
    library.search("leaf")
    assert library.names() == ["Green Office"]


def test_the_pictures_of_the_manual_are_made(designer, library):
    """Draw the pictures that docs/designer.md shows; run with the others, so that they never grow old."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    library.page.screenshot(path=PICTURES / "library.png")
    editor = designer("team-leadership")
    editor.choose("Ribbon: Level one")
    expect(editor.page.locator("#contrast")).to_contain_text("All words can be read")
    editor.page.screenshot(path=PICTURES / "editor.png")
    editor.press("Templates")
    editor.page.wait_for_timeout(1500)
    editor.page.screenshot(path=PICTURES / "templates.png")
    phone = designer("green-office", screen="narrow")
    phone.press("Properties")
    phone.tap(512, 612)
    phone.page.wait_for_timeout(500)
    phone.page.screenshot(path=PICTURES / "phone.png")
    for file in PICTURES.glob("*.png"):
        Image.open(file).convert("RGB").quantize(256).save(file, optimize=True)
    assert all(
        (PICTURES / f"{name}.png").stat().st_size > 10_000 for name in ("library", "editor", "templates", "phone")
    )
