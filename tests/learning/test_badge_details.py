"""The page Badge details: rows come and go, what no badge may say is refused beside its field, publishing fixes it."""

from __future__ import annotations

import json

import pytest

from portal.certificates.models import Certificate, Certification
from portal.core import storage
from portal.core.db import commit, session
from portal.learning import services
from portal.learning.models import Membership, RecordState, StepRecord
from portal.learning.published_work import KIND, WorkOfMembers
from tests.learning.conftest import png_key

GOOD = {"alignments-0-name": "give first aid", "alignments-0-url": "http://data.europa.eu/esco/skill/1"}


@pytest.fixture
def owner(person):
    return person("instructor")


@pytest.fixture
def path(issuer, make_path, owner):
    return make_path(
        owner, publish=False, certification=True, open_badges=True, badge_name="First aid",
        badge_description="Knows what to do first.", cover_key=png_key(),
    )  # fmt: skip


def here(path) -> str:
    return f"/authoring/learning-paths/{path.public_id}/badge"


def save(client, path, **fields):
    known = {"achievement_type": "Course", "language": "", "action": "save"}
    return client.submit(here(path), {**known, **fields})


def settings(path) -> Certification:
    session().expire_all()
    row = services.path_by_public_id(path.public_id).edited.certification
    commit()
    return row


def test_type_language_and_frameworks_are_saved_and_stand_in_the_badge_once_published(path, owner, sign_in, client):
    instructor = sign_in(owner)
    more = {"alignments-0-framework": "ESCO", "alignments-0-code": "S3.2", "alignments-0-description": "To help"}
    assert save(instructor, path, language="nb", **GOOD, **more).status_code == 303
    page = instructor.get(here(path)).text
    assert "give first aid" in page
    assert "Publishing makes version 1" in page
    services.publish(services.path_by_public_id(path.public_id))
    commit()
    said = json.loads(settings(path).badge_class.document_v3)
    assert (said["achievementType"], said["inLanguage"]) == ("Course", "nb")
    assert said["alignment"][0]["targetCode"] == "S3.2"
    assert "Publishing makes no new version" in instructor.get(here(path)).text


def test_a_new_draft_begins_with_what_was_published_and_says_what_changes(path, owner, sign_in):
    client = sign_in(owner)
    save(client, path, **GOOD)
    services.publish(services.path_by_public_id(path.public_id))
    commit()
    save(client, path, achievement_type="Competency", **GOOD)
    assert settings(path).badge_alignments[0]["name"] == "give first aid"
    page = client.get(here(path)).text
    assert "Publishing makes version 2. Changed: Type" in " ".join(page.split())
    services.publish(services.path_by_public_id(path.public_id))
    commit()
    row = settings(path).badge_class
    assert (row.number, len(row.earlier)) == (2, 1)


def test_rows_are_added_and_removed_without_saving_and_without_losing_what_was_typed(path, owner, sign_in):
    client = sign_in(owner)
    answer = save(client, path, action="add", **GOOD)
    assert answer.status_code == 200
    assert 'name="alignments-1-name"' in answer.text
    assert 'value="give first aid"' in answer.text
    two = {**GOOD, "alignments-1-name": "second", "alignments-1-url": "not finished"}
    answer = save(client, path, action="remove-0", **two)
    assert 'value="give first aid"' not in answer.text
    assert 'value="not finished"' in answer.text
    assert settings(path).badge_alignments == []


