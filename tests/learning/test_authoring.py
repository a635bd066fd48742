"""Writing a path in the web page."""

from __future__ import annotations

import io
import re

import html5lib
import pytest
from sqlalchemy import func, select

from portal.core.db import commit, session
from portal.learning import services
from portal.learning.models import LearningPath, PathVersion, Step
from tests.conftest import picture_bytes
from tests.learning.conftest import png_key

BASE = "/authoring/learning-paths"


@pytest.fixture
def instructor(person):
    return person("instructor", name="Ida Niemi")


@pytest.fixture
def writer(instructor, sign_in):
    return sign_in(instructor)


def _address(path, *rest):
    return "/".join((BASE, path.public_id, *rest))


def test_an_instructor_writes_a_path_and_publishes_it(writer, issuer):
    filled = {
        "title": "Työturvallisuus · 安全", "description": "# Hello\n\nText", "language": "fi", "certification": "y",
        "validity_kind": "period", "validity_count": "2", "validity_unit": "years", "open_badges": "y",
        "badge_name": "Safe hands", "badge_description": "Works safely.", "badge_tags": "safety, Safety, first aid",
        "cover": (io.BytesIO(picture_bytes()), "cover.png"),
    }  # fmt: skip
    assert writer.submit(f"{BASE}/new", filled).status_code == 303
    path = session().scalars(select(LearningPath)).one()
    assert path.draft.certification.badge_tags == ["safety", "first aid"]
    page = _address(path)
    answer = writer.submit(page, {**_form(writer, page), "action": "publish"})
    assert answer.status_code == 422
    assert "at least one mandatory step" in answer.get_data(as_text=True)
    assert (
        writer.submit(_address(path, "steps/new/page"), {"title": "Read", "text": "Text", "mandatory": "y"}).status_code
        == 303
    )
    answer = writer.submit(page, {**_form(writer, page), "action": "publish"})
    assert answer.status_code == 303
    session().expire_all()
    assert path.state == "published"
    assert path.published.certification.badge_class.name == "Safe hands"
    assert "Read" in path.published.certification.badge_class.criteria


def _form(client, address):
    """Return what the form of the Info page holds, as a browser would send it again."""
    root = html5lib.parse(client.get(address).get_data(as_text=True), namespaceHTMLElements=False)
    form = next(element for element in root.iter("form") if element.get("id") == "info")
    fields = {}
    for element in form.iter("input"):
        kind = element.get("type")
        if kind != "file" and (kind not in {"checkbox", "radio"} or element.get("checked") is not None):
            fields[element.get("name")] = element.get("value", "")
    for element in form.iter("textarea"):
        fields[element.get("name")] = element.text or ""
    for element in form.iter("select"):
        chosen = [option for option in element.iter("option") if option.get("selected") is not None]
        fields[element.get("name")] = (chosen or list(element.iter("option")))[0].get("value")
    fields.pop("csrf_token")
    return fields


def test_what_a_switch_turns_off_is_kept(writer, instructor, make_path):
    path = make_path(
        instructor, publish=False, certification=True, open_badges=True, badge_name="Kept", badge_tags=("a",),
        validity_kind="period", validity_count=3, validity_unit="months",
    )  # fmt: skip
    page = _address(path)
    fields = _form(writer, page)
    fields.pop("certification")
    fields.pop("open_badges")
    assert writer.submit(page, fields).status_code == 303
    session().expire_all()
    settings = path.draft.certification
    assert (settings.enabled, settings.open_badges, settings.badge_name) == (False, False, "Kept")
    assert (settings.validity_count, settings.validity_unit) == (3, "months")
    assert "Kept" in writer.get(page).get_data(as_text=True)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"title": ""}, "title", "Fill in this field"),
        ({"title": "   \n "}, "title", "Fill in this field"),
        ({"title": "x" * 201}, "title", "at most 200"),
        ({"description": "x" * 50_001}, "description", "at most 50000"),
        ({"language": "klingon"}, "language", ""),
        ({"certification": "y", "validity_kind": "period", "validity_count": ""}, "validity_count", "from 1 to 100"),
        ({"certification": "y", "validity_kind": "period", "validity_count": "0"}, "validity_count", "from 1 to 100"),
        ({"certification": "y", "validity_kind": "period", "validity_count": "-3"}, "validity_count", "from 1 to 100"),
        ({"certification": "y", "validity_kind": "period", "validity_count": "1.5"}, "validity_count", "from 1 to 100"),
        ({"certification": "y", "validity_kind": "period", "validity_count": "٣"}, "validity_count", "from 1 to 100"),
        ({"certification": "y", "validity_kind": "period", "validity_count": "101"}, "validity_count", "from 1 to 100"),
        (
            {"certification": "y", "open_badges": "y", "badge_tags": ",".join(map(str, range(21)))},
            "badge_tags",
            "20 tags",
        ),
        ({"certification": "y", "open_badges": "y", "badge_tags": "x" * 41}, "badge_tags", "40 characters"),
        ({"badge_name": "x" * 201}, "badge_name", "at most 200"),
        ({"validity_unit": "fortnights"}, "validity_unit", ""),
    ],
)
def test_a_wrong_field_says_so_and_nothing_is_saved(writer, wrong, field, said):
    answer = writer.submit(f"{BASE}/new", {"title": "Good title", "language": "en", "description": "Kept", **wrong})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-errors"' in html
    assert said in html
    assert session().scalar(select(func.count(LearningPath.id))) == 0


