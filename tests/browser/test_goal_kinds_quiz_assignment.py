"""A quiz and an assignment, written by an instructor and done by a learner, by pointer; with and without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

SECRET = "Because water and oil do not mix"


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("button", name=name, exact=isinstance(name, str)).first


def field(page: Page | Locator, beginning: str) -> Locator:
    return page.get_by_label(re.compile(rf"^\s*{re.escape(beginning)}")).first


def new_path(page: Page, title: str) -> None:
    """Begin a path through the page and stand on its Steps."""
    page.goto("/authoring/learning-paths")
    page.get_by_role("main").get_by_role("link", name="New learning path").first.click()
    field(page, "Title").fill(title)
    button(page, "Save draft").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    page.get_by_role("link", name=re.compile("^Steps")).first.click()


def add_step(page: Page, kind: str) -> None:
    button(page, "Add step").click()
    page.get_by_role("link", name=kind, exact=True).first.click()


def join(page: Page, title: str) -> None:
    page.goto("/learning-paths?q=" + title.replace(" ", "+"))
    page.get_by_role("main").get_by_role("link", name=title).first.click()
    button(page, "Join").click()
    page.get_by_role("main").get_by_role("link", name="Continue").first.click()


def question(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Question {number}", exact=True)


def write_quiz(page: Page) -> None:
    """Write a quiz of four questions, one of each kind, and put one of them elsewhere."""
    field(page, "Title").fill("Fire safety quiz")
    field(page, "Introduction").fill("You may look things up.")
    button(page, "One answer").click()
    expect(question(page, 1)).to_be_visible()
    field(question(page, 1), "Question").fill("Which fire must *not* be put out with water?")
    for number, text in enumerate(("Wood", "Burning oil", "Paper"), start=1):
        page.get_by_label(f"Answer {number} of question 1", exact=True).fill(text)
    page.get_by_label("Answer 2 of question 1 is right").check()
    button(page, "Remove answer 4 of question 1").click()
    expect(page.get_by_label("Answer 4 of question 1", exact=True)).to_have_count(0)
    expect(page.get_by_label("Answer 2 of question 1", exact=True)).to_have_value("Burning oil")
    field(question(page, 1), "Explanation").fill(SECRET)
    button(page, "Several answers").click()
    field(question(page, 2), "Question").fill("What feeds a fire?")
    for number, text in enumerate(("Oxygen", "Heat", "Sand", "Water"), start=1):
        page.get_by_label(f"Answer {number} of question 2", exact=True).fill(text)
    page.get_by_label("Answer 1 of question 2 is right").check()
    page.get_by_label("Answer 2 of question 2 is right").check()
    button(page, "A number").click()
    field(question(page, 3), "Question").fill("How many metres of hose are there?")
    field(question(page, 3), "Right number").fill("a lot")
    button(page, "A short text").click()
    field(question(page, 4), "Question").fill("Which gas puts a fire out? (name it)")
    field(question(page, 4), "Accepted answers").fill("Carbon dioxide\nCO₂")
    button(page, "Move question 4 up").click()
    expect(field(question(page, 3), "Accepted answers")).to_have_value("Carbon dioxide\nCO₂")
    field(page, "Attempts allowed").fill("2")


def answer(page: Page, *, well: bool) -> None:
    page.get_by_label("Burning oil" if well else "Wood", exact=True).check()
    page.get_by_label("Oxygen", exact=True).check()
    page.get_by_label("Heat", exact=True).check()
    number, text = "How many metres", "Which gas"
    for words, value in ((number, "30,4" if well else "7"), (text, " co2 " if well else "steam")):
        page.get_by_role("group").filter(has_text=words).get_by_role("textbox").fill(value)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_quiz_is_written_and_done(own_portal: Any, visit: Any, faults: Any, scripts: bool) -> None:
    writer = visit(own_portal, "instructor", java_script_enabled=scripts)
    title = "Fire wardens"
    new_path(writer, title)
    if scripts:
        add_step(writer, "Quiz")
    else:
        writer.goto(writer.url.removesuffix("/steps") + "/steps/new/quiz")
    write_quiz(writer)
    button(writer, "Save step").click()
    expect(writer.get_by_role("alert").get_by_text("Enter a number in digits").first).to_be_visible()
    expect(field(question(writer, 1), "Explanation")).to_have_value(SECRET)
    field(question(writer, 4), "Right number").fill("30")
    field(question(writer, 4), "Tolerance").fill("0,5")
    if scripts:
        assert not faults(writer)
    button(writer, "Save step").click()
    expect(writer.get_by_role("link", name="Fire safety quiz").first).to_be_visible()
    button(writer, "Publish").click()
    expect(writer.get_by_text("Published", exact=True).first).to_be_visible()

    reader = visit(own_portal, "learner", java_script_enabled=scripts)
    join(reader, title)
    assert SECRET not in reader.content()
    assert "dioxide" not in reader.content()
    button(reader, "Hand in").click()
    expect(reader.get_by_text("4 questions are not answered")).to_be_visible()
    answer(reader, well=False)
    button(reader, "Save for later").click()
    expect(reader.get_by_text("Your answers are saved").first).to_be_visible()
    expect(reader.get_by_label("Wood", exact=True)).to_be_checked()
    if scripts:
        assert not faults(reader)
    button(reader, "Hand in").click()
    expect(reader.get_by_role("heading", name="Not passed")).to_be_visible()
    expect(reader.get_by_text("You have 1 attempt left")).to_be_visible()
    assert SECRET not in reader.content()
    reader.get_by_role("link", name="Try again").click()
    expect(reader.get_by_label("Wood", exact=True)).not_to_be_checked()
    answer(reader, well=True)
    button(reader, "Hand in").click()
    expect(reader.get_by_role("heading", name="Passed", exact=True)).to_be_visible()
    expect(reader.get_by_text(SECRET)).to_be_visible()
    expect(reader.get_by_text("You have completed this learning path").first).to_be_visible()
    if scripts:
        assert not faults(reader)


def test_what_is_answered_is_kept_while_it_is_done(own_portal: Any, visit: Any) -> None:
    writer = visit(own_portal, "instructor")
    new_path(writer, "Fire wardens")
    add_step(writer, "Quiz")
    write_quiz(writer)
    field(question(writer, 4), "Right number").fill("30")
    button(writer, "Save step").click()
    button(writer, "Publish").click()
    expect(writer.get_by_text("Published", exact=True).first).to_be_visible()
    reader = visit(own_portal, "learner")
    join(reader, "Fire wardens")
    reader.get_by_label("Sand", exact=True).check()
    expect(reader.get_by_text("Your answers are saved.")).to_be_visible()
    reader.reload()
    expect(reader.get_by_label("Sand", exact=True)).to_be_checked()


def test_an_assignment_is_written_handed_in_returned_and_accepted(
    own_portal: Any, visit: Any, faults: Any, tmp_path: Path
) -> None:
    title = "Report writing"
    writer = visit(own_portal, "instructor")
    new_path(writer, title)
    add_step(writer, "Assignment")
    field(writer, "Title").fill("Your report")
    field(writer, "What to do").fill("Write **one page** about the drill.")
    template = tmp_path / "template.txt"
    template.write_text("Date, place, what happened.")
    writer.locator("input[type=file]").set_input_files(template)
    button(writer, "Add the files").click()
    expect(writer.get_by_text("template.txt")).to_be_visible()
    expect(field(writer, "What to do")).to_have_value("Write **one page** about the drill.")
    field(writer, "Graded").check()
    field(writer, "Grade to pass").fill("50")
    assert not faults(writer)
    button(writer, "Save step").click()
    button(writer, "Publish").click()
    expect(writer.get_by_text("Published", exact=True).first).to_be_visible()

    reader = visit(own_portal, "learner")
    join(reader, title)
    with reader.expect_download() as download:
        reader.get_by_role("link", name="template.txt").click()
    assert download.value.path().read_text() == "Date, place, what happened."
    field(reader, "Your text").fill("We were out in **two minutes**.")
    program = tmp_path / "report.exe"
    program.write_bytes(b"MZ" + b"\x00" * 64)
    reader.get_by_label(re.compile("^At most 5 files")).set_input_files(program)
    button(reader, "Hand in").click()
    expect(reader.get_by_role("alert").get_by_text("is not of a kind that is asked for")).to_be_visible()
    expect(field(reader, "Your text")).to_have_value("We were out in **two minutes**.")
    report = tmp_path / "отчёт.txt"
    report.write_text("Two minutes.")
    reader.get_by_label(re.compile("^At most 5 files")).set_input_files(report)
    button(reader, "Save draft").click()
    expect(reader.get_by_text("Your draft is saved").first).to_be_visible()
    expect(reader.get_by_role("link", name="отчёт.txt")).to_be_visible()
    assert not faults(reader)
    button(reader, "Hand in").click()
    expect(reader.get_by_text("An instructor has been asked").first).to_be_visible()

    writer.goto("/authoring/review")
    writer.get_by_role("link", name="Look at “Your report”").first.click()
    expect(writer.get_by_text("two minutes").first).to_be_visible()
    with writer.expect_download() as download:
        writer.get_by_role("link", name="отчёт.txt").click()
    assert download.value.suggested_filename == "отчёт.txt"
    button(writer, "Send back").click()
    expect(writer.get_by_role("alert").get_by_text("Say what is still missing").first).to_be_visible()
    field(writer, "Comment").fill("Who was the last to leave?")
    assert not faults(writer)
    button(writer, "Send back").click()
    expect(writer.get_by_text("Sent back to").first).to_be_visible()

    reader.goto("/")
    reader.get_by_role("main").get_by_role("link", name="Continue").first.click()
    expect(reader.get_by_text("Who was the last to leave?").first).to_be_visible()
    field(reader, "Your text").fill("We were out in two minutes. I left last.")
    button(reader, "Hand in again").click()
    writer.goto("/authoring/review?kind=assignment")
    writer.get_by_role("link", name="Look at “Your report”").first.click()
    expect(writer.get_by_text("I left last")).to_be_visible()
    field(writer, "Grade").fill("40")
    button(writer, "Accept").click()
    expect(writer.get_by_role("alert").get_by_text("The grade to pass is 50").first).to_be_visible()
    field(writer, "Grade").fill("87,5")
    field(writer, "Comment").fill("Well observed.")
    button(writer, "Accept").click()
    expect(writer.get_by_text("has completed the learning path").first).to_be_visible()

    reader.goto("/learning-paths?q=Report")
    reader.get_by_role("main").get_by_role("link", name=title).first.click()
    reader.get_by_role("main").get_by_role("link", name="Your report").first.click()
    expect(reader.get_by_text("Grade: 87.5 of 100")).to_be_visible()
    expect(reader.get_by_text("Well observed.").first).to_be_visible()


def test_more_than_the_portal_takes_is_said_before_and_after_sending(
    own_portal: Any, visit: Any, tmp_path: Path
) -> None:
    writer = visit(own_portal, "instructor")
    new_path(writer, "Report writing")
    add_step(writer, "Assignment")
    field(writer, "Title").fill("Your report")
    field(writer, "What to do").fill("Write.")
    button(writer, "Save step").click()
    button(writer, "Publish").click()
    expect(writer.get_by_text("Published", exact=True).first).to_be_visible()
    large = tmp_path / "large.pdf"
    large.write_bytes(b"%PDF-1.7\n" + b"0" * (21 * 1024 * 1024))
    reader = visit(own_portal, "learner")
    join(reader, "Report writing")
    reader.get_by_label(re.compile("^At most 5 files")).set_input_files(large)
    expect(reader.get_by_text("large.pdf is larger than 20 MB. Choose a smaller file.")).to_be_visible()

    plain = visit(own_portal, None, java_script_enabled=False)
    sign_in(plain, "learner@laurel.example")
    plain.goto(reader.url)
    field(plain, "Your text").fill("What I wrote.")
    plain.get_by_label(re.compile("^At most 5 files")).set_input_files(large)
    button(plain, "Hand in").click()
    expect(plain.get_by_role("alert").get_by_text("is larger than 20 MB").first).to_be_visible()
    expect(field(plain, "Your text")).to_have_value("What I wrote.")
    plain.get_by_label(re.compile("^At most 5 files")).set_input_files([large] * 6)
    button(plain, "Hand in").click()
    expect(plain.get_by_role("heading", name="That is too large")).to_be_visible()
