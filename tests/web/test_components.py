"""The macros that pages are made of: lawful HTML, joined labels and errors, and hostile words that stay words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from wtforms import FileField, IntegerField, RadioField, SelectField
from wtforms.validators import NumberRange

from portal.web.forms import Form, Line, Paragraphs, Switch
from portal.web.paging import Page
from tests.page_laws import faults_of

COMPONENTS = Path(__file__).resolve().parents[2] / "templates" / "components"
HOSTILE = '"><script>alert(1)</script>'
IMPORTS = "".join(
    f'{{% from "components/{file}.html" import {names} %}}'
    for file, names in {
        "badges": "badge_picture, badge_tile, collection, draggable_badge",
        "certificate": "certificate_sheet",
        "forms": "field, form_tag, switch, dependents, radio_cards, number_unit, search_box, choice, buttons, post_button",
        "layout": "alert, card, copyable, crumbs, empty_state, facts, figures, menu, pagination, table, tabs",
        "learning": "big_progress, certificate_card, checklist, path_card, progress, state, step_list, steps_line, timeline",
        "people": "avatar, who",
        "sortable": "sortable, sortable_item",
    }.items()
)


class Everything(Form):
    """One field of each kind."""

    title = Line("Title")
    text = Paragraphs("Text")
    language = SelectField("Language", choices=[("en", "English"), ("fi", "suomi")])
    cover = FileField("Cover image")
    certification = Switch("Certification")
    kind = RadioField("Validity", choices=[("permanent", "Permanent"), ("period", "For a period")])
    count = IntegerField("Number", validators=[NumberRange(1, 100, message="From 1 to 100.")])
    unit = SelectField("Unit", choices=[("years", "years")])


FORM = """{% call form_tag(form, "/x", multipart=true, guard=true) %}
{{ field(form.title, hint=hostile) }}{{ field(form.text, optional=true) }}{{ field(form.language) }}{{ field(form.cover) }}
{{ switch(form.certification, reveals="more") }}
{% call dependents("more") %}{{ radio_cards(form.kind, notes={"period": hostile}) }}{{ number_unit(form.count, form.unit, "Valid for") }}{% endcall %}
{{ buttons("Save", cancel_url="/", more=[("publish", "Publish")]) }}{% endcall %}"""

PARTS = {
    "card": """{% call card(hostile, text=hostile, footer="x") %}x{% endcall %}""",
    "tabs": """{{ tabs([("/a", hostile, true), ("/b", "Two", false, 3)], "Tabs") }}{{ crumbs([("/", hostile)]) }}""",
    "words": """{{ facts([("A", hostile), ("B", none)]) }}{{ figures([(hostile, 3)]) }}{{ copyable(hostile, "Address", "copy") }}
        {% call alert("danger", hostile, live=true) %}<p>x</p>{% endcall %}{{ empty_state(hostile, hostile, ("/", hostile)) }}""",
    "table": """{% call(row) table(["Name", ("Number", "number"), ("What to do", "actions")], [hostile], hostile) %}
        <td>{{ row }}</td><td class="is-number" data-label="Number">1</td><td></td>{% endcall %}""",
    "menu": """{% call menu("m", "Move to…", label=hostile) %}<ul><li><a href="/">x</a></li></ul>{% endcall %}""",
    "search": """{{ search_box(hostile, "Search", hidden={"sort": hostile}) }}{{ choice("sort", "Sort", [("a", hostile)], "a") }}
        {{ post_button("/x", hostile, fields={"a": hostile}, confirm=hostile) }}""",
    "learning": """{{ progress(2, 5) }}{{ progress(0, 0) }}{{ big_progress(2, 5, hostile) }}{{ state(hostile, "success", "check") }}
        {{ steps_line([hostile, "Two"], 2) }}{{ checklist([(false, hostile, hostile, "/"), (true, "x", none, none)]) }}
        {{ timeline([("done", hostile, hostile, none)]) }}
        {% call(step) step_list([{"title": hostile, "note": hostile, "state": "current", "url": "/"}]) %}x{% endcall %}
        {% call path_card("/", hostile, hostile, cover_key="a.png") %}x{% endcall %}
        {{ certificate_card("/", hostile, hostile, hostile, cover_key="a.png") }}""",
    "badges": """<ul><li>{% call badge_tile(hostile, [hostile], key="a.png") %}x{% endcall %}</li>
        {% call draggable_badge("b", hostile, form_id="f", picture="a.png") %}x{% endcall %}</ul>
        {{ badge_picture("a.png", 64, hostile) }}{% call collection("c", hostile, count=2) %}x{% endcall %}""",
    "people": """{{ avatar(hostile) }}{{ avatar("山田 花子") }}{{ avatar("") }}{{ who(hostile, hostile, url="/") }}""",
    "sortable": """{% call(item, loop) sortable([hostile]) %}{% call sortable_item(item, key=hostile, action="/x", number=1, first=true) %}x{% endcall %}{% endcall %}""",
    "certificate": """{{ certificate_sheet("/a.svg", {"words": hostile, "width": 1188, "height": 840, "portrait": false}, mark=hostile) }}""",
}


def drawn(app: Flask, source: str, **values: object) -> str:
    """Render a piece of a template as a request would."""
    with app.test_request_context():
        return render_template_string(
            f"{{% autoescape true %}}{IMPORTS}{source}{{% endautoescape %}}", hostile=HOSTILE, **values
        )


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_lawful_and_hostile_words_stay_words(app: Flask, part: str) -> None:
    """Every macro escapes what it is given and keeps the laws of pages."""
    html = drawn(app, PARTS[part])
    assert faults_of(html, fragment=True) == []
    assert "<script>" not in html


def test_every_field_has_its_label_and_the_form_its_token(app: Flask) -> None:
    """The page laws find nothing in a form with one field of each kind, before and after it was refused."""
    with app.test_request_context():
        form = Everything()
    html = drawn(app, FORM, form=form)
    assert faults_of(html, fragment=True) == []
    assert "<script>" not in html


def test_an_error_is_tied_to_its_field_and_linked_from_the_summary(app: Flask) -> None:
    """Whoever hears the page is led from the summary to the field, and hears the error there."""
    with app.test_request_context(
        method="POST", data={"count": "400", "kind": "period", "language": "en", "unit": "years"}
    ):
        form = Everything(meta={"csrf": False})
        form.validate()
    form.title.errors = [HOSTILE]
    html = drawn(app, FORM, form=form)
    assert faults_of(html, fragment=True) == []
    assert "<script>" not in html
    title = re.search(r'<input[^>]*id="title"[^>]*>', html)
    assert title is not None
    assert 'aria-describedby="title-hint title-errors"' in title[0]
    assert 'aria-invalid="true"' in title[0]
    assert 'href="#title"' in html
    assert 'href="#count"' in html
    assert html.count("From 1 to 100.") == 2


def test_a_switch_says_what_it_reveals(app: Flask) -> None:
    """The dependents follow the switch, so that the style sheet alone can show and hide them."""
    with app.test_request_context():
        form = Everything()
    html = drawn(app, FORM, form=form)
    assert 'data-reveals="more"' in html
    assert re.search(r'</div>\s*<div class="dependents" id="more">', html)


@pytest.mark.parametrize(("number", "shown"), [(1, "1 2 7"), (4, "1 3 4 5 7"), (7, "1 6 7")])
def test_long_lists_name_the_pages_nearby(app: Flask, number: int, shown: str) -> None:
    """The first, the last, and those beside the present one; the rest is a gap."""
    page: Page[int] = Page(items=[], total=140, number=number, per_page=20)
    with app.test_request_context("/learning-paths?q=data"):
        html = render_template_string(f"{IMPORTS}{{{{ pagination(page) }}}}", page=page)
    assert " ".join(re.findall(r'aria-label="Page (\d+)"', html)) == shown
    assert "q=data" in html
    assert html.count('aria-current="page"') == 1


def test_a_short_list_has_no_pages(app: Flask) -> None:
    """One page needs no links to others."""
    page: Page[int] = Page(items=[], total=3, number=1, per_page=20)
    assert drawn(app, "{{ pagination(page) }}", page=page).strip() == ""


def test_no_component_carries_style_or_script() -> None:
    """The content security policy would refuse it."""
    for file in COMPONENTS.glob("*.html"):
        assert not re.search(r'\sstyle="|<style|<script(?![^>]*src)|\son[a-z]+="', file.read_text()), file.name
