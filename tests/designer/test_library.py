"""The Badge library and what the editor sends: who may, what is kept, what is refused."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import event, select

from portal.badges.designer import documents, services
from portal.badges.designer.models import BadgeDesign, BadgeDesignVersion
from portal.badges.designer.providers import Use, uses
from portal.core.db import commit, db, session
from portal.core.errors import Refused

BADGES = Path(__file__).resolve().parents[2] / "portal" / "demo" / "badges"
LIBRARY = "/authoring/badges"


def document(name="Data Literacy", alt="A blue badge."):
    return {**documents.read((BADGES / "data-literacy.json").read_bytes()), "name": name, "alt": alt}


def png(size=(1024, 1024), colour="#1f6b4c", kind="PNG"):
    kept = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, colour).save(kept, kind)
    return kept.getvalue()


def form(content, picture=None, **fields):
    data = {"document": (io.BytesIO(json.dumps(content).encode()), "design.json"), **fields}
    if picture is not None:
        data["picture"] = (io.BytesIO(picture), "badge.png")
    return data


def posted(client, url, **kwargs):
    return client.post(url, content_type="multipart/form-data", **kwargs)


@pytest.fixture(autouse=True)
def _without_csrf(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def author(person):
    return person("instructor", name="Ada")


@pytest.fixture
def design(app, author):
    made = services.create(services.Saving(document=document(), picture=png(), deliberate=True), author)
    commit()
    return made


class Paths:
    """A portal with one learning path, for what the rooms above tell the designer."""

    def __init__(self, keys=()):
        self.keys, self.applied = set(keys), []

    def uses_of(self, picture_keys):
        return {key: [Use("Onboarding", "/paths/1")] for key in picture_keys if key in self.keys}

    def title_of(self, path_public_id, person):
        return "Onboarding" if path_public_id == "path1" else None

    def apply(self, path_public_id, picture_key, alt_text, person):
        self.applied.append((path_public_id, picture_key, alt_text, person.name))
        return "/paths/1/info"


@pytest.fixture
def paths():
    provider, before = Paths(), uses()
    services.set_use_provider(provider)
    yield provider
    services.set_use_provider(before)


def pages_of(design):
    here = f"{LIBRARY}/{design.public_id}"
    return {
        "GET": [LIBRARY, f"{LIBRARY}/new", f"{LIBRARY}/upload", here, f"{here}/history", f"{here}/rename", f"{here}/design.json"],
        "POST": [LIBRARY, here, f"{here}/clone", f"{here}/archive", f"{here}/unarchive", f"{here}/rename", f"{here}/use",
                 f"{here}/versions/1/restore", f"{LIBRARY}/read", f"{LIBRARY}/import", f"{LIBRARY}/upload"],
    }  # fmt: skip


def test_a_learner_opens_nothing_of_the_designer(design, person, sign_in):
    client = sign_in(person("learner"))
    for method, urls in pages_of(design).items():
        for url in urls:
            assert client.open(url, method=method).status_code == 403, url
    assert client.get("/administration/brand-colours").status_code == 403


def test_nobody_signed_in_opens_nothing_of_the_designer(design, client):
    for method, urls in pages_of(design).items():
        for url in urls:
            assert client.open(url, method=method).status_code in {302, 401}, url


def test_an_unknown_design_is_not_found(author, sign_in, design):
    client = sign_in(author)
    for address in ("nowhere", "a" * 22, "%00", "..%2f"):
        assert client.get(f"{LIBRARY}/{address}").status_code == 404
    assert posted(client, f"{LIBRARY}/{design.public_id}/versions/99/restore").status_code == 404


def test_every_page_of_the_library_obeys_the_laws(design, author, sign_in):
    client = sign_in(author)
    for url in pages_of(design)["GET"]:
        assert client.get(url).status_code == 200, url
    assert client.get(f"{LIBRARY}?show=archived").status_code == 200
    assert client.get(f"{LIBRARY}?q=%00%F0%9F%8F%85&page=9999999999").status_code == 200


def test_a_design_is_made_saved_and_reopened(author, sign_in):
    client = sign_in(author)
    made = posted(client, LIBRARY, data=form(document("First"), png())).get_json()
    content = document("Second 数据", "Changed.")
    saved = posted(client, made["save"], data=form(content, base=made["revision"])).get_json()
    assert saved["revision"] == made["revision"] + 1
    assert json.loads(client.get(f"{LIBRARY}/{made['id']}/design.json").data) == content
    design = services.design_by_public_id(made["id"])
    assert design.name == "Second 数据"
    assert design.picture_key


def test_the_second_of_two_people_is_told_and_nothing_is_overwritten(design, author, person, sign_in):
    first, second = sign_in(author), sign_in(person("instructor", name="Ben"))
    url = f"{LIBRARY}/{design.public_id}"
    assert posted(first, url, data=form(document("Mine"), base=1)).status_code == 200
    answer = posted(second, url, data=form(document("Yours"), base=1))
    assert answer.status_code == 409
    assert "Ada" in answer.get_json()["message"]
    db.session.expire_all()
    assert services.design_by_public_id(design.public_id).name == "Mine"


def test_renaming_in_the_library_is_noticed_by_whoever_draws(design, author, sign_in):
    client = sign_in(author)
    url = f"{LIBRARY}/{design.public_id}"
    assert client.post(f"{url}/rename", data={"name": "Renamed"}).status_code == 302
    assert posted(client, url, data=form(document("Old"), base=1)).status_code == 409
    assert json.loads(client.get(f"{url}/design.json").data)["name"] == "Renamed"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_name_that_is_none_is_refused_beside_its_field(design, author, sign_in, name):
    answer = sign_in(author).post(f"{LIBRARY}/{design.public_id}/rename", data={"name": name})
    assert answer.status_code == 422
    assert "field-error" in answer.text


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\x89PNG\r\n\x1a\nbroken", "damaged"),
        (png((512, 512)), "pixels"),
        (png((2048, 2048)), "wider"),
        (png((1024, 1024), kind="JPEG"), "JPEG"),
    ],
)
def test_a_picture_that_is_no_badge_is_refused_and_nothing_is_saved(author, sign_in, picture, reason):
    answer = posted(sign_in(author), LIBRARY, data=form(document(), picture))
    assert answer.status_code == 422
    assert answer.get_json()["field"] == "picture"
    assert reason in answer.get_json()["message"]
    db.session.rollback()
    assert session().scalar(select(BadgeDesign)) is None


def test_a_document_that_is_none_is_refused_and_nothing_is_saved(design, author, sign_in):
    client = sign_in(author)
    url = f"{LIBRARY}/{design.public_id}"
    for content in ({}, {**document(), "extra": 1}, {**document(), "layers": "x"}):
        assert posted(client, url, data=form(content, base=1)).status_code == 422
    assert posted(client, url, data={"base": "1"}).status_code == 422
    db.session.expire_all()
    assert services.design_by_public_id(design.public_id).revision == 1


def test_what_comes_with_a_picture_is_not_kept(author):
    data = png()[:-12] + b"\x00\x00\x00\x05tEXtSecre" + b"\x00\x00\x00\x00" + png()[-12:]
    with pytest.raises(Refused):
        services.create(services.Saving(document=document(), picture=data[:200]), author)
    design = services.create(services.Saving(document=document(), picture=png()), author)
    from portal.core import storage

    assert b"tEXt" not in storage.read(design.picture_key)


def test_autosaves_of_one_sitting_are_one_version_and_a_deliberate_save_is_kept(design, author, person):
    for name, deliberate in (("a", False), ("b", False), ("c", True), ("d", False)):
        services.save(
            design, services.Saving(document=document(name), deliberate=deliberate), base=design.revision, by=author
        )
    services.save(design, services.Saving(document=document("e")), base=design.revision, by=person("instructor"))
    names = [services.document_of(version)["name"] for version in session().scalars(services.history(design))]
    assert names == ["e", "d", "c", "Data Literacy"]


def test_an_older_version_is_restored_and_the_others_stay(design, author, sign_in):
    services.save(design, services.Saving(document=document("Later"), deliberate=True), base=1, by=author)
    commit()
    assert sign_in(author).post(f"{LIBRARY}/{design.public_id}/versions/1/restore").status_code == 302
    db.session.expire_all()
    design = services.design_by_public_id(design.public_id)
    assert (design.name, design.number) == ("Data Literacy", 3)
    assert len(session().scalars(services.history(design)).all()) == 3


def test_a_clone_has_a_life_of_its_own(design, author, sign_in):
    sign_in(author).post(f"{LIBRARY}/{design.public_id}/clone")
    copy = session().scalar(select(BadgeDesign).where(BadgeDesign.id != design.id))
    assert copy.name == "Copy of Data Literacy"
    assert copy.picture_key == design.picture_key
    services.rename(copy, "Other", author)
    assert services.document_of(services.newest(design))["name"] == "Data Literacy"


def test_an_archived_design_leaves_the_library_and_can_be_put_back(design, author, sign_in):
    client = sign_in(author)
    client.post(f"{LIBRARY}/{design.public_id}/archive")
    assert "Data Literacy" not in client.get(f"{LIBRARY}?q=Data").text.replace("“Data Literacy” is archived", "")
    assert "Data Literacy" in client.get(f"{LIBRARY}?show=archived").text
    client.post(f"{LIBRARY}/{design.public_id}/unarchive")
    client.get(LIBRARY)
    assert "Data Literacy" in client.get(LIBRARY).text


def test_search_finds_every_word_and_takes_wildcards_as_they_are(design):
    def found(text):
        return session().scalars(services.search(text)).all()

    assert found("literacy DATA")
    assert found("blue")
    assert not found("data nothing")
    assert not found("%")
    assert not found("_")


def test_the_library_shows_where_a_badge_is_used(design, author, sign_in, paths):
    paths.keys.add(design.picture_key)
    services.save(
        design, services.Saving(document=document(), picture=png(colour="#aa0000"), deliberate=True), base=1, by=author
    )
    commit()
    text = sign_in(author).get(LIBRARY).text
    assert 'href="/paths/1"' in text
    assert "Onboarding" in text


def test_a_finished_design_becomes_the_picture_of_its_path_and_is_kept(design, author, sign_in, paths):
    client = sign_in(author)
    url = f"{LIBRARY}/{design.public_id}"
    assert "Use for “Onboarding”" in client.get(f"{url}?for=path1").text
    answer = client.post(f"{url}/use", data={"for": "path1"})
    assert answer.headers["Location"] == "/paths/1/info"
    assert paths.applied == [("path1", design.picture_key, "A blue badge.", "Ada")]
    services.save(design, services.Saving(document=document("Later")), base=1, by=author)
    assert services.document_of(services.version_of(design, 1))["name"] == "Data Literacy"


def test_a_path_that_is_not_yours_is_not_offered(design, author, sign_in, paths):
    client = sign_in(author)
    assert "Use for" not in client.get(f"{LIBRARY}/{design.public_id}?for=other").text
    assert client.post(f"{LIBRARY}/{design.public_id}/use", data={"for": "other"}).status_code == 404
    assert paths.applied == []


def test_a_design_without_words_or_picture_is_not_used(author, sign_in, paths):
    without_alt = services.create(services.Saving(document=document(alt=" "), picture=png()), author)
    without_picture = services.create(services.Saving(document=document()), author)
    commit()
    client = sign_in(author)
    for design in (without_alt, without_picture):
        client.post(f"{LIBRARY}/{design.public_id}/use", data={"for": "path1"})
    assert paths.applied == []


def test_publishing_keeps_the_version_that_a_picture_was_drawn_from(author):
    design = services.create(services.Saving(document=document(), picture=png()), author)
    assert services.keep_for_picture(design.picture_key) == 1
    services.save(design, services.Saving(document=document("Later")), base=1, by=author)
    assert [row.number for row in session().scalars(services.history(design))] == [2, 1]


def test_an_uploaded_picture_becomes_a_design_without_a_script(author, sign_in, paths):
    data = {
        "name": "Scanned",
        "alt": "An old badge.",
        "for": "path1",
        "picture": (io.BytesIO(png((600, 300), kind="JPEG")), "b.jpg"),
    }
    answer = posted(sign_in(author), f"{LIBRARY}/upload", data=data)
    assert answer.headers["Location"] == "/paths/1/info"
    design = session().scalar(select(BadgeDesign))
    assert services.document_of(services.newest(design))["layers"][0]["kind"] == "image"


@pytest.mark.parametrize("content", [b"", b"text", b"<svg/>", png((20, 20))])
def test_an_upload_that_is_no_picture_is_refused_beside_its_field(author, sign_in, content):
    data = {"name": "n", "alt": "a", "picture": (io.BytesIO(content), "b.png")}
    answer = posted(sign_in(author), f"{LIBRARY}/upload", data=data)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert session().scalar(select(BadgeDesignVersion)) is None


def test_a_design_file_is_read_and_imported(author, sign_in):
    client = sign_in(author)
    old = (Path(__file__).parent / "examples" / "version-1.json").read_bytes()
    answer = posted(client, f"{LIBRARY}/read", data={"document": (io.BytesIO(old), "a.json")})
    assert answer.get_json()["document"]["version"] == 2
    assert session().scalar(select(BadgeDesign)) is None
    assert posted(client, f"{LIBRARY}/import", data={"document": (io.BytesIO(old), "a.json")}).status_code == 302
    assert posted(client, f"{LIBRARY}/import", data={"document": (io.BytesIO(b"x"), "a.json")}).status_code == 422
    assert posted(client, f"{LIBRARY}/read").status_code == 422


def test_an_administrator_sets_the_colours_that_the_designer_offers(person, author, sign_in):
    client = sign_in(person("administrator"))
    answer = client.post("/administration/brand-colours", data={"colours": "#1F6B4C\n#ffffff\n#1f6b4c"})
    assert answer.status_code == 302
    assert services.brand_colours() == ["#1f6b4c", "#ffffff"]
    assert "#1f6b4c" in sign_in(author).get(f"{LIBRARY}/new").text
    for colours in ("red", "#12", "#1f6b4c\n<script>", "\n".join(f"#0000{n:02x}" for n in range(13))):
        assert client.post("/administration/brand-colours", data={"colours": colours}).status_code == 422
    assert services.brand_colours() == ["#1f6b4c", "#ffffff"]


def test_a_longer_library_costs_no_more_statements(author, sign_in):
    def count(client):
        statements = []
        listen = lambda *args: statements.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        assert client.get(LIBRARY).status_code == 200
        event.remove(db.engine, "before_cursor_execute", listen)
        return len(statements)

    client = sign_in(author)
    for _ in range(2):
        services.create(services.Saving(document=document()), author)
    commit()
    few = count(client)
    for _ in range(60):
        services.create(services.Saving(document=document()), author)
    commit()
    assert count(client) == few
