"""Certificate templates in the web page: made, previewed, refused, cloned, archived, chosen; and who may not."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select

from portal.certificates.design import services, uploads, wording
from portal.certificates.design.designs import LAYOUTS, Design, Signature, read
from portal.certificates.models import CertificateTemplate
from portal.core import storage
from portal.core.db import commit, session
from portal.core.errors import Refused
from tests.conftest import picture_bytes

BASE = "/authoring/certificate-templates"
FILLED = {"name": "Harbour", "layout": "heritage", "size": "letter", "palette": "royal", "language": "fi"}


def scan(ink: str = "#1b2a6b", paper: str = "#f4f1e8", kind: str = "JPEG") -> bytes:
    image = Image.new("RGB", (400, 160), paper)
    ImageDraw.Draw(image).line([(60, 120), (140, 30), (220, 120), (330, 60)], fill=ink, width=7)
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


@pytest.fixture
def writer(person, sign_in):
    return sign_in(person("instructor", name="Tomas Lindqvist"))


def only() -> CertificateTemplate:
    return session().scalars(select(CertificateTemplate)).one()


def test_the_empty_list_says_what_to_do_first_and_shows_the_standard_design(writer):
    page = writer.get(BASE).get_data(as_text=True)
    assert "Make the first template" in page
    assert "Standard design" in page


def test_a_template_is_made_with_words_colours_logo_and_signatures_and_edited_again(writer):
    filled = {
        **FILLED, "heading": "Diploma", "statement": "has finished {path}[, {grade}]", "palette": "own",
        "primary": "123", "accent": "#CF9F35", "ground": "fffdf7", "logo": (io.BytesIO(picture_bytes()), "logo.png"),
        "signer_1_name": "Marja Korhonen", "signer_1_role": "Head", "signer_1_picture": (io.BytesIO(scan()), "s.jpg"),
        "signer_2_name": "김민서", "signer_2_script": "y",
    }  # fmt: skip
    answer = writer.submit(f"{BASE}/new", filled)
    assert answer.status_code == 303
    design = read(only().design)
    assert (design.layout, design.size, design.language) == ("heritage", "letter", "fi")
    assert (design.primary, design.accent, design.ground) == ("#112233", "#cf9f35", "#fffdf7")
    assert design.signatures[1] == Signature(name="김민서", script=True)
    with Image.open(io.BytesIO(storage.read(design.signatures[0].picture_key))) as ink:
        assert ink.format == "PNG"
        assert ink.getpixel((0, 0))[3] == 0, "the paper is transparent"
        assert ink.height < 120, "the empty edges are cut off"
    page = writer.get(answer.location).get_data(as_text=True)
    for words in ("Harbour", "has finished {path}[, {grade}]", "Marja Korhonen", "#112233"):
        assert words in page
    again = writer.submit(answer.location, {**FILLED, "name": "Haven", "revision": "1"})
    assert again.status_code == 303
    assert only().name == "Haven"
    assert "Haven" in writer.get(BASE).get_data(as_text=True)


def test_pictures_survive_the_correction_of_another_field(writer):
    filled = {**FILLED, "name": "", "logo": (io.BytesIO(picture_bytes()), "l.png"), "signer_1_name": "A"}
    filled["signer_1_picture"] = (io.BytesIO(scan()), "s.jpg")
    answer = writer.submit(f"{BASE}/new", filled)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    kept = {name: _value(page, name) for name in ("logo_kept", "signer_1_kept")}
    assert all(kept.values())
    assert writer.submit(f"{BASE}/new", {**FILLED, "signer_1_name": "A", **kept}).status_code == 303
    design = read(only().design)
    assert design.logo_key
    assert design.signatures[0].picture_key
    removed = {**FILLED, "revision": "1", "signer_1_name": "A", **kept, "logo_removed": "y", "signer_1_removed": "y"}
    assert writer.submit(f"{BASE}/{only().public_id}", removed).status_code == 303
    design = read(only().design)
    assert design.logo_key is None
    assert design.signatures[0].picture_key is None


def _value(page: str, name: str) -> str:
    field = page[page.index(f'name="{name}"') :].split(">", 1)[0]
    return field.partition('value="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Fill in this field."),
        ({"name": "x" * 201}, "Use at most 200 characters here."),
        ({"statement": "Hello {nmae}"}, "{nmae} is not a placeholder."),
        ({"heading": "A {} b"}, "is not a placeholder."),
        ({"closing": "[open"}, "A bracket has no partner"),
        ({"opening": "}"}, "A bracket has no partner"),
        ({"statement": "ä" * 401}, "Use at most 400 characters here."),
        ({"palette": "own", "primary": "red", "accent": "#000", "ground": "#fff"}, "Enter a colour as six letters"),
        ({"palette": "own", "primary": "#ffff00", "accent": "#000", "ground": "#fff"}, "the contrast is 1.1 to 1"),
        ({"layout": "../wave"}, "Not a valid choice"),
        ({"language": "xx"}, "Not a valid choice"),
        ({"palette": "none"}, "Not a valid choice"),
        ({"signer_1_role": "Head"}, "Say who signs"),
        ({"signer_1_name": "n" * 121}, "Use at most 120 characters here."),
        ({"logo": (io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "x.png")}, "SVG drawing"),
        ({"logo": (io.BytesIO(b""), "x.png")}, "This file is empty"),
        ({"signer_1_name": "A", "signer_1_picture": (io.BytesIO(picture_bytes("GIF")), "x.gif")}, "is a GIF"),
    ],
)
def test_what_will_not_do_is_refused_beside_its_field_and_nothing_is_lost(writer, changes, said):
    answer = writer.submit(f"{BASE}/new", {**FILLED, "sample_name": "Kept <b>", **changes})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert said in page
    assert "Kept &lt;b&gt;" in page
    assert session().scalars(select(CertificateTemplate)).all() == []


def test_hostile_and_foreign_words_are_only_words(writer):
    hostile = '<script>alert(1)</script> #panic() $x$ "'
    filled = {**FILLED, "name": hostile, "heading": hostile, "closing": "証明書 شهادة 증명서", "signer_1_name": hostile}
    answer = writer.submit(f"{BASE}/new", filled)
    assert answer.status_code == 303
    assert "<script>alert" not in writer.get(answer.location).get_data(as_text=True)
    assert "<script>alert" not in writer.get(BASE).get_data(as_text=True)
    picture = writer.get(f"{BASE}/{only().public_id}/picture.svg")
    assert picture.status_code == 200
    assert b"<script" not in picture.data
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert writer.get(f"{BASE}/{only().public_id}/sample.pdf").data.startswith(b"%PDF")


def test_the_preview_draws_what_was_not_saved_and_says_what_is_wrong(writer):
    token = writer.token(f"{BASE}/new")
    filled = {**FILLED, "csrf_token": token, "statement": "x {oops}", "sample_name": "김민서", "name": ""}
    answer = writer.post(f"{BASE}/preview", data=filled)
    assert answer.status_code == 200
    assert answer.json["drawing"].startswith("<svg")
    assert [problem["field"] for problem in answer.json["problems"]] == ["statement"]
    assert "{oops}" in answer.json["problems"][0]["text"]
    assert session().scalars(select(CertificateTemplate)).all() == []
    assert writer.post(f"{BASE}/preview", data=FILLED).status_code == 400, "CSRF"


def test_without_a_script_a_button_shows_the_preview_and_saves_nothing(writer):
    answer = writer.submit(f"{BASE}/new", {**FILLED, "layout": "diploma", "action": "preview"})
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    assert "data:image/svg+xml;base64," in page
    assert "preview-sheet is-portrait" in page
    assert session().scalars(select(CertificateTemplate)).all() == []


def test_only_its_owner_and_administrators_change_a_template_and_learners_see_none(person, sign_in, client):
    template = services.create(person("instructor"), "Mine", Design())
    commit()
    address = f"{BASE}/{template.public_id}"
    other, boss, learner = sign_in(person("instructor")), sign_in(person("administrator")), sign_in(person())
    assert other.get(address).status_code == 404
    token = other.token(BASE)
    for rest in ("", "/archive", "/unarchive"):
        assert other.post(address + rest, data={**FILLED, "csrf_token": token, "revision": "1"}).status_code == 404
    assert "Mine" in other.get(BASE).get_data(as_text=True), "everybody who writes paths may use it"
    assert other.get(address + "/picture.svg").status_code == 200
    assert boss.get(address).status_code == 200
    for rest in ("", "/picture.svg", "/sample.pdf"):
        assert learner.get(address + rest).status_code == 403
        assert client.get(address + rest).status_code == 302
    for path in (BASE, f"{BASE}/new", f"{BASE}/layouts/wave.svg"):
        assert learner.get(path).status_code == 403
    assert other.get(f"{BASE}/unknown").status_code == 404
    assert other.get(f"{BASE}/layouts/none.svg").status_code == 404


def test_a_clone_is_ones_own_and_an_archived_one_is_no_choice_any_more(person, sign_in):
    template = services.create(person("instructor"), "First", Design(layout="clean"))
    commit()
    other = person("instructor")
    client = sign_in(other)
    token = client.token(BASE)
    answer = client.post(f"{BASE}/{template.public_id}/clone", data={"csrf_token": token})
    assert answer.status_code == 303
    copy = session().scalars(select(CertificateTemplate).where(CertificateTemplate.owner_id == other.id)).one()
    assert copy.name == "Copy of First"
    assert read(copy.design).layout == "clean"
    client.post(f"{BASE}/{copy.public_id}/archive", data={"csrf_token": token})
    assert [name for _key, name in services.template_choices()] == ["Standard design", "First"]
    assert copy.public_id in dict(services.template_choices(copy.public_id)), "whoever uses it keeps it"
    assert "Copy of First" in client.get(f"{BASE}?show=archived").get_data(as_text=True)
    client.post(f"{BASE}/{copy.public_id}/unarchive", data={"csrf_token": token})
    assert "Copy of First" in client.get(BASE).get_data(as_text=True)


def test_who_saves_over_somebody_elses_change_is_told_and_loses_nothing(person, sign_in):
    owner = person("instructor")
    template = services.create(owner, "T", Design())
    commit()
    client, address = sign_in(owner), f"{BASE}/{template.public_id}"
    assert client.submit(address, {**FILLED, "name": "One", "revision": "1"}).status_code == 303
    answer = client.submit(address, {**FILLED, "name": "Two", "revision": "1"})
    assert answer.status_code == 422
    assert "Somebody changed this template" in answer.get_data(as_text=True)
    assert 'value="Two"' in answer.get_data(as_text=True)
    assert only().name == "One"


def test_a_path_chooses_a_template_and_publishing_freezes_it(person, sign_in):
    owner = person("instructor")
    template = services.create(owner, "House style", Design(layout="facet"))
    commit()
    client = sign_in(owner)
    page = client.get("/authoring/learning-paths/new").get_data(as_text=True)
    assert "House style" in page
    filled = {
        "title": "P", "language": "en", "certification": "y", "validity_kind": "permanent", "validity_unit": "years",
        "template": template.public_id,
    }  # fmt: skip
    answer = client.submit("/authoring/learning-paths/new", filled)
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    assert f'selected value="{template.public_id}"' in page
    wrong = client.submit("/authoring/learning-paths/new", {**filled, "template": "unknown"})
    assert wrong.status_code == 422


def test_signatures_without_ink_are_refused_and_transparent_ones_stay(app):
    with pytest.raises(Refused, match="nothing to be seen"):
        uploads.logo(_blank())
    key = uploads.signature(scan(kind="PNG"))
    assert uploads.signature(storage.read(key)) == key


def _blank() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", (200, 100), (0, 0, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def test_placeholders_are_filled_once_and_brackets_leave_out_what_is_unknown():
    values = {"path": "{name} [x]", "name": "Ä", "grade": ""}
    assert wording.filled("has {path}[, grade {grade}][, {name}].", values) == [
        ("has ", False), ("{name} [x]", True), (", ", False), ("Ä", True), (".", False),
    ]  # fmt: skip
    assert wording.problems_of("fine {name}[ {grade}]") == []
    assert [problem.kind for problem in wording.problems_of("{no} [a [b]")] == ["unknown", "open"]


def test_every_layout_has_its_picture(writer):
    for layout in LAYOUTS:
        assert writer.get(f"{BASE}/layouts/{layout.key}.svg").data.startswith(b"<svg")
