"""Paths over time, in a browser: versions with members on them, a renewal, steps in groups, drafts that save themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Hand, Keyboard, Pointer
from tests.browser.test_goal_kinds_quiz_assignment import add_step, button, field, join, new_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.serving import Portal

HANDS = [pytest.param(Pointer, id="by pointer"), pytest.param(Keyboard, id="by keyboard")]
PATIENCE = 30_000


def main_link(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("main").get_by_role("link", name=name, exact=isinstance(name, str)).first


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Parts of this learning path").get_by_role(
        "link", name=re.compile(f"^{name}")
    ).click()


def write_page(page: Page, title: str, text: str) -> None:
    """Add a page to the path whose Steps are open."""
    add_step(page, "Page to read")
    field(page, "Title").fill(title)
    field(page, "Text").fill(text)
    button(page, "Save step").click()
    expect(main_link(page, title)).to_be_visible()


def publish(page: Page) -> None:
    button(page, "Publish").click()
    expect(page.get_by_text("The learning path is published.")).to_be_visible()


def my_path(page: Page, title: str) -> None:
    page.goto("/learning-paths?q=" + title.replace(" ", "+"))
    main_link(page, re.compile(f"^{title}")).click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def order_of_steps(page: Page) -> list[str]:
    return [item.get_attribute("data-name") or "" for item in page.locator("main [data-item]").all()]


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


def test_a_new_version_takes_along_who_is_half_done_and_leaves_alone_who_is_done(
    demo_portal: Portal, visit: Callable[..., Page]
) -> None:
    title = "Line handling"
    instructor = visit(demo_portal, "instructor")
    new_path(instructor, title)
    write_page(instructor, "Throwing a line", "Coil it in one hand.")
    write_page(instructor, "Making fast", "Two turns, then the hitch.")
    publish(instructor)
    done, half_way = visit(demo_portal, "aino"), visit(demo_portal, "lukas")
    for page, steps in ((done, 2), (half_way, 1)):
        join(page, title)
        for _ in range(steps):
            button(page, "Mark as done").click()
            page.wait_for_load_state()
    tab(instructor, "Steps")
    main_link(instructor, "Making fast").click()
    field(instructor, "Text").fill("Two turns, then the hitch, then look once more.")
    button(instructor, "Save step").click()
    write_page(instructor, "Letting go", "Wait for the word.")
    tab(instructor, "Versions")
    differing = instructor.get_by_role("main")
    expect(differing.locator("ins").filter(has_text="look once more")).to_be_visible()
    expect(differing.get_by_text("Changed", exact=True).last).to_be_visible()
    expect(differing.get_by_text("Added", exact=True)).to_be_visible()
    my_path(half_way, title)
    expect(half_way.get_by_text("1 of 2 steps done")).to_be_visible()
    publish(instructor)
    tab(instructor, "Members")
    expect(row(instructor, "Aino-Sofia Mäkelä")).to_contain_text("2 of 2 steps done")
    expect(row(instructor, "Aino-Sofia Mäkelä")).to_contain_text("Completed")
    for _ in range(30):  # the worker takes members along, one batch after the other
        if "1 of 3 steps done" in row(instructor, "Lukas Brandt").inner_text():
            break
        instructor.wait_for_timeout(1000)
        instructor.reload()
    expect(row(instructor, "Lukas Brandt")).to_contain_text("1 of 3 steps done")
    tab(instructor, "Versions")
    expect(row(instructor, "Version 1").get_by_role("cell").last).to_have_text("1")
    expect(row(instructor, "Version 2").get_by_role("cell").last).to_have_text("1")
    half_way.reload()
    expect(half_way.get_by_text("1 of 3 steps done").first).to_be_visible()
    for _ in range(2):
        main_link(half_way, "Continue").click()
        button(half_way, "Mark as done").click()
        half_way.wait_for_load_state()
        my_path(half_way, title)
    expect(half_way.get_by_text("3 of 3 steps done").first).to_be_visible()
    my_path(done, title)
    expect(done.get_by_text("2 of 2 steps done").first).to_be_visible()


def test_a_certificate_of_a_year_ago_is_renewed(own_portal: Portal, visit: Callable[..., Page]) -> None:
    page = visit(own_portal, "learner")
    page.goto("/certificates")
    old = (
        page.get_by_role("article")
        .filter(has_text="Workplace Safety")
        .or_(page.locator(".tile").filter(has_text="Workplace Safety"))
    )
    expect(old.first).to_contain_text("Expires soon")
    main_link(page, re.compile("^Workplace Safety")).click()
    number = page.url.rpartition("/")[2]
    button(page, "Renew: Workplace Safety").click()
    expect(page.get_by_role("heading", name="Workplace Safety", level=1)).to_be_visible()
    expect(page.get_by_text("0 of 4 steps done").first).to_be_visible()
    main_link(page, "Continue").click()
    for _ in range(3):
        button(page, "Mark as done").click()
        page.wait_for_load_state()
    page.get_by_label("Warn the others").check()
    page.get_by_role("textbox").last.fill("112")
    page.get_by_role("button", name=re.compile("^Hand in")).first.click()
    page.wait_for_load_state()
    my_path(page, "Workplace Safety")
    main_link(page, "Certificate achieved").click()
    assert page.url.rpartition("/")[2] != number
    page.goto("/certificates")
    expect(page.get_by_role("main").get_by_text("Renewed").first).to_be_visible()
    page.goto(f"/certificates/{number}")
    expect(page.get_by_text("Renewed").first).to_be_visible()


@pytest.mark.parametrize("kind", HANDS)
def test_steps_are_put_into_groups_and_moved(demo_portal: Portal, visit: Callable[..., Page], kind: type[Hand]) -> None:
    page = visit(demo_portal, "instructor")
    hand = kind(page)
    new_path(page, f"Groups {kind.__name__}")
    write_page(page, "Loose", "Not in a group yet.")
    hand.press(button(page, "Add step"))
    hand.press(page.get_by_role("link", name="Group of steps", exact=True).first)
    hand.fill(field(page, "Title"), "Choose one")
    some = page.get_by_label("Some of the steps")
    if kind is Keyboard:
        hand.reach(page.get_by_label("All mandatory steps"))
        page.keyboard.press("ArrowDown")
    else:
        some.check()
    expect(some).to_be_checked()
    hand.fill(field(page, "How many are enough"), "1")
    hand.press(button(page, "Save group"))
    expect(page.get_by_text("Any 1 of")).to_be_visible()
    hand.press(page.get_by_role("button", name="Add a step to Choose one").first)
    hand.press(page.locator(":popover-open").get_by_role("link", name="Page to read", exact=True))
    hand.fill(field(page, "Title"), "Inside")
    hand.fill(field(page, "Text"), "In the group.")
    hand.press(button(page, "Save step"))
    expect(page.locator("main [data-item]")).to_have_count(3)
    assert order_of_steps(page) == ["Loose", "Choose one", "Inside"]
    hand.press(page.get_by_role("link", name="Edit: Loose"))
    hand.choose(field(page, "Group"), "Choose one")
    hand.press(button(page, "Save step"))
    expect(page.locator("main [data-item]").first).to_have_attribute("data-name", "Choose one")
    assert order_of_steps(page) == ["Choose one", "Inside", "Loose"]
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        if kind is Keyboard:
            hand.reach(page.get_by_role("button", name=re.compile("^Move Loose: drag")))
            page.keyboard.press("ArrowUp")
        else:
            hand.press(page.get_by_role("button", name="Move up: Loose"))
    page.reload()
    assert order_of_steps(page) == ["Choose one", "Loose", "Inside"]


def test_a_draft_saves_itself_while_one_writes(demo_portal: Portal, visit: Callable[..., Page]) -> None:
    page = visit(demo_portal, "instructor")
    new_path(page, "Saved by itself")
    tab(page, "Info")
    field(page, "Description").press_sequentially("Written, and never sent.")
    expect(page.get_by_text(re.compile("^Draft saved at"))).to_be_visible()
    page.reload()
    expect(field(page, "Description")).to_have_value("Written, and never sent.")


def test_settings_say_for_whom_a_path_is_and_how_it_is_found(demo_portal: Portal, visit: Callable[..., Page]) -> None:
    page, learner = visit(demo_portal, "instructor"), visit(demo_portal, "learner")
    title = "Knots and hitches"
    new_path(page, title)
    write_page(page, "The bowline", "Out of the hole, round the tree.")
    publish(page)
    tab(page, "Settings")
    field(page, "Tags").fill("ropework")
    page.get_by_label("Safety and health", exact=True).check()
    page.get_by_label("Approval").check()
    button(page, "Save").click()
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).first).to_be_visible()
    page.reload()
    expect(page.get_by_label("Safety and health", exact=True)).to_be_checked()
    expect(field(page, "Tags")).to_have_value("ropework")
    learner.goto("/learning-paths?q=ropework")
    expect(main_link(learner, title)).to_be_visible()
    page.get_by_role("group", name="Who sees it").get_by_label("Its members alone").check()
    page.get_by_role("group", name="Who may join").get_by_label("Nobody: instructors add people").check()
    button(page, "Save").click()
    page.wait_for_load_state()
    learner.reload()
    expect(main_link(learner, title)).to_have_count(0)


def test_a_path_goes_out_as_a_file_and_comes_in_again(
    demo_portal: Portal, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(demo_portal, "instructor")
    page.goto("/authoring/learning-paths")
    main_link(page, "Harbour Induction").click()
    tab(page, "Steps")
    before = order_of_steps(page)
    tab(page, "Settings")
    with page.expect_download() as download:
        main_link(page, "Export").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    page.goto("/authoring/learning-paths")
    main_link(page, "Import").click()
    field(page, "File").set_input_files(file)
    button(page, "Import").click()
    expect(page.get_by_role("heading", name="Harbour Induction", level=1)).to_be_visible()
    tab(page, "Steps")
    assert order_of_steps(page) == before
