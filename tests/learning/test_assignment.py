"""Assignments and their review: drafts, files, who sees what, decisions, notices, the queue."""

from __future__ import annotations

import io
import re

import pytest

from portal.core.db import commit, session
from portal.learning import services
from portal.learning.goals.assignment.types import clean_name
from portal.learning.models import CoInstructor, Membership, StepEvent, Upload
from portal.notices.models import Notice
from tests.conftest import picture_bytes

TASK = {
    "task": "Write.", "files": [], "text": True, "most_files": 2, "types": ["documents", "pictures"], "graded": True,
    "pass_grade": 50,
}  # fmt: skip


@pytest.fixture
def work(make_path, person, sign_in):
    """Return (membership, step, owner, learner's client, address) of a path of one assignment."""

    def make(**changes):
        owner, learner = person("instructor"), person(name="Ελένη Ρόσση")
        path = make_path(owner, steps=(), publish=False)
        step = services.add_step(path, "assignment", title="Report", content={**TASK, **changes})
        services.publish(path)
        membership = services.join(path, learner)
        commit()
        return membership, step, owner, sign_in(learner), f"/learning-paths/{path.public_id}/steps/{step.key}"

    return make


def send(client, address, *, files=(), **data):
    token = client.token(address)
    body = {"csrf_token": token, "files": [(io.BytesIO(content), name) for name, content in files], **data}
    return client.post(f"{address}/work", data=body, content_type="multipart/form-data")


def record_of(membership):
    session().expire_all()
    held = session().get(Membership, membership.id)
    return services.record_of(held, held.version.steps[0])


def decide_url(membership, step):
    return f"/authoring/members/{membership.public_id}/steps/{step.key}"


def told(kind):
    session().expire_all()
    return session().query(Notice).filter_by(kind=kind).all()