def test_empty_rows_are_left_out(path, owner, sign_in):
    save(sign_in(owner), path, **{"alignments-0-name": "", "alignments-0-url": ""}, **{
        "alignments-1-name": "x", "alignments-1-url": "https://a.example/",
    })  # fmt: skip
    assert settings(path).badge_alignments == [{"name": "x", "url": "https://a.example/"}]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"alignments-0-url": "javascript:alert(1)"}, "This must be a complete address"),
        ({"alignments-0-url": "skills/1"}, "This must be a complete address"),
        ({"alignments-0-url": "https://"}, "names no host"),
        ({"alignments-0-url": ""}, "This must be a complete address"),
        ({"alignments-0-name": "pasted\x0btext"}, "invisible control character (U+000B)"),
        ({"alignments-0-name": ""}, "Say what the badge corresponds to"),
        ({"alignments-0-code": "x" * 101}, "Use at most 100 characters"),
        ({"achievement_type": "Quest"}, "Not a valid choice"),
        ({"language": "klingon"}, "Not a valid choice"),
    ],
)
def test_what_no_badge_may_say_is_refused_beside_its_field_and_nothing_is_lost(path, owner, sign_in, fields, words):
    sent = {**GOOD, "alignments-0-framework": "My framework", **fields}
    answer = save(sign_in(owner), path, **sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert "My framework" in answer.text
    assert settings(path).badge_alignments == []


def test_the_refusal_stands_at_the_row_it_belongs_to_also_after_an_empty_one(path, owner, sign_in):
    answer = save(
        sign_in(owner), path,
        **{"alignments-0-name": "", "alignments-1-name": "x", "alignments-1-url": "nowhere"},
    )  # fmt: skip
    assert 'id="alignments-1-url-errors"' in answer.text
    assert "Framework 2:" in answer.text


def test_somebody_elses_change_is_not_overwritten_unseen(path, owner, sign_in):
    client = sign_in(owner)
    save(client, path, **GOOD)
    answer = save(client, path, revision="older", achievement_type="Award", **GOOD)
    assert (answer.status_code, "Somebody changed this draft" in answer.text) == (422, True)
    assert settings(path).badge_achievement_type == "Course"


def test_the_info_page_leads_there_and_strangers_do_not_get_in(path, owner, person, sign_in):
    assert here(path) in sign_in(owner).get(f"/authoring/learning-paths/{path.public_id}").text
    assert sign_in(person("instructor")).get(here(path)).status_code == 404
    assert sign_in(person()).get(here(path)).status_code == 403


def test_saving_what_stands_there_makes_no_draft(path, owner, sign_in):
    client = sign_in(owner)
    save(client, path, **GOOD)
    services.publish(services.path_by_public_id(path.public_id))
    commit()
    save(client, path, **GOOD)
    session().expire_all()
    assert services.path_by_public_id(path.public_id).draft is None


def test_accepted_assignments_of_the_round_can_be_published_and_nothing_else(issuer, make_path, owner, person):
    path = make_path(owner, steps=("page", "page", "page"))
    for number in (0, 2):
        path.published.steps[number].kind = KIND
    commit()
    learner = person()
    membership: Membership = services.join(path, learner)
    kept, hidden = f"{'a' * 64}.upload", f"{'b' * 64}.upload"
    storage.keep_as(kept, b"Ten notes\x0b")
    storage.keep_as(hidden, b"\x89PNG")
    work = {
        "text": "My plan",
        "files": [
            {"key": kept, "name": "notes.txt", "type": "text/plain", "size": 9},
            {"key": hidden, "name": "scan.png", "type": "image/png", "size": 4},
        ],
    }
    session().expire_all()
    for step, state in zip(
        membership.version.steps, (RecordState.DONE, RecordState.DONE, RecordState.WAITING), strict=True
    ):
        session().add(
            StepRecord(
                membership_id=membership.id, step_key=step.key, content_hash="", state=state, evidence=work
            )
        )  # fmt: skip
    commit()
    certificate = Certificate(source=membership.source, holder_id=learner.id, path_title="x", path_public_id="x")
    (found,) = WorkOfMembers().evidence_of(certificate)
    assert (found.title, found.text, found.files) == ("Step 1", "My plan", (("notes.txt", "Ten notes"),))
    certificate.holder_id = owner.id
    assert WorkOfMembers().evidence_of(certificate) == []
    certificate.source = "by hand"
    assert WorkOfMembers().evidence_of(certificate) == []


def test_those_who_look_after_a_path_look_after_the_endorsements_of_its_badge(path, owner, person, sign_in):
    services.publish(services.path_by_public_id(path.public_id))
    commit()
    page = f"/badges/classes/{settings(path).badge_class.public_id}/endorsements"
    assert sign_in(owner).get(page).status_code == 200
    assert page in sign_in(owner).get(here(path)).text
    assert sign_in(person("instructor")).get(page).status_code == 404
