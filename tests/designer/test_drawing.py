"""Drawing badges by mouse, by touch and by keyboard alone, and finding them again."""

from __future__ import annotations

import json

import pytest
from PIL import Image
from playwright.sync_api import expect

from portal.badges.designer import services
from portal.core.db import db
from tests.designer.conftest import BADGES
from tests.designer.pages import Designer, difference

pytestmark = pytest.mark.browser


def newest_document(page):
    db.session.rollback()
    db.session.expire_all()
    design = services.design_by_public_id(page.url.partition("?")[0].rpartition("/")[2])
    return services.document_of(services.newest(design))


def test_a_badge_is_drawn_from_a_template_by_mouse(designer):
    editor = designer()
    editor.page.get_by_label("Close").first.click()
    editor.page.get_by_label("Name of the badge").fill("Fire Safety")
    editor.press("Templates")
    editor.choose_template("Rosette")
    editor.choose("Ribbon: Level one")
    editor.write("Trained")
    editor.choose("Icon: chart line up")
    editor.press("Change the icon (chart line up)")
    editor.choose_icon("fire extinguisher")
    editor.drag((512, 450), (540, 450))
    assert editor.chosen() == ["Icon: fire extinguisher"]
    assert editor.number("Across") == pytest.approx(540, abs=12)
    editor.press("Palette Forest")
    editor.save()
    document = newest_document(editor.page)
    assert document["name"] == "Fire Safety"
    assert "Trained" in document["alt"]
    assert "fire extinguisher" in document["alt"]


def test_a_badge_is_drawn_from_nothing_by_mouse(designer):
    editor = designer()
    editor.choose_template("Empty badge")
    editor.add("Shape")
    editor.page.get_by_label("Shape", exact=True).and_(editor.page.get_by_role("combobox")).select_option(
        label="Shield"
    )
    editor.set_number("Peak", 14)
    before = editor.number("Width")
    box = editor.number("Across"), editor.number("Down")
    assert box == (512, 512)
    editor.drag((512, 512), (500, 470))
    assert editor.number("Down") == pytest.approx(470, abs=10)
    # the right handle, at the middle of the edge
    x, y = editor.number("Across") + before / 2, editor.number("Down")
    editor.drag((x, y), (x + 80, y))
    assert editor.number("Width") == pytest.approx(before + 80, abs=20)
    editor.add("Text on an arc above")
    editor.write("Night Watch")
    editor.add("Ribbon")
    editor.add("Row of stars")
    editor.save()
    assert len(newest_document(editor.page)["layers"]) == 4


def test_a_badge_is_drawn_by_touch_on_a_phone(designer):
    editor = designer(screen="narrow")
    editor.choose_template("Blossom")
    editor.press("Properties")
    editor.tap(512, 612)
    expect(editor.page.locator("#selected")).to_contain_text("Ribbon")
    before = editor.number("Down")
    editor.swipe((512, 612), (512, 700))
    assert editor.number("Down") == pytest.approx(before + 88, abs=20)
    editor.write("Gardener")
    editor.save()
    ribbon = next(layer for layer in newest_document(editor.page)["layers"] if layer["kind"] == "ribbon")
    assert ribbon["lettering"]["text"] == "Gardener"
    assert ribbon["y"] > 640


class Keys:
    """Reaches controls with Tab alone."""

    def __init__(self, page):
        self.page = page

    def reach(self, what, key="Tab"):
        what.wait_for()
        for _ in range(300):
            if what.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press(key)
        pytest.fail(f"{what} cannot be reached with {key}")

    def press(self, what, key="Enter", by="Tab"):
        self.reach(what, by)
        self.page.keyboard.press(key)


