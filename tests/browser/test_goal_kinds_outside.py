"""Files, links, events, other paths and outside content, walked by an instructor and a learner in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from pathlib import Path


def button(page: Page, name: str):
    return page.get_by_role("button", name=re.compile(f"^{name}")).first


def add(page: Page, steps: str, kind: str, title: str, **fields: str) -> None:
    page.goto(f"{steps}/new/{kind}")
    page.get_by_label(re.compile("^Title")).fill(title)
    for label, text in fields.items():
        page.get_by_label(re.compile("^" + label.replace("_", " "))).first.fill(text)


@pytest.fixture
def written(demo_portal, visit, tmp_path: Path):
    """A path with one step of each kind, written by an instructor through the pages."""
    page = visit(demo_portal, "instructor")
    page.goto("/authoring/learning-paths/new")
    page.get_by_label(re.compile("^Title")).fill("Outside the portal")
    button(page, "Save draft").click()
    expect(page.get_by_role("heading", name="Outside the portal", level=1)).to_be_visible()
    steps = re.sub(r"/info.*$", "", page.url).rstrip("/") + "/steps"
    pdf = tmp_path / "plan.pdf"
    pdf.write_bytes(b"%PDF-1.4\n" + b"x" * 2000)
    add(page, steps, "file", "The plan")
    page.get_by_label("File", exact=True).set_input_files(pdf)
    button(page, "Save step").click()
    add(page, steps, "link", "The book", Web_address="https://book.example/chapter", What_to_do="Read it.")
    button(page, "Save step").click()
    add(page, steps, "event", "The drill", What_it_is_about="Come along.")
    button(page, "Save step").click()
    add(page, steps, "path", "The basics", Search_learning_paths="Python")
    button(page, "Search").click()
    page.get_by_role("radio").first.check()
    button(page, "Save step").click()
    add(page, steps, "xapi", "The game", Activity="https://example.org/game")
    button(page, "Save step").click()
    button(page, "Publish").click()
    expect(page.get_by_text("Published", exact=True).first).to_be_visible()
    page.goto(steps)
    page.get_by_role("link", name="The drill", exact=True).first.click()
    page.get_by_role("link", name="Dates and attendance").click()
    page.get_by_role("link", name="Add a date").click()
    page.get_by_label(re.compile("^Begins")).fill("2031-05-03T10:00")
    page.get_by_label(re.compile("^Ends")).fill("2031-05-03T12:00")
    page.get_by_label(re.compile("^Place ")).fill("Yard")
    button(page, "Save date").click()
    expect(page.get_by_text("Yard")).to_be_visible()
    page.goto(steps)
    page.get_by_role("link", name="The game", exact=True).first.click()
    page.get_by_role("link", name="Keys for the content").click()
    page.get_by_label(re.compile("^What the key is for")).fill("Game server")
    button(page, "Make a key").click()
    expect(page.get_by_text("It is not shown again")).to_be_visible()
    return demo_portal, steps


def test_each_kind_is_walked_by_a_learner(written, visit):
    portal, steps = written
    page = visit(portal, "learner", screen="narrow")
    page.goto(steps.replace("/authoring", "").removesuffix("/steps"))
    button(page, "Join").click()
    page.get_by_role("link", name="The plan").first.click()
    with page.expect_download() as found:
        page.get_by_role("link", name="Download").click()
    assert found.value.suggested_filename == "plan.pdf"
    button(page, "Mark as done").click()
    expect(page.get_by_role("heading", name="The book", level=1)).to_be_visible()
    with page.expect_popup() as popup:
        button(page, "Open").click()
    popup.value.close()
    page.reload()
    expect(page.get_by_text("Begun").first).to_be_visible()
    button(page, "Mark as done").click()
    expect(page.get_by_role("heading", name="The drill", level=1)).to_be_visible()
    button(page, "Sign up").click()
    expect(page.get_by_text("You have a place", exact=True)).to_be_visible()
    with page.expect_download() as found:
        page.get_by_role("link", name="Put into my calendar").click()
    assert found.value.suggested_filename == "event.ics"
