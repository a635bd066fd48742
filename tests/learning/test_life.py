"""The life of a path as a whole: versions and what differs, copies, the archive, deleting, export and import, for whom it is."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import asdict

import pytest

from portal.accounts.models import GroupKind
from portal.accounts.services import groups as account_groups
from portal.core import storage
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.learning import packing, services
from portal.learning.comparing import ADDED, REMOVED, Fate, changes_between, pieces_between, steps_between
from portal.learning.goals.assignment.files import keep_bytes
from portal.learning.goals.assignment.types import GROUPS
from portal.learning.models import GROUP, LearningPath, PathState, Status, Visibility
from portal.learning.rules import Rules
from portal.learning.services.badge_details import BadgeDetails, save_badge_details
from portal.learning.views.said import said_of_steps, texts_of
from portal.openbadges.model import Alignment
from tests.conftest import picture_bytes
from tests.learning.conftest import do_all, png_key

HOSTILE = '<script>alert(1)</script> "&amp; ' + "ß漢字 עברית"


def full_path(make_path, owner):
    path = make_path(
        owner, steps=("page", "confirmation"), publish=False, title=HOSTILE[:60], cover_key=png_key(),
        certification=True, validity_kind="period", validity_count=2, badge_tags=("one", "two"),
    )  # fmt: skip
    group = services.add_step(path, GROUP, title="Pick one", rules=Rules(needed=1))
    services.add_step(
        path, "page", title="In it", content={"text": f"![A](/pictures/{png_key('#aa0000')})"}, parent=group.key,
        rules=Rules(points=3, limit_count=2, limit_unit="weeks", strict=True),
    )  # fmt: skip
    services.set_order(path, ordered=True)
    services.sort_path(path, [], ["Fire", "fire", "Water"])
    commit()
    return path


def said(path):
    version = path.edited
    info = services.info_of(version)
    steps = [
        (s.kind, s.title, s.content, s.mandatory, s.minutes, s.points, s.limit_count, s.limit_unit, s.strict, s.needed)
        for s in version.steps
    ]
    places = {step.key: number for number, step in enumerate(version.steps)}
    return info, steps, [places.get(step.parent_key) for step in version.steps], version.ordered


def test_a_copy_says_the_same_and_belongs_to_whoever_made_it(make_path, person):
    path, other = full_path(make_path, person("instructor")), person("instructor")
    copied = services.clone(path, other)
    commit()
    assert copied.owner_id == other.id
    assert copied.state == PathState.DRAFT
    assert copied.title.startswith("Copy of ")
    assert said(copied)[1:] == said(path)[1:]
    assert not {step.key for step in copied.edited.steps} & {step.key for step in path.edited.steps}
    assert [tag.word for tag in copied.tags] == ["Water", "fire"]
    services.publish(copied)


def test_a_copy_says_what_does_not_come_along_and_where_to_add_it(make_path, person, sign_in):
    owner = person("instructor")
    path = make_path(owner, publish=False)
    client, here = sign_in(owner), f"/authoring/learning-paths/{path.public_id}"
    assert "come along" not in follow(client, client.submit(f"{here}/clone", on=f"{here}/settings"))
    services.add_step(path, "event", title="Drill", content={"text": "Come."})
    services.add_step(
        path, "xapi", title="Game", content={"verb": "https://x.example/v", "activity": "https://x.example/a"}
    )
    commit()
    copied = client.submit(f"{here}/clone", on=f"{here}/settings")
    said = follow(client, copied)
    assert "1 event has no dates yet" in said
    assert "its keys do not come along" in said
    steps = client.get(f"{copied.location}/steps").get_data(as_text=True)
    for place in ("dates", "keys"):
        assert len(re.findall(rf"/steps/[\w-]+/{place}\"", steps)) == 1
    packed = io.BytesIO(client.get(f"{here}/export").get_data())
    page = client.get("/authoring/learning-paths/import").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    sent = {"csrf_token": token, "file": (packed, "path.zip")}
    assert "1 event has no dates yet" in follow(client, client.post("/authoring/learning-paths/import", data=sent))


def follow(client, answer):
    assert answer.status_code == 303
    return client.get(answer.location).get_data(as_text=True)


def test_an_exported_path_is_the_same_after_its_import(app, make_path, person):
    path, other = full_path(make_path, person("instructor")), person("instructor")
    packed = packing.pack(path)
    with app.test_request_context(method="POST"):
        page = packing.read(packed)
        imported = packing.unpack(page, other)
        commit()
    assert said(imported) == said(path)
    assert imported.owner_id == other.id
    assert storage.has(imported.edited.cover_key)
    services.publish(imported)


def test_what_an_assignment_gives_to_its_learners_comes_along(app, make_path, person):
    path = make_path(person("instructor"), publish=False)
    table, picture = keep_bytes("числа.csv", b"a;b\n1;2\n", GROUPS), keep_bytes("plan.png", picture_bytes(), GROUPS)
    given = [{"id": name * 22, **asdict(kept)} for name, kept in (("a", table), ("b", picture))]
    lost = {"id": "c" * 22, **asdict(table), "key": "0" * 64 + ".upload"}
    services.add_step(path, "assignment", title="Reckon", content={"task": "Do it.", "files": [*given, lost]})
    commit()
    with zipfile.ZipFile(packing.pack(path)) as archive:
        assert {f"files/{kept.key}" for kept in (table, picture)} <= set(archive.namelist())
    with app.test_request_context(method="POST"):
        imported = packing.unpack(packing.read(packing.pack(path)), person("instructor"))
    files = imported.edited.steps[-1].content["files"]
    assert [file["name"] for file in files] == ["числа.csv", "plan.png"]
    for file in files:
        with storage.open_stored(file["key"]) as held:
            assert len(held.read()) == file["size"]

    def disguise(page):
        page["steps"][-1]["content"]["files"][0]["name"] = "run.exe"

    with app.test_request_context(method="POST"), pytest.raises(Refused) as refused:
        packing.read(repacked(path, disguise))
    assert refused.value.field == "file"


def repacked(path, change):
    """Return the export of a path with its page changed."""
    source = zipfile.ZipFile(packing.pack(path))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == packing.PAGE:
                page = json.loads(data)
                data = change(page)
                data = json.dumps(page if data is None else data).encode()
            archive.writestr(name, data)
    target.seek(0)
    return target


def test_a_key_that_came_without_its_file_leads_nowhere(app, make_path, person):
    owner, thief = person("instructor"), person("instructor")
    secret = png_key("#123456")
    path = full_path(make_path, owner)

    def steal(page):
        page["steps"][0]["content"] = {"text": f"![x](/pictures/{secret})"}
        page["info"]["cover_key"] = secret

    with app.test_request_context(method="POST"):
        imported = packing.unpack(packing.read(repacked(path, steal)), thief)
    assert imported.edited.cover_key is None
    assert secret not in str(imported.edited.steps[0].content)


@pytest.mark.parametrize(
    "change",
    [
        lambda page: [],
        lambda page: page.update(version=99),
        lambda page: page["info"].update(title=""),
        lambda page: page["info"].update(title="x" * 201),
        lambda page: page["info"].update(valid_day="2027-99-99"),
        lambda page: page["steps"][0].update(kind="nuclear"),
        lambda page: page["steps"][0].update(content={"text": 5}, parent="nowhere"),
        lambda page: page["steps"][0].update(minutes="many"),
        lambda page: page["steps"].extend(page["steps"] * 200),
        lambda page: page.update(badge={"alignments": [{"name": "x", "url": "javascript:alert(1)"}]}),
    ],
)
def test_a_damaged_or_hostile_export_is_refused(app, make_path, person, change):
    instructor = person("instructor")
    path = full_path(make_path, instructor)
    with app.test_request_context(method="POST"), pytest.raises(Refused) as refused:
        packing.unpack(packing.read(repacked(path, change)), instructor)
    assert refused.value.field == "file"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a zip", b"\x00" * 5000])
def test_what_is_no_export_is_refused(app, data):
    with app.test_request_context(method="POST"), pytest.raises(Refused):
        packing.read(io.BytesIO(data))


def test_a_bomb_is_refused_before_it_goes_off(app):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(packing.PAGE, b" " * (packing.LARGEST_PAGE + 10))
    bomb.seek(0)
    with app.test_request_context(method="POST"), pytest.raises(Refused):
        packing.read(bomb)


def test_pages_export_and_import(make_path, person, sign_in):
    instructor = person("instructor")
    path = full_path(make_path, instructor)
    writer = sign_in(instructor)
    answer = writer.get(f"/authoring/learning-paths/{path.public_id}/export")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert writer.get("/authoring/learning-paths/import").status_code == 200
    form = {"file": (io.BytesIO(answer.data), "path.zip")}
    assert writer.submit("/authoring/learning-paths/import", form).status_code == 303
    refused = writer.submit("/authoring/learning-paths/import", {"file": (io.BytesIO(b"x"), "path.zip")})
    assert refused.status_code == 422
    assert "no exported learning path" in refused.text
    assert writer.submit("/authoring/learning-paths/import", {}).status_code == 422


def test_a_path_that_was_earned_is_not_offered_to_be_deleted(sign_in, make_path, person):
    instructor = person("instructor")
    path, client = make_path(instructor), sign_in(instructor)
    here = f"/authoring/learning-paths/{path.public_id}"
    assert f'{here}/delete"' in client.get(f"{here}/settings").get_data(as_text=True)
    do_all(services.join(path, person()))
    settings = client.get(f"{here}/settings").get_data(as_text=True)
    assert f'{here}/delete"' not in settings
    assert "can be archived, but not deleted" in settings
    assert "Somebody has completed" in follow(client, client.get(f"{here}/delete"))


def test_a_path_is_deleted_only_while_nobody_earned_anything(make_path, person):
    path = make_path(certification=True)
    begun = services.join(path, person())
    services.hand_in(begun, path.published.steps[0].key)
    commit()
    other = make_path(certification=True)
    done = services.join(other, person())
    do_all(done)
    number = path.id
    services.delete_path(path)
    commit()
    assert session().get(LearningPath, number) is None
    with pytest.raises(Refused):
        services.delete_path(other)
    services.archive(other)
    commit()
    session().refresh(done)
    assert done.certificate is not None


def test_an_archived_path_is_out_of_the_way_until_it_is_taken_out(make_path, person):
    instructor, learner = person("instructor"), person()
    path = make_path(instructor)
    services.archive(path)
    assert path not in session().scalars(services.catalogue(learner)).all()
    assert path not in session().scalars(services.authored(instructor)).all()
    assert path in session().scalars(services.authored(instructor, state="archived")).all()
    with pytest.raises(Refused):
        services.activate(path)
    services.restore(path)
    services.activate(path)
    assert path in session().scalars(services.catalogue(learner)).all()


def test_a_path_for_a_group_is_seen_and_joined_by_its_people_alone(make_path, person, sign_in):
    instructor, inside, outside = person("instructor"), person(), person()
    group = account_groups.create_group("Fire brigade", GroupKind.GROUP)
    account_groups.add_to_group(group, [inside.id])
    path = make_path(instructor)
    with pytest.raises(Refused) as none_named:
        services.set_audience(path, seen=Visibility.GROUPS, joined=Visibility.GROUPS, groups=[])
    assert none_named.value.field == "groups"
    with pytest.raises(Refused):
        services.set_audience(path, seen=Visibility.NOBODY, joined=Visibility.EVERYBODY, groups=[])
    services.set_audience(path, seen=Visibility.GROUPS, joined=Visibility.GROUPS, groups=[group])
    commit()
    url = f"/learning-paths/{path.public_id}"
    assert sign_in(inside).get(url).status_code == 200
    assert sign_in(outside).get(url).status_code in {403, 404}
    assert path not in session().scalars(services.catalogue(outside)).all()
    with pytest.raises(Refused):
        services.join(path, outside)
    services.join(path, inside)


def test_prerequisites_come_first_and_never_in_a_circle(make_path, person):
    first, second, third = make_path(title="First"), make_path(title="Second"), make_path(title="Third")
    services.set_prerequisites(second, [first])
    services.set_prerequisites(third, [second])
    with pytest.raises(Refused):
        services.set_prerequisites(first, [third])
    learner = person()
    with pytest.raises(Refused) as refused:
        services.join(second, learner)
    assert "First" in str(refused.value.message)
    do_all(services.join(first, learner))
    services.join(second, learner)


def test_rights_of_co_instructors_are_told_apart(make_path, person, sign_in):
    owner, reviewer = person("instructor"), person("instructor")
    path = make_path(owner)
    services.add_instructor(path, reviewer, may_edit=False)
    commit()
    assert services.reviews(reviewer, path)
    assert not services.edits(reviewer, path)
    client = sign_in(reviewer)
    assert client.get(f"/authoring/learning-paths/{path.public_id}/settings").status_code in {403, 404}
    assert client.get(f"/authoring/learning-paths/{path.public_id}/export").status_code in {403, 404}
    with pytest.raises(Refused):
        services.add_instructor(path, reviewer, may_edit=False, may_review=False)


def test_what_differs_is_said_word_by_word():
    pieces = pieces_between("Read the old book.", "Read the new long book.")
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == "Read the new long book."
    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == "Read the old book."
    assert {piece.text.strip() for piece in pieces if piece.kind == REMOVED} == {"old"}


def test_the_versions_page_tells_what_became_of_each_step(app, make_path, person, sign_in):
    instructor = person("instructor")
    path = make_path(instructor, steps=("page", "page", "page"))
    one, two, three = path.published.steps
    services.save_step(path, one.key, title="Step 1", content={"text": "Read that."}, mandatory=True, minutes=10)
    services.remove_step(path, two.key)
    services.add_step(path, "page", title=HOSTILE[:50], content={"text": "New."})
    services.move_step(path, three.key, 1)
    commit()
    with app.test_request_context(method="POST"):
        before, after = said_of_steps(path.published), said_of_steps(path.draft)
        fates = {change.title: change.fate for change in steps_between(before, after)}
    assert fates == {"Step 1": Fate.CHANGED, "Step 2": Fate.REMOVED, HOSTILE[:50]: Fate.ADDED, "Step 3": Fate.MOVED}
    page = sign_in(instructor).get(f"/authoring/learning-paths/{path.public_id}/versions")
    assert "<ins>that.</ins>" in page.text
    assert "<script>alert" not in page.text
    assert sign_in(instructor).get(page.request.path + "?from=1&to=77").status_code == 404


def test_what_a_badge_says_otherwise_is_told_by_the_names_of_its_fields(app, make_path, person):
    path = make_path(person("instructor"), publish=False, certification=True, open_badges=True, badge_name="Fire")
    fire = Alignment(name="Fire safety", url="https://skills.example/fire", framework="Skills", code="F-7")
    with app.test_request_context(method="POST"):
        before = texts_of(path.edited)
        save_badge_details(path, BadgeDetails(achievement_type="Course", language="de", alignments=(fire,)))
        changes = changes_between(before, texts_of(path.edited))
    said = {change.name: "".join(piece.kind[0] + piece.text for piece in change.pieces) for change in changes}
    assert said == {
        "Type of the badge": "rBadgeaCourse",
        "Language of the badge": "rEnglishaGerman",
        "Frameworks": "aFire safety · Skills · F-7 · https://skills.example/fire",
    }


def test_the_settings_page_saves_and_says_what_is_wrong(make_path, person, sign_in):
    instructor = person("instructor")
    path, needed = make_path(instructor), make_path(instructor, title="Basics")
    writer = sign_in(instructor)
    url = f"/authoring/learning-paths/{path.public_id}/settings"
    assert writer.get(url).status_code == 200
    saved = writer.submit(
        url, {"seen": "everybody", "joined": "nobody", "needs": [needed.public_id], "approved": "y", "tags": "a, b,a"}
    )
    assert saved.status_code == 303
    session().expire_all()
    assert [tag.word for tag in path.tags] == ["a", "b"]
    assert path.needs == [needed]
    assert path.edited.approved
    for bad in (
        {"seen": "groups", "joined": "groups"},
        {"seen": "moon", "joined": "everybody"},
        {"seen": "everybody", "joined": "everybody", "needs": ["nonsense"]},
        {"seen": "everybody", "joined": "everybody", "tags": "x" * 41},
        {"seen": "everybody", "joined": "everybody", "tags": ",".join(str(n) for n in range(21))},
        {"seen": "nobody", "joined": "everybody"},
    ):
        assert writer.submit(url, bad).status_code == 422
    session().expire_all()
    assert path.joined_by == Visibility.NOBODY


def test_categories_are_named_by_administrators(person, make_path, sign_in):
    admin, instructor = person("administrator"), person("instructor")
    assert sign_in(instructor).get("/authoring/categories").status_code == 403
    client = sign_in(admin)
    assert client.submit("/authoring/categories", {"name": "Safety"}).status_code == 303
    for bad in ("", " ", "x" * 101, "Safety"):
        assert client.submit("/authoring/categories", {"name": bad}).status_code == 422
    key = services.categories()[0][0]
    path = make_path(instructor)
    services.sort_path(path, [services.category_by_public_id(key)], [])
    commit()
    reader = sign_in(person())
    assert path.title in reader.get(f"/learning-paths?category={key}").text
    assert "Nothing found" in reader.get("/learning-paths?category=other").text
    assert client.submit(f"/authoring/categories/{key}", {"name": "Fire safety"}).status_code == 303
    assert client.submit(f"/authoring/categories/{key}/remove", {}, on="/authoring/categories").status_code == 303


def test_members_of_a_replaced_version_keep_what_still_counts(make_path, person, run_jobs):
    path = make_path(steps=("page", "page"))
    learner, graduate = services.join(path, person()), services.join(path, person())
    one, two = path.published.steps
    services.hand_in(learner, one.key)
    do_all(graduate)
    services.save_step(path, two.key, title="Step 2", content={"text": "Otherwise."}, mandatory=True, minutes=1)
    services.publish(path)
    commit()
    run_jobs()
    session().expire_all()
    assert learner.version.number == 2
    assert (learner.done, learner.total, learner.status) == (1, 2, Status.IN_PROGRESS)
    assert graduate.version.number == 1
    assert graduate.status == Status.COMPLETED
