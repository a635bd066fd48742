"""Nothing that was drawn is lost: autosave, crashes, lost connections, two people, and leaving."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, expect

from tests.designer.pages import Designer

pytestmark = pytest.mark.browser


def test_what_is_drawn_is_saved_by_itself(designer):
    editor = designer("first-aid")
    editor.choose("Ribbon: Ready to help")
    editor.write("Saved alone")
    expect(editor.page.locator("#state")).to_have_text("Not saved yet")
    editor.wait_saved()
    editor.page.reload()
    expect(editor.layer("Ribbon: Saved alone")).to_be_visible()


def test_a_new_badge_gets_an_address_when_it_is_saved_first(designer):
    editor = designer()
    editor.choose_template("Gear")
    editor.wait_saved()
    assert not editor.page.url.endswith("/new")
    editor.page.reload()
    expect(editor.layer("Gear")).to_be_visible()


def test_what_was_not_saved_is_back_after_the_tab_was_killed(designer):
    editor = designer("data-literacy")
    page = editor.page
    page.route(
        "**/authoring/badges/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    editor.choose("Ribbon: Level two")
    editor.write("Level nine")
    expect(page.locator("#state")).to_contain_text("Kept in this browser")
    address, context = page.url, page.context
    other = context.new_page()
    with pytest.raises(Error), page.expect_event("crash"):
        page.goto("chrome://crash", timeout=5_000)
    again = Designer(other).open(address.rpartition("/")[2])
    expect(again.layer("Ribbon: Level nine")).to_be_visible()
    expect(other.locator("#notices")).to_contain_text("is back")
    again.wait_saved()


def test_a_lost_connection_is_told_and_made_good_when_it_is_back(designer):
    editor = designer("green-office")
    editor.page.context.set_offline(True)
    editor.choose("Ribbon: Champion")
    editor.write("Offline")
    expect(editor.page.locator("#state")).to_contain_text("Kept in this browser")
    editor.page.context.set_offline(False)
    editor.wait_saved()
    editor.page.reload()
    expect(editor.layer("Ribbon: Offline")).to_be_visible()


def test_the_second_of_two_is_told_and_can_keep_a_copy(designer, window, person):
    first = designer("team-leadership")
    second = Designer(window(who=person("instructor", name="Ben"))).open(first.page.url.rpartition("/")[2])
    first.choose("Ribbon: Level one")
    first.write("Ada was here")
    first.save()
    second.choose("Ribbon: Level one")
    second.write("Ben was here")
    dialog = second.page.get_by_role("dialog", name="Somebody else saved this badge")
    expect(dialog).to_contain_text("Ada")
    dialog.get_by_role("button", name="Save mine as a copy").click()
    expect(second.layer("Ribbon: Ben was here")).to_be_visible()
    first.page.reload()
    expect(first.layer("Ribbon: Ada was here")).to_be_visible()


def test_leaving_with_unsaved_work_asks_first(designer):
    editor = designer("first-aid")
    page = editor.page
    page.route(
        "**/authoring/badges/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    editor.choose("Ribbon: Ready to help")
    editor.write("Wait")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("() => setTimeout(() => location.assign('/authoring/badges'), 0)")
    page.wait_for_timeout(800)
    assert asked == ["beforeunload"]


def test_an_older_version_is_restored_from_the_history(designer):
    editor = designer("python-basics")
    editor.choose("Ribbon: Starter")
    editor.write("Changed")
    editor.save()
    editor.press("File")
    editor.page.get_by_role("link", name="Versions").click()
    editor.page.get_by_role("button", name="Restore version 1").click()
    expect(editor.layer("Ribbon: Starter")).to_be_visible()
