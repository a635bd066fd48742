"""The pictures that the documentation shows, taken from the demo academy: LAUREL_PICTURES=1 takes them anew."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LARGEST = 200_000
COLOURS = 256


def my_learning(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("link", name="Green Office").first).to_be_visible()


def path(page: Page) -> None:
    my_learning(page)
    page.get_by_role("link", name="Green Office").first.click()
    expect(page.get_by_role("heading", name="Green Office", level=1)).to_be_visible()


def certificate(page: Page) -> None:
    page.goto("/certificates")
    page.get_by_role("link", name="Python Basics").first.click()
    expect(page.get_by_role("img", name=re.compile("Certificate of completion"))).to_be_visible()


def earn(page: Page) -> None:
    certificate(page)
    page.get_by_role("link", name="Earn badge").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Send")).to_be_visible()


def backpack(page: Page) -> None:
    page.goto("/backpack")
    expect(page.get_by_role("heading", name="Valamis collection").first).to_be_visible()


def transcript(page: Page) -> None:
    page.goto("/transcript/open-badges")
    expect(page.get_by_role("article").first).to_be_visible()


def authoring(page: Page) -> None:
    page.goto("/authoring/learning-paths")
    page.get_by_role("link", name="Workplace Safety").first.click()
    expect(page.get_by_label(re.compile("^Badge name"))).to_be_visible()


def designer(page: Page) -> None:
    page.goto("/authoring/badges")
    page.get_by_role("link", name="Workplace Safety", exact=True).first.click()
    expect(page.get_by_role("heading", name="Whole badge")).to_be_visible()
    page.wait_for_function("() => document.querySelectorAll('.preview-ground *').length > 0")


def open_badges(page: Page) -> None:
    page.goto("/administration/open-badges")
    expect(page.get_by_role("heading", name="Before badges can be earned")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "who", "show"),
    [
        ("my-learning", "learner", my_learning),
        ("path", "learner", path),
        ("certificate", "learner", certificate),
        ("earn", "learner", earn),
        ("backpack", "learner", backpack),
        ("transcript", "learner", transcript),
        ("authoring", "instructor", authoring),
        ("badge-designer", "instructor", designer),
        ("open-badges", "admin", open_badges),
    ],
)
def test_the_documentation_shows_the_page_as_it_is(demo_portal, visit, name, who, show: Callable[[Page], None]):
    page = visit(demo_portal, who)
    show(page)
    page.wait_for_function(
        "() => [...document.images].every((picture) => picture.complete && picture.naturalWidth > 0)"
    )
    file = FOLDER / f"{name}.png"
    if os.environ.get("LAUREL_PICTURES") == "1":
        _keep(page.screenshot(), file)
    assert file.is_file(), "take it: LAUREL_PICTURES=1 make test ARGS=tests/browser/test_pictures.py"
    assert file.stat().st_size < LARGEST


def _keep(picture: bytes, file: Path) -> None:
    """Keep a picture: with all its colours where that is small enough, else with a palette of its own."""
    file.parent.mkdir(parents=True, exist_ok=True)
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.save(file, optimize=True)
    if file.stat().st_size >= LARGEST:
        image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT).save(file, optimize=True)