def test_a_badge_is_drawn_by_keyboard_alone(designer):
    editor = designer()
    page, keys = editor.page, Keys(editor.page)
    keys.press(page.get_by_role("dialog").get_by_role("button", name="Empty badge", exact=True))
    keys.press(page.get_by_role("button", name="Add", exact=True))
    keys.press(page.locator("#add-menu").get_by_role("button", name="Shape", exact=True))
    expect(editor.layer("Circle")).to_be_visible()
    keys.press(page.get_by_role("button", name="Add", exact=True), by="Shift+Tab")
    keys.press(page.locator("#add-menu").get_by_role("button", name="Straight text", exact=True))
    keys.reach(page.get_by_role("textbox", name="Words", exact=True))
    page.keyboard.press("Control+A")
    page.keyboard.type("Keys")
    keys.reach(editor.stage, "Shift+Tab")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowUp")
    expect(editor.live).to_contain_text("482 down")
    keys.reach(editor.layer("Text: Keys"), "Shift+Tab")
    page.keyboard.press("Alt+ArrowDown")
    expect(editor.live).to_contain_text("number 2 of 2")
    page.keyboard.press("ArrowUp")
    assert editor.chosen() == ["Circle"]
    page.keyboard.press("Control+D")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+Z")
    page.keyboard.press("Control+S")
    editor.wait_saved()
    assert [layer["kind"] for layer in newest_document(page)["layers"]] == ["text", "shape", "shape"]


def test_a_badge_is_reopened_in_another_browser_and_changed(designer, window):
    first = designer("first-aid")
    first.choose("Ribbon: Ready to help")
    first.write("Helper")
    first.save()
    picture = first.export()
    second = Designer(window()).open(first.page.url.rpartition("/")[2])
    assert difference(second.export(), picture) < 0.2
    second.choose("Ribbon: Helper")
    second.set_number("Rotation", 6)
    second.save()
    assert difference(second.export(), picture) > 1


def test_fifty_steps_are_undone_and_redone(designer):
    editor = designer("python-basics")
    before = editor.drawn()
    editor.choose("Icon: code")
    for step in range(50):
        editor.set_number("Rotation", step + 1)
    after = editor.drawn()
    assert difference(before, after) > 0.2
    editor.stage.focus()
    for _ in range(50):
        editor.page.keyboard.press("Control+Z")
    editor.page.wait_for_timeout(100)
    assert editor.number("Rotation") == 0
    assert difference(editor.drawn(), before) < 0.05
    for _ in range(50):
        editor.page.keyboard.press("Control+Y")
    editor.page.wait_for_timeout(100)
    assert editor.number("Rotation") == 50
    assert difference(editor.drawn(), after) < 0.05


@pytest.mark.parametrize("name", sorted(file.stem for file in BADGES.glob("*.json")))
def test_the_exported_picture_is_what_the_stage_shows_and_what_was_kept(designer, name):
    editor = designer(name)
    exported = editor.export()
    assert exported.size == (1024, 1024)
    assert exported.getpixel((0, 0))[3] == 0
    assert difference(exported, editor.drawn()) < 1.5
    assert difference(exported, Image.open(BADGES / f"{name}.png").convert("RGBA")) < 1.5


def test_other_sizes_are_exported(designer):
    editor = designer("green-office")
    for size in (256, 512, 2048):
        assert editor.export(size).size == (size, size)


def test_layers_are_lined_up_grouped_locked_and_hidden_without_dragging(designer):
    editor = designer("design-thinking")
    page = editor.page
    editor.choose("Icon: lightbulb")
    editor.press("Left edge")
    assert editor.number("Across") == pytest.approx(118, abs=1)
    editor.press("Centre across")
    assert editor.number("Across") == 512
    editor.layer("3 × Star").click(modifiers=["Shift"])
    editor.press("Group")
    assert editor.layer("3 × Star, in a group").is_visible()
    editor.layer("Ribbon: Explorer").click()
    page.get_by_role("button", name="Lock Ribbon: Explorer").click()
    assert editor.layer("Ribbon: Explorer, locked").is_visible()
    page.get_by_role("button", name="Hide Text: Academy 2026").click()
    assert editor.layer("Text: Academy 2026, hidden").is_visible()
    editor.choose("Ribbon: Explorer, locked")
    page.keyboard.press("Delete")
    assert editor.layer("Ribbon: Explorer, locked").is_visible()


