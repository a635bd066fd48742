"""A draft saves itself while its instructor writes: what fits is kept, what does not is said, nothing is published."""

from __future__ import annotations

from portal.core.db import session


def fields(path, **changes):
    return {"title": "Data literacy", "language": "en", "validity_kind": "permanent", "action": "autosave", **changes}


def test_the_info_page_saves_itself_as_a_draft(make_path, person, sign_in):
    instructor = person("instructor")
    path = make_path(instructor)
    writer = sign_in(instructor)
    url = f"/authoring/learning-paths/{path.public_id}"
    assert "data-autosave" in writer.get(url).text
    answer = writer.submit(url, fields(path, title="Better title"))
    assert answer.status_code == 200
    assert answer.json["saved"]
    assert "Draft saved at" in answer.json["text"]
    session().expire_all()
    assert path.draft.title == "Better title"
    assert path.published.title == "Data literacy"
    assert answer.json["revision"]


def test_what_does_not_fit_is_said_and_not_saved(make_path, person, sign_in):
    instructor = person("instructor")
    path = make_path(instructor)
    writer = sign_in(instructor)
    url = f"/authoring/learning-paths/{path.public_id}"
    answer = writer.submit(url, fields(path, title=""))
    assert answer.status_code == 422
    assert "Title" in answer.json["text"]
    key = path.published.steps[0].key
    answer = writer.submit(f"{url}/steps/{key}", {"title": "x" * 201, "text": "A", "action": "autosave"})
    assert answer.status_code == 422
    session().expire_all()
    assert path.draft is None


def test_a_step_saves_itself_as_a_draft(make_path, person, sign_in):
    instructor = person("instructor")
    path = make_path(instructor)
    key = path.published.steps[0].key
    url = f"/authoring/learning-paths/{path.public_id}/steps/{key}"
    said = {"title": "Step 1", "text": "Half a sent", "mandatory": "y", "action": "autosave"}
    answer = sign_in(instructor).submit(url, said)
    assert answer.json["saved"]
    session().expire_all()
    assert path.draft.step(key).content["text"] == "Half a sent"
