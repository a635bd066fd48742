"""What is dragged snaps to the badge's middle and to other layers: one layer, several, and groups as one box."""

from __future__ import annotations

import pytest

from tests.designer.pages import difference

pytestmark = pytest.mark.browser

# Across, down, width, height: two that are dragged together, 200 to 470 across and 250 to 410 down, and one that stays.
PAIR = ((300, 300, 200, 100), (420, 360, 100, 100))
OTHER = (760, 700, 160, 160)


@pytest.fixture
def editor(designer):
    """Return a designer with three squares: the pair (Diamond, Square) and the one that stays (Hexagon)."""
    editor = designer()
    editor.choose_template("Empty badge")
    for shape, box in (("Hexagon", OTHER), ("Diamond", PAIR[1]), ("Square", PAIR[0])):
        editor.add("Shape")
        editor.page.get_by_label("Shape", exact=True).and_(editor.page.get_by_role("combobox")).select_option(
            label=shape
        )
        for name, value in zip(("Width", "Height", "Across", "Down"), (*box[2:], *box[:2]), strict=True):
            editor.set_number(name, value)
    return editor


def take_both(editor):
    editor.choose("Diamond")
    editor.layer("Square").click(modifiers=["Shift"])
    assert sorted(editor.chosen()) == ["Diamond", "Square"]


def where(editor, name):
    editor.choose(name)
    return editor.number("Across"), editor.number("Down")


def test_one_layer_snaps_to_the_middle_and_shows_the_lines(editor):
    editor.choose("Square")
    editor.hold((280, 300), (280 + 215, 300 + 208))
    assert editor.snap_lines() == {"x": [pytest.approx(512, abs=3)], "y": [pytest.approx(512, abs=3)]}
    editor.page.mouse.up()
    assert editor.snap_lines() == {"x": [], "y": []}
    assert where(editor, "Square") == (512, 512)


def test_several_layers_snap_to_the_middle_as_one_box(editor):
    take_both(editor)
    editor.hold((280, 300), (280 + 181, 300 + 186))
    assert editor.snap_lines() == {"x": [pytest.approx(512, abs=3)], "y": [pytest.approx(512, abs=3)]}
    editor.page.mouse.up()
    assert editor.snap_lines() == {"x": [], "y": []}
    assert where(editor, "Square") == (477, 482)
    assert where(editor, "Diamond") == (597, 542)
    assert where(editor, "Hexagon") == OTHER[:2]


def test_several_layers_snap_to_another_layer_whichever_of_them_is_held(editor):
    take_both(editor)
    editor.hold((440, 370), (440 + 205, 370 + 60))
    assert editor.snap_lines() == {"x": [pytest.approx(680, abs=3)], "y": []}
    editor.page.mouse.up()
    across, down = where(editor, "Diamond")
    assert across == 630
    assert down == pytest.approx(420, abs=2)
    assert where(editor, "Square") == (510, down - 60)


def test_a_group_snaps_as_one_box_and_its_move_is_one_step_back(editor):
    take_both(editor)
    editor.press("Group")
    editor.stage.focus()
    editor.page.keyboard.press("Escape")
    editor.hold((280, 300), (280 + 173, 300 + 60))
    assert editor.snap_lines() == {"x": [pytest.approx(512, abs=3)], "y": []}
    editor.page.mouse.up()
    assert editor.live.inner_text().startswith("2 layers")
    editor.press("Ungroup")
    assert where(editor, "Square")[0] == 477
    assert where(editor, "Diamond")[0] == 597
    editor.stage.focus()
    editor.page.keyboard.press("Control+Z")
    editor.page.keyboard.press("Control+Z")
    editor.press("Ungroup")
    assert where(editor, "Square") == PAIR[0][:2]
    assert where(editor, "Diamond") == PAIR[1][:2]


def test_a_locked_layer_of_the_selection_stays_and_is_snapped_to(editor):
    editor.choose("Hexagon")
    editor.page.get_by_role("button", name="Lock Hexagon").click()
    take_both(editor)
    editor.layer("Hexagon, locked").click(modifiers=["Shift"])
    editor.drag((280, 300), (280 + 205, 300 + 60))
    assert where(editor, "Square")[0] == 510
    assert where(editor, "Diamond")[0] == 630
    assert where(editor, "Hexagon, locked") == OTHER[:2]


def test_nothing_snaps_while_snap_is_off(editor):
    editor.press("Snap")
    take_both(editor)
    editor.hold((280, 300), (280 + 181, 300 + 186))
    assert editor.snap_lines() == {"x": [], "y": []}
    editor.page.mouse.up()
    across, down = where(editor, "Square")
    assert (across, down) == (pytest.approx(481, abs=2), pytest.approx(486, abs=2))
    assert where(editor, "Diamond") == (across + 120, down + 60)


def test_many_layers_look_the_same_while_they_are_dragged_and_after(designer):
    editor = designer("design-thinking")
    editor.press("Snap")
    at_first = editor.drawn()
    editor.stage.focus()
    editor.page.keyboard.press("Control+A")
    editor.layer("Ribbon: Explorer").click(modifiers=["Shift"])
    editor.hold((512, 420), (590, 350))
    editor.snap_lines()
    dragged = editor.drawn()
    editor.page.mouse.up()
    editor.snap_lines()
    assert difference(dragged, at_first) > 3
    assert difference(dragged, editor.drawn()) < 0.5