def test_a_draft_is_kept_handed_in_once_and_told(work):
    membership, _step, owner, client, address = work()
    assert (
        send(client, address, text="Пока так", action="save", files=[("отчёт.txt", b"Two minutes.")]).status_code == 303
    )
    html = client.get(address).get_data(as_text=True)
    assert "Пока так" in html
    assert "отчёт.txt" in html
    assert record_of(membership).state == "started"
    token, (upload,) = client.token(address), session().query(Upload).all()
    for _click in range(2):
        data = {"csrf_token": token, "text": "Fertig", "kept": upload.public_id, "action": "hand-in"}
        assert client.post(f"{address}/work", data=data).status_code == 303
    record = record_of(membership)
    assert record.state == "waiting"
    assert record.evidence["text"] == "Fertig"
    assert [file["name"] for file in record.evidence["files"]] == ["отчёт.txt"]
    assert len(record.evidence["handed_in"]) == 1
    assert session().query(StepEvent).filter_by(what="waiting").count() == 1
    assert [notice.person_id for notice in told("work_waiting")] == [owner.id]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("run.exe", b"MZ", "not of a kind"), ("page.html", b"<script>", "not of a kind"),
        ("report.pdf", b"MZ\x90", "is not a PDF file"), ("empty.pdf", b"", "is empty"),
        ("photo.png", b"GIF89a", "photo.png"), ("text.txt", b"a\x00b", "is not a TXT file"),
        ("large.txt", b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_taken_loses_nothing_else(work, name, content, words):
    membership, _step, _owner, client, address = work()
    answer = send(client, address, text="Kept <b>", files=[("good.txt", b"Good."), (name, content)])
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in html
    assert "Kept &lt;b&gt;" in html
    assert record_of(membership) is None
    kept = re.search(r'name="kept" value="([^"]+)"', html)[1]
    assert "good.txt" in html
    assert send(client, address, text="Kept", kept=kept).status_code == 303
    assert [file["name"] for file in record_of(membership).evidence["files"]] == ["good.txt"]


@pytest.mark.parametrize(
    ("data", "words"),
    [({"text": "  "}, "Write something"), ({"text": "x" * 50_001}, "at most 50000"), ({}, "Write something")],
)
def test_too_little_and_too_much_is_said_beside_the_text(work, data, words):
    _membership, _step, _owner, client, address = work()
    answer = send(client, address, **data)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert "work-text-errors" in answer.get_data(as_text=True)


def test_more_files_than_asked_for_are_refused(work):
    _membership, _step, _owner, client, address = work()
    answer = send(client, address, text="x", files=[(f"{n}.txt", str(n).encode()) for n in range(3)])
    assert answer.status_code == 422
    assert "at most 2 files" in answer.get_data(as_text=True)


def test_a_picture_is_encoded_anew_and_a_file_is_only_downloaded(work):
    membership, _step, _owner, client, address = work()
    send(client, address, action="save", files=[("photo.jpg", picture_bytes("JPEG") + b"<script>tail</script>")])
    (upload,) = session().query(Upload).all()
    answer = client.get(f"/handed-in/{upload.public_id}")
    assert b"tail" not in answer.data
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.mimetype == "image/jpeg"
    assert client.get(f"/pictures/{upload.key}").status_code == 404
    assert membership.person_id == upload.person_id


def test_nobody_else_sees_a_draft_a_file_or_what_was_handed_in(work, person, sign_in):
    membership, step, owner, client, address = work()
    send(client, address, text="Mine alone", action="save", files=[("a.txt", b"A.")])
    (upload,) = session().query(Upload).all()
    file, page = f"/handed-in/{upload.public_id}", decide_url(membership, step)
    other = person()
    services.join(membership.path, other)
    editor, reviewer = person("instructor"), person("instructor")
    session().add_all([
        CoInstructor(path_id=membership.path_id, person_id=editor.id, may_edit=True, may_review=False),
        CoInstructor(path_id=membership.path_id, person_id=reviewer.id, may_edit=False, may_review=True),
    ])  # fmt: skip
    commit()
    assert sign_in(owner).get(file).status_code == 404
    assert "Mine alone" not in sign_in(owner).get(page).get_data(as_text=True)
    send(client, address, text="Mine alone", kept=upload.public_id)
    assert "Mine alone" in sign_in(reviewer).get(page).get_data(as_text=True)
    assert sign_in(reviewer).get(file).status_code == 200
    for stranger in (other, editor, person("instructor"), person()):
        assert sign_in(stranger).get(file).status_code in {403, 404}
        assert sign_in(stranger).get(page).status_code in {403, 404}
        assert "Mine alone" not in sign_in(stranger).get("/authoring/review").get_data(as_text=True)
    assert sign_in(editor).post(page, data={}).status_code == 400


def test_another_learners_file_cannot_be_handed_in(work, person, sign_in):
    membership, _step, _owner, client, address = work()
    send(client, address, action="save", files=[("a.txt", b"A.")])
    (upload,) = session().query(Upload).all()
    thief = person()
    stolen = services.join(membership.path, thief)
    commit()
    send(sign_in(thief), address, text="x", kept=[upload.public_id, "x" * 60])
    assert record_of(stolen).evidence["files"] == []


def test_a_learner_cannot_post_a_grade_or_state(work):
    membership, _step, _owner, client, address = work()
    send(client, address, text="x", grade="100", state="done", action="confirm")
    assert (record_of(membership).state, record_of(membership).grade) == ("waiting", None)


def test_work_is_returned_changed_handed_in_again_and_accepted_with_a_grade(work, sign_in):
    membership, step, owner, client, address = work()
    send(client, address, text="First")
    page, writer = decide_url(membership, step), sign_in(owner)
    assert writer.submit(page, {"action": "return"}).status_code == 422
    assert writer.submit(page, {"action": "return", "comment": "Say more."}).status_code == 303
    assert [notice.content["comment"] for notice in told("work_returned")] == ["Say more."]
    send(client, address, text="Second, half", action="save")
    assert record_of(membership).state == "returned"
    assert "Second, half" not in writer.get(page).get_data(as_text=True)
    send(client, address, text="Second")
    assert [kept["text"] for kept in record_of(membership).evidence["handed_in"]] == ["First", "Second"]
    for grade, words in (
        ("", "Enter a grade"),
        ("101", "0 to 100"),
        ("lots", "0 to 100"),
        ("49", "grade to pass is 50"),
    ):
        answer = writer.submit(page, {"action": "confirm", "grade": grade, "comment": "Kept"})
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
        assert "Kept" in answer.get_data(as_text=True)
    assert writer.submit(page, {"action": "confirm", "grade": "87,5"}).status_code == 303
    assert (record_of(membership).state, record_of(membership).grade) == ("done", 87.5)
    assert [notice.content["grade"] for notice in told("work_accepted")] == ["87.5 of 100"]


def test_what_was_handed_in_anew_is_not_accepted_unseen(work, sign_in, person):
    membership, step, owner, client, address = work()
    send(client, address, text="First")
    page, writer = decide_url(membership, step), sign_in(owner)
    seen = re.search(r'name="seen" value="([^"]+)"', writer.get(page).get_data(as_text=True))[1]
    writer.submit(page, {"action": "return", "comment": "More."})
    send(client, address, text="Second")
    answer = writer.submit(page, {"action": "confirm", "grade": "90", "seen": seen})
    assert answer.status_code == 422
    assert "Something new was handed in" in answer.get_data(as_text=True)


def test_work_set_failed_is_told(work, sign_in):
    membership, step, owner, client, address = work()
    send(client, address, text="First")
    sign_in(owner).submit(decide_url(membership, step), {"action": "fail", "comment": "Copied."})
    assert record_of(membership).state == "failed"
    assert len(told("failed")) == 1


def test_a_changed_task_keeps_what_was_written(work):
    membership, step, _owner, client, address = work()
    send(client, address, text="My draft", action="save")
    path = membership.path
    services.save_step(
        path, step.key, title="Report", content={**TASK, "task": "Write well."}, mandatory=True, minutes=None
    )
    services.publish(path)
    commit()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).get_data(as_text=True))[1]
    answer = client.post(f"{address}/work", data={"csrf_token": token, "text": "My text", "said": "old"})
    assert answer.status_code == 422
    assert "My text" in answer.get_data(as_text=True)
    html = client.get(address).get_data(as_text=True)
    assert "My draft" in html
    assert "The task has changed" in html