def test_what_a_switch_hides_is_not_asked_about(writer):
    fields = {"title": "A", "language": "en", "validity_kind": "period", "validity_count": "nonsense"}
    assert writer.submit(f"{BASE}/new", fields).status_code == 303


def test_somebody_elses_change_is_not_overwritten_unseen(writer, instructor, make_path):
    path = make_path(instructor, publish=False)
    page = _address(path)
    opened = _form(writer, page)
    assert writer.submit(page, {**opened, "title": "Mine first"}).status_code == 303
    answer = writer.submit(page, {**opened, "title": "Theirs later"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Somebody changed this page" in html
    assert "Theirs later" in html
    session().expire_all()
    assert path.draft.title == "Mine first"
    mark = re.search(r'name="revision"[^>]*value="([^"]+)"', html)[1]
    assert writer.submit(page, {**opened, "title": "Theirs later", "revision": mark}).status_code == 303
    session().expire_all()
    assert path.draft.title == "Theirs later"


def test_sending_the_same_form_twice_is_no_conflict(writer, instructor, make_path):
    path = make_path(instructor)
    page = _address(path)
    fields = {**_form(writer, page), "title": "New title"}
    assert [writer.submit(page, fields).status_code for _twice in range(2)] == [303, 303]
    assert session().scalar(select(func.count(PathVersion.id))) == 2


def test_a_published_path_shows_its_draft_to_instructors_alone(writer, instructor, person, sign_in, make_path):
    path = make_path(instructor)
    page = _address(path)
    writer.submit(page, {**_form(writer, page), "title": "Draft title"})
    assert "Has unpublished changes" in writer.get(BASE).get_data(as_text=True)
    assert "Draft title" in writer.get(_address(path, "preview")).get_data(as_text=True)
    reader = sign_in(person())
    assert "Draft title" not in reader.get(f"/learning-paths/{path.public_id}").get_data(as_text=True)
    assert "Draft title" not in reader.get("/learning-paths").get_data(as_text=True)
    assert writer.submit(_address(path, "discard")).status_code == 303
    assert "Draft title" not in writer.get(page).get_data(as_text=True)


def test_a_path_is_deactivated_and_activated(writer, instructor, person, sign_in, make_path):
    path = make_path(instructor)
    member, stranger = person(), person()
    services.join(path, member)
    commit()
    own = f"/learning-paths/{path.public_id}"
    assert writer.submit(_address(path, "deactivate")).status_code == 303
    assert sign_in(stranger).get(own).status_code == 404
    html = sign_in(member).get(own).get_data(as_text=True)
    assert "inactive" in html
    assert "Continue" not in html
    assert path.public_id not in sign_in(stranger).get("/learning-paths").get_data(as_text=True)
    assert "Inactive" in writer.get(f"{BASE}?state=inactive").get_data(as_text=True)
    writer.post(_address(path, "activate"), data={"csrf_token": writer.token(_address(path))})
    assert sign_in(stranger).get(own).status_code == 200


def test_steps_are_moved_switched_and_removed(writer, instructor, make_path):
    path = make_path(instructor, steps=("page", "page", "confirmation"), publish=False)
    first, second, third = (step.key for step in path.draft.steps)
    steps = _address(path, "steps")

    def order():
        session().expire_all()
        return [step.key for step in path.draft.steps]

    assert writer.submit(f"{steps}/{third}/move", {"direction": "up"}, on=steps).status_code == 303
    assert order() == [first, third, second]
    writer.submit(f"{steps}/{first}/move", {"direction": "up"}, on=steps)
    assert order() == [first, third, second]
    writer.submit(f"{steps}/{first}/move", {"position": "99999"}, on=steps)
    assert order() == [third, second, first]
    assert [step.position for step in path.draft.steps] == [1, 2, 3]
    for nonsense in ({}, {"direction": "sideways"}, {"position": "-1"}, {"position": "²"}):
        assert writer.submit(f"{steps}/{first}/move", nonsense, on=steps).status_code == 400
    writer.submit(f"{steps}/{second}/mandatory", {}, on=steps)
    session().expire_all()
    assert not path.draft.step(second).mandatory
    assert writer.submit(f"{steps}/{second}/remove").status_code == 303
    assert order() == [third, first]
    assert writer.get(f"{steps}/{second}").status_code == 404


def test_a_picture_is_put_into_the_text_and_nothing_typed_is_lost(writer, instructor, make_path):
    path = make_path(instructor, steps=(), publish=False)
    new = _address(path, "steps/new/page")
    fields = {"title": "Charts", "text": "Look:", "mandatory": "y", "picture_alt": "A [bar] chart"}
    answer = writer.submit(
        new, {**fields, "action": "picture", "picture": (io.BytesIO(picture_bytes("JPEG")), "a.jpg")}
    )
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert re.search(r"Look:\s+!\[A bar chart\]\(/pictures/[0-9a-f]{64}\.jpg\)", html)
    assert session().scalar(select(func.count(Step.id))) == 0
    answer = writer.submit(new, {**fields, "picture": (io.BytesIO(b"<svg/>"), "a.png")})
    assert answer.status_code == 422
    assert "SVG" in answer.get_data(as_text=True)
    writer.submit(new, {**fields, "picture": (io.BytesIO(picture_bytes()), "a.png")})
    session().expire_all()
    assert "/pictures/" in path.draft.steps[0].content["text"]


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"title": "x" * 201}, {"text": "x" * 50_001}, {"minutes": "soon"}, {"minutes": "0"}]
)
def test_a_wrong_step_says_so(writer, instructor, make_path, wrong):
    path = make_path(instructor, steps=(), publish=False)
    new = _address(path, "steps/new/page")
    answer = writer.submit(new, {"title": "Good", "text": "Good", **wrong})
    assert answer.status_code == 422
    assert f'id="{next(iter(wrong))}-errors"' in answer.get_data(as_text=True)
    session().expire_all()
    assert path.draft.steps == []


