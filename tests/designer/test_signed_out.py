"""The session ends while somebody draws: they are told, sign in again, and nothing is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from portal.accounts.services import passwords
from portal.core import ids
from portal.core.db import commit
from tests.browser.conftest import PASSWORD, sign_in
from tests.designer.pages import Designer

pytestmark = pytest.mark.browser

TOLD = "You have been signed out. Your work is kept in this browser"


@pytest.fixture
def instructor(instructor):
    """Return somebody who draws, and can sign in through the page."""
    instructor.password_hash = passwords.hashed(PASSWORD)
    commit()
    return instructor


def the_cookie_runs_out(page, _person):
    page.context.clear_cookies()


def the_portal_ends_it(_page, person):
    person.session_epoch = ids.public_id()
    commit()


ENDINGS = pytest.mark.parametrize("end", [the_cookie_runs_out, the_portal_ends_it])


def draw_signed_out(editor, words):
    editor.choose("Ribbon: Ready to help")
    editor.write(words)
    expect(editor.page.locator("#state")).to_contain_text(TOLD)


def sign_in_here(page, person):
    """Fill in the page for signing in that stands in the window, which leads back to where one was."""
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_label(re.compile("^E-mail")).fill(person.addresses[0].address)
    page.get_by_label(re.compile("^Password")).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_function("() => document.querySelector('#designer')?.dataset.ready === 'true'")


def seen_elsewhere(window, page, badge):
    """Open the badge in another browser, which holds nothing of its own."""
    return Designer(window()).open(badge or page.url.rpartition("/")[2])


@ENDINGS
def test_signing_in_again_in_another_tab_saves_what_was_drawn_signed_out(designer, window, instructor, shelf, end):
    editor = designer("first-aid")
    page = editor.page
    end(page, instructor)
    draw_signed_out(editor, "Signed out")
    editor.write("Signed out and going on")
    other = page.context.new_page()
    sign_in(other, instructor.addresses[0].address)
    other.close()
    editor.save()
    page.reload()
    expect(editor.layer("Ribbon: Signed out and going on")).to_be_visible()
    expect(page.locator("#notices")).to_be_empty()
    again = seen_elsewhere(window, page, shelf["first-aid"])
    expect(again.layer("Ribbon: Signed out and going on")).to_be_visible()


@ENDINGS
def test_signing_in_again_in_the_same_tab_brings_the_work_back(designer, window, instructor, shelf, end):
    editor = designer("first-aid")
    page = editor.page
    end(page, instructor)
    draw_signed_out(editor, "Same tab")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    sign_in_here(page, instructor)
    expect(editor.layer("Ribbon: Same tab")).to_be_visible()
    expect(page.locator("#notices")).to_contain_text("is back")
    editor.wait_saved()
    again = seen_elsewhere(window, page, shelf["first-aid"])
    expect(again.layer("Ribbon: Same tab")).to_be_visible()


def test_a_new_badge_that_was_never_saved_comes_back_after_signing_in(designer, window, instructor):
    editor = designer()
    page = editor.page
    the_cookie_runs_out(page, instructor)
    editor.choose_template("Gear")
    expect(page.locator("#state")).to_contain_text(TOLD)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    sign_in_here(page, instructor)
    expect(editor.layer("Gear")).to_be_visible()
    editor.wait_saved()
    assert not page.url.endswith("/new")
    expect(seen_elsewhere(window, page, None).layer("Gear")).to_be_visible()


def test_coming_back_to_the_tab_saves_without_being_asked(designer, instructor):
    editor = designer("first-aid")
    page = editor.page
    the_cookie_runs_out(page, instructor)
    draw_signed_out(editor, "By itself")
    other = page.context.new_page()
    sign_in(other, instructor.addresses[0].address)
    other.close()
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    editor.wait_saved()


def test_somebody_elses_saving_meanwhile_is_told_after_signing_in_again(designer, window, person, instructor):
    editor = designer("first-aid")
    page = editor.page
    the_cookie_runs_out(page, instructor)
    draw_signed_out(editor, "Mine")
    ben = Designer(window(who=person("instructor", name="Ben"))).open(page.url.rpartition("/")[2])
    ben.choose("Ribbon: Ready to help")
    ben.write("Theirs")
    ben.save()
    other = page.context.new_page()
    sign_in(other, instructor.addresses[0].address)
    editor.press("Save")
    dialog = page.get_by_role("dialog", name="Somebody else saved this badge")
    dialog.get_by_role("button", name="Save mine as a copy").click()
    expect(editor.layer("Ribbon: Mine")).to_be_visible()
    ben.page.reload()
    expect(ben.layer("Ribbon: Theirs")).to_be_visible()