def test_layers_are_copied_into_another_badge(designer):
    editor = designer("team-leadership")
    editor.choose("Icon: users three")
    editor.page.keyboard.press("Control+C")
    other = designer("first-aid", page=editor.page)
    other.stage.focus()
    other.page.keyboard.press("Control+V")
    assert other.chosen() == ["Icon: users three"]


def test_words_that_are_hard_to_read_are_named_and_a_colour_is_offered(designer):
    editor = designer("data-literacy")
    page = editor.page
    expect(page.locator("#contrast")).to_contain_text("All words can be read")
    editor.choose("Text: Data Literacy")
    page.get_by_role("textbox", name="Fill: #rrggbb").or_(
        page.get_by_role("textbox", name="Fill: Colour: #rrggbb")
    ).fill("#2a5fb0")
    expect(page.locator("#contrast")).to_contain_text("“Data Literacy” is hard to read")
    page.locator("#contrast").get_by_role("button").click()
    expect(page.locator("#contrast")).to_contain_text("All words can be read")


def test_surprise_me_keeps_the_words_readable(designer):
    editor = designer("workplace-safety")
    for _ in range(6):
        editor.press("Surprise me")
        editor.page.wait_for_timeout(700)
        expect(editor.page.locator("#contrast")).to_contain_text("All words can be read")


def test_three_levels_are_made_of_one_design(designer):
    editor = designer("customer-care")
    editor.press("File")
    editor.press("Make a level family")
    editor.press("Make three badges")
    expect(editor.page.locator("#notices")).to_contain_text("Three badges were made")
    editor.page.goto("/authoring/badges?q=Customer")
    for level in ("Bronze", "Silver", "Gold"):
        expect(editor.page.get_by_role("link", name=f"Customer Care · {level}")).to_be_visible()


def test_a_picture_becomes_a_layer_and_is_still_there_after_reopening(designer, tmp_path):
    file = tmp_path / "photo.jpg"
    Image.new("RGB", (1800, 1200), "#aa2266").save(file)
    editor = designer("first-aid")
    editor.page.get_by_label("Picture", exact=True).set_input_files(file)
    expect(editor.layer("Picture")).to_be_visible()
    editor.page.get_by_label("Cut out as").select_option(label="Circle")
    editor.save()
    before = editor.drawn()
    editor.page.reload()
    editor.page.wait_for_function("() => document.querySelector('#designer')?.dataset.ready === 'true'")
    assert difference(editor.drawn(), before) < 0.3
    assert editor.drawn().resize((64, 64)).getpixel((32, 32))[:3] == pytest.approx((170, 34, 102), abs=12)


def test_a_file_that_is_no_picture_is_refused_with_the_reason(designer, tmp_path):
    file = tmp_path / "photo.png"
    file.write_text("<svg/>")
    editor = designer("first-aid")
    editor.page.get_by_label("Picture", exact=True).set_input_files(file)
    expect(editor.page.locator("#notices")).to_contain_text("not a PNG, JPEG or WebP")


def test_a_design_file_goes_out_and_comes_back(designer, tmp_path):
    editor = designer("green-office")
    editor.press("File")
    with editor.page.expect_download() as download:
        editor.press("Save a design file")
    document = json.loads(download.value.path().read_text())
    file = tmp_path / "design.json"
    file.write_text(json.dumps({**document, "name": "Came back"}))
    other = designer("first-aid", page=editor.page)
    other.page.get_by_label("Design file").set_input_files(file)
    expect(other.page.get_by_label("Name of the badge")).to_have_value("Came back")
    file.write_text('{"format": "laurel-badge", "version": 99}')
    other.page.get_by_label("Design file").set_input_files(file)
    expect(other.page.locator("#notices")).to_contain_text("newer version")