def test_the_queue_is_filtered_ordered_and_walked_through(work, person, sign_in):
    membership, step, owner, client, address = work()
    second = services.join(membership.path, person(name="Second"))
    services.hand_in(second, step.key, {"text": "Two"})
    commit()
    send(client, address, text="One")
    writer = sign_in(owner)
    html = writer.get("/authoring/review").get_data(as_text=True)
    assert html.index("Second") < html.index("Ελένη")
    html = writer.get("/authoring/review?order=newest").get_data(as_text=True)
    assert html.index("Ελένη") < html.index("Second")
    assert "Nothing like that waits" in writer.get("/authoring/review?kind=approval").get_data(as_text=True)
    assert "2 things wait" in writer.get("/authoring/review?kind=assignment").get_data(as_text=True)
    for nonsense in ("kind=%00", "path=zzz", "page=x", "order=1", "kind=<script>"):
        assert writer.get(f"/authoring/review?{nonsense}").status_code == 200
    first = decide_url(second, step) + "?from=review"
    answer = writer.submit(first, {"action": "return", "comment": "More."})
    assert decide_url(membership, step) in answer.location
    answer = writer.submit(decide_url(membership, step) + "?from=review", {"action": "return", "comment": "More."})
    assert answer.location.endswith("/authoring/review")


def test_the_whole_of_a_path_is_approved(make_path, person, sign_in):
    owner, learner = person("instructor"), person()
    path = make_path(owner, steps=("page",), publish=False)
    path.edited.approved = True
    services.publish(path)
    membership = services.join(path, learner)
    services.hand_in(membership, path.published.steps[0].key)
    commit()
    assert membership.status == "in_review"
    assert [notice.person_id for notice in told("work_waiting")] == [owner.id]
    writer = sign_in(owner)
    assert "Approval of the whole" in writer.get("/authoring/review").get_data(as_text=True)
    page = f"/authoring/members/{membership.public_id}/approval?from=review"
    assert sign_in(learner).get(page).status_code == 403
    assert sign_in(person("instructor")).get(page).status_code == 404
    assert writer.submit(page, {"comment": "Well done."}).status_code == 303
    session().expire_all()
    assert session().get(Membership, membership.id).completed_at is not None
    assert [notice.content["comment"] for notice in told("approved")] == ["Well done."]
    assert writer.get(page).status_code == 200


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"), ("C:\\Users\\me\\a.pdf", "a.pdf"), ("a\u202efdp.exe", "a fdp.exe"),
        ("résumé.pdf", "résumé.pdf"), ("報告書.docx", "報告書.docx"), ("", "file"), (".txt", "txt"), ("a\x00b\n.md", "ab.md"),
    ],
)  # fmt: skip
def test_names_of_files_are_cleaned(name, cleaned):
    assert clean_name(name) == cleaned


def test_long_names_keep_their_ending():
    assert clean_name("x" * 500 + ".pdf").endswith("x.pdf")
    assert len(clean_name("x" * 500 + ".pdf")) <= 120


def test_files_of_the_task_are_given_to_members_alone(make_path, person, sign_in):
    owner, learner = person("instructor"), person()
    path = make_path(owner, steps=(), publish=False)
    writer, base = sign_in(owner), f"/authoring/learning-paths/{path.public_id}/steps"
    form = {"title": "Report", "task": "Write.", "most_files": "2", "types": "documents", "wants_text": "y", "mandatory": "y",
            "limit_kind": "none"}  # fmt: skip
    added = writer.post(
        f"{base}/new/assignment",
        data={**form, "csrf_token": writer.token(f"{base}/new/assignment"), "action": "files-add",
              "files": [(io.BytesIO(b"Date."), "template.txt"), (io.BytesIO(b"MZ"), "a.exe")]},
        content_type="multipart/form-data",
    ).get_data(as_text=True)  # fmt: skip
    assert "template.txt" in added
    assert "is not of a kind" in added
    kept = re.search(r'name="kept_files"[^>]*value="([^"]+)"', added)[1]
    assert writer.submit(f"{base}/new/assignment", {**form, "kept_files": kept}).status_code == 303
    session().expire_all()
    services.publish(path)
    services.join(path, learner)
    commit()
    step = path.published.steps[0]
    file = step.content["files"][0]["id"]
    address = f"/learning-paths/{path.public_id}/steps/{step.key}/task-files/{file}"
    assert sign_in(learner).get(address).data == b"Date."
    assert sign_in(person()).get(address).status_code == 404
    assert writer.get(f"{base}/{step.key}/task-files/{file}").data == b"Date."
    assert writer.get(f"{base}/{step.key}/task-files/nothing").status_code == 404
    forged = {**form, "kept_files": "WzFd.forged"}
    assert writer.submit(f"{base}/new/assignment", forged).status_code == 303
    session().expire_all()
    assert path.edited.steps[-1].content["files"] == []