def test_an_unknown_kind_of_step_leads_nowhere(writer, instructor, make_path):
    path = make_path(instructor, publish=False)
    assert writer.get(_address(path, "steps/new/nonsense")).status_code == 404


def test_hostile_markdown_is_harmless(writer, instructor, sign_in, person, make_path):
    hostile = (
        "<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)) "
        "![b](data:text/html;base64,PHNjcmlwdD4=) <iframe src=//evil.example></iframe>"
    )
    path = make_path(instructor, steps=(), publish=False, title='<b>Bold</b> & "quoted"', description=hostile)
    step = services.add_step(path, "page", title="<i>Step</i>", content={"text": hostile})
    services.publish(path)
    learner = person()
    services.join(path, learner)
    commit()
    reader = sign_in(learner)
    pages = [
        f"/learning-paths/{path.public_id}",
        f"/learning-paths/{path.public_id}/steps/{step.key}",
        "/learning-paths",
        "/",
    ]
    for client, addresses in (
        (reader, pages),
        (writer, [_address(path), _address(path, "steps"), _address(path, "preview"), BASE]),
    ):
        for address in addresses:
            html = client.get(address).get_data(as_text=True)
            body = html[html.index("<main") : html.index("</main>")]
            assert not re.search(r"<script|<iframe|<img[^>]+onerror|href=\"javascript|<b>Bold|<i>Step", body), address


def test_the_list_is_searched_and_filtered(writer, instructor, make_path):
    make_path(instructor, title="First aid")
    make_path(instructor, title="Data literacy", publish=False)
    html = writer.get(f"{BASE}?q=AID").get_data(as_text=True)
    assert "First aid" in html
    assert "Data literacy" not in html
    html = writer.get(f"{BASE}?state=draft").get_data(as_text=True)
    assert "Data literacy" in html
    assert "First aid" not in html
    for nonsense in ("?state=%00&sort='", "?page=99999999999999", "?q=%25", "?sort=title&page=-1"):
        assert writer.get(BASE + nonsense).status_code == 200


def test_the_designer_is_offered_beside_the_cover_where_there_is_one(writer, app):
    html = writer.get(f"{BASE}/new").get_data(as_text=True)
    assert ("Badge designer" in html) == ("designer.new" in app.view_functions)


def test_a_cover_stays_when_the_form_is_sent_without_a_new_one(writer, instructor, make_path):
    path = make_path(instructor, publish=False, cover_key=png_key())
    page = _address(path)
    writer.submit(page, {**_form(writer, page), "title": "Other"})
    session().expire_all()
    assert path.draft.cover_key == png_key()


def test_what_no_badge_can_say_is_told_beside_its_field(writer, instructor, make_path, issuer):
    path = make_path(
        instructor, publish=False, certification=True, open_badges=True, cover_key=png_key(), badge_name="Badge",
        badge_description="Good\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), badge_tags=("a",) * 21,
    )  # fmt: skip
    page = _address(path)
    answer = writer.submit(page, {**_form(writer, page), "badge_tags": "a", "action": "publish"})
    assert answer.status_code == 303
    services.save_info(
        path, services.Info(**{**vars(services.info_of(path.published)), "badge_tags": tuple("abcdefghijklmnopqrstu")})
    )
    commit()
    answer = writer.post(f"{page}/publish", data={"csrf_token": writer.token(page)}, follow_redirects=True)
    assert "at most 20 tags" in answer.get_data(as_text=True)
