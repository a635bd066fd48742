"""Who may open what of a path and its members: every address with an object in it, for every role; nobody else sees anything."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import url_for
from werkzeug.datastructures import FileStorage, MultiDict

from portal.accounts.models import GroupKind
from portal.accounts.services import groups
from portal.accounts.services.lists import keep_list
from portal.certificates.design import services as templates
from portal.certificates.design.designs import STANDARD
from portal.certificates.models import GrantBatch
from portal.core import storage
from portal.core.clock import now
from portal.core.db import commit, session
from portal.learning import services
from portal.learning.achieved import Achieved
from portal.learning.goals.assignment.files import keep, sealed
from portal.learning.models import Upload, Visibility
from portal.learning.services import audiences, by_hand, events, seats
from portal.learning.xapi import keys

SHUT = {403, 404}
OPEN = {200, 302, 303}
OWN = {"owner", "administrator"}
EDIT = OWN | {"editor"}
REVIEW = OWN | {"reviewer"}
LOOK = EDIT | REVIEW
MEMBER = {"member"}
MEMBERS = {"member", "another member"}
OWNER = {"owner"}
INSTRUCTORS = LOOK | {"stranger"}
ADMINISTRATOR = {"administrator"}
# There is nothing to approve, nobody missed a date that is over, and there is no badge: then nobody sees such a page.
NOBODY: set[str] = set()
OUTSIDERS = ("another member", "learner", "stranger")

WHO_MAY: dict[str, set[str]] = {
    "authoring.info": EDIT,
    "authoring.badge": EDIT,
    "authoring.new_date": EDIT,
    "authoring.event_date": EDIT,
    "authoring.cancel_date": EDIT,
    "authoring.activity_keys": EDIT,
    "authoring.revoke_activity_key": EDIT,
    "authoring.steps": EDIT,
    "authoring.new_step": EDIT,
    "authoring.step": EDIT,
    "authoring.remove_step": EDIT,
    "authoring.new_group": EDIT,
    "authoring.group": EDIT,
    "authoring.export": EDIT,
    "authoring.archive": EDIT,
    "authoring.delete": EDIT,
    "authoring.step_file_of_draft": EDIT,
    "authoring.step_captions_of_draft": EDIT,
    "authoring.deactivate": EDIT,
    "authoring.discard": EDIT,
    "authoring.preview": EDIT,
    "authoring.preview_step": EDIT,
    "authoring.settings": EDIT,
    "authoring.task_file_of_draft": EDIT,
    "authoring.versions": EDIT,
    "authoring.attendance": REVIEW,
    "authoring.attendance_file": REVIEW,
    "authoring.member": REVIEW,
    "authoring.set_step": REVIEW,
    "authoring.give_another_try": REVIEW,
    "authoring.remove_member": REVIEW,
    "authoring.decide": REVIEW,
    "authoring.event_dates": LOOK,
    "authoring.find_members": LOOK,
    "authoring.member_groups": LOOK,
    "authoring.remove_member_group": LOOK,
    "authoring.list_members": LOOK,
    "authoring.grant": LOOK,
    "authoring.grant_one": LOOK,
    "authoring.grant_list": LOOK,
    "authoring.grant_batch": LOOK,
    "authoring.members": LOOK,
    "authoring.export_members": LOOK,
    "authoring.write_message": LOOK,
    "authoring.messages": LOOK,
    "authoring.find_instructors": OWN,
    "authoring.preview_members": OWNER,
    "authoring.wrong_members": OWNER,
    "authoring.grant_preview": OWNER,
    "authoring.grant_wrong": OWNER,
    "authoring.category": ADMINISTRATOR,
    "authoring.approval": NOBODY,
    "authoring.fail_absent": NOBODY,
    "learning.leave": MEMBERS,
    "learning.step": MEMBERS,
    "learning.step_file": MEMBERS,
    "learning.step_captions": MEMBERS,
    "learning.calendar_file": MEMBERS,
    "learning.task_file": MEMBERS,
    "learning.path": LOOK | MEMBERS,
    "learning.upload": REVIEW | MEMBER,
    "certificates.earn": MEMBER,
    "certificates.share": MEMBER,
    "certificates.add_to_linkedin": MEMBER,
    "certificates.certificate": LOOK | MEMBER,
    "certificates.drawn": LOOK | MEMBER,
    "certificates.download": LOOK | MEMBER,
    "certificates.revoke": LOOK,
    "certificates.reissue": LOOK,
    "transcript.certificates_of": LOOK,
    "transcript.learning_paths_of": LOOK,
    "transcript.open_badges_of": LOOK,
    "transcript.print_of": LOOK,
    "transcript.pdf_of": LOOK,
    "certificates.edit_template": OWN,
    "certificates.template_picture": INSTRUCTORS,
    "certificates.template_sample": INSTRUCTORS,
    "certificates.badge_file": NOBODY,
}
# Anybody may open these; what they show is public, or checked by the secret in their address.
PUBLIC = {
    "certificates.checked", "certificates.checked_drawing", "certificates.checked_picture", "certificates.layout_picture",
    "certificates.published_work",
}  # fmt: skip


@dataclass
class World:
    """A path that only its members see, with everything on it, and people of every role."""

    people: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    special: dict[str, dict[str, Any]] = field(default_factory=dict)


def _content(kind: str) -> dict[str, Any]:
    sound = b"RIFF\x24\x00\x00\x00WAVEfmt "
    file = {"key": storage.put(sound, "audio/wav"), "type": "audio/wav", "name": "horn.wav", "size": len(sound)}
    task = {"key": storage.put(b"%PDF-1.7 task", "application/pdf"), "type": "application/pdf", "name": "task.pdf"}
    captions = {"key": storage.put(b"WEBVTT\n", "text/vtt"), "language": "en"}
    return {
        "page": {"text": "Read this."},
        "assignment": {
            "task": "Write.", "files": [{**task, "size": 13, "id": "task1"}], "text": True, "most_files": 3,
            "types": ["documents"], "graded": True, "pass_grade": 50,
        },
        "event": {"text": "Come."},
        "xapi": {
            "verb": "http://adlnet.gov/expapi/verbs/passed", "activity": "https://example.org/a", "score": None,
            "success": False, "_text": "", "_launch": "",
        },
        "file": {
            "text": "Listen.", "source": "upload", "file": file, "_captions": [captions], "link": "",
            "done_when": "marked", "percent": 80,
        },
    }[kind]  # fmt: skip


@pytest.fixture
def world(app, person):
    people = {
        "owner": person("instructor"), "editor": person("instructor"), "reviewer": person("instructor"),
        "stranger": person("instructor"), "administrator": person("administrator"), "member": person(),
        "another member": person(), "learner": person(),
    }  # fmt: skip
    owner = people["owner"]
    with app.test_request_context("/", method="POST"):
        path = services.create_path(owner, services.Info(title="Data literacy", certification=True))
        steps = {
            kind: services.add_step(path, kind, title=f"A step of kind {kind}", content=_content(kind)).key
            for kind in ("page", "assignment", "event", "xapi", "file")
        }
        band = services.add_step(path, "group", title="A group").key
        services.move_into(path, steps["file"], band)
        services.publish(path)
        services.set_audience(path, seen=Visibility.NOBODY, joined=Visibility.NOBODY, groups=[])
        services.add_instructor(path, people["editor"], may_review=False)
        services.add_instructor(path, people["reviewer"], may_edit=False)
        membership = services.add_member(path, people["member"], by=owner)
        services.add_member(path, people["another member"], by=owner)
        date = events.add_date(path, steps["event"], _tomorrow())
        seats.sign_up(membership, date)
        upload = _handed_in(membership, steps["assignment"])
        services.hand_in(membership, steps["page"])
        certificate = by_hand.grant_to(path, people["member"], Achieved(now().date()), by=owner, reason="Known.")
        group = groups.create_group("Quay crew", GroupKind.GROUP)
        audiences.add_group(path, group, by=owner)
        key, _secret = keys.make_key(path, steps["xapi"], "Simulator", owner)
        version = path.published
        batch = GrantBatch(
            path_public_id=path.public_id, path_title=path.title, path_version=version.number,
            certification_id=version.certification_id, by_id=owner.id, digest="d",
        )  # fmt: skip
        session().add(batch)
        member_list = keep_list("new@example.org", owner, f"path:{path.public_id}:voluntary")
        grant_list = keep_list("new@example.org", owner, f"grant:{path.public_id}:")
        category = services.name_category("Data")
        template = templates.create(owner, "Ours", STANDARD)
        commit()
    values = {
        "path": path, "membership": membership, "date": date, "group": group, "batch": batch, "upload": upload,
        "activity_key": key, "template": template, "certificate": certificate, "person": people["another member"],
        "learner": people["member"], "category": category, "key": steps["page"], "kind": "page", "number": 0, "file": "task1",
        "people_list": member_list, "public_id": "unknown",
    }  # fmt: skip
    steps_of = {
        "authoring.step_captions_of_draft": "file", "authoring.step_file_of_draft": "file", "learning.step_file": "file",
        "learning.step_captions": "file", "authoring.event_dates": "event", "authoring.new_date": "event",
        "authoring.activity_keys": "xapi", "authoring.task_file_of_draft": "assignment", "learning.task_file": "assignment",
        "authoring.decide": "assignment", "authoring.set_step": "assignment",
    }  # fmt: skip
    special = {endpoint: {"key": steps[kind]} for endpoint, kind in steps_of.items()}
    special["authoring.group"] = {"key": band}
    for endpoint in ("authoring.grant_preview", "authoring.grant_wrong"):
        special[endpoint] = {"people_list": grant_list}
    return World(people, values, special)


def _tomorrow() -> events.Appointment:
    begins = now() + timedelta(days=1)
    return events.Appointment(starts_at=begins, ends_at=begins + timedelta(hours=1), timezone="UTC", place="Gate 2")


def _handed_in(membership: Any, key: str) -> Upload:
    """Hand an assignment in with a file, and return the file's row."""
    kept = keep(FileStorage(io.BytesIO(b"%PDF-1.7 work"), filename="work.pdf"), ["documents"])
    answers = MultiDict({"text": "Done.", "kept": sealed(membership, key, kept)})
    services.hand_in(membership, key, answers)
    return session().query(Upload).filter_by(membership_id=membership.id).one()


def _rules(app: Any, method: str) -> list[Any]:
    """Return the addresses of a method that name an object, of the rooms in which people learn and teach."""
    rooms = ("authoring.", "learning.", "certificates.", "transcript.")
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in rule.methods and rule.arguments and rule.endpoint.startswith(rooms)
    ]


def _address(app: Any, world: World, rule: Any) -> str:
    values = {**world.values, **world.special.get(rule.endpoint, {})}
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


def test_every_address_with_an_object_stands_in_the_table(app):
    named = {rule.endpoint for rule in _rules(app, "GET")} - PUBLIC
    assert named == set(WHO_MAY), "say in WHO_MAY who may open a new page, or in PUBLIC that everybody may"


def test_each_role_opens_what_is_theirs_and_nothing_else(app, world, sign_in):
    clients = {who: sign_in(row) for who, row in world.people.items()}
    wrong = []
    for rule in _rules(app, "GET"):
        if rule.endpoint in PUBLIC:
            continue
        address = _address(app, world, rule)
        for who, client in clients.items():
            status = client.get(address).status_code
            if status not in (OPEN if who in WHO_MAY[rule.endpoint] else SHUT):
                wrong.append(f"{rule.endpoint} answered {status} to {who}: {address}")
    assert not wrong, "\n".join(wrong)


def test_whoever_is_not_signed_in_is_asked_to(app, world, client):
    for rule in _rules(app, "GET"):
        if rule.endpoint in PUBLIC:
            continue
        answer = client.get(_address(app, world, rule))
        assert answer.status_code in {302, 303, *SHUT}, rule.endpoint
        if answer.status_code in {302, 303}:
            assert "/sign-in" in answer.location, rule.endpoint


# Every instructor may use the templates of all.
FOR_EVERY_INSTRUCTOR = {"certificates.clone_template"}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_does_anything_with_what_is_anothers(app, world, sign_in, who):
    client = sign_in(world.people[who])
    token = client.token("/profile")
    shut = [rule for rule in _rules(app, "POST") if rule.endpoint.startswith(("authoring.", "certificates."))]
    shut += [rule for rule in _rules(app, "POST") if rule.endpoint.startswith("learning.") and who not in MEMBERS]
    wrong = []
    for rule in shut:
        if who == "stranger" and rule.endpoint in FOR_EVERY_INSTRUCTOR:
            continue
        status = client.post(_address(app, world, rule), data={"csrf_token": token}).status_code
        if status not in SHUT:
            wrong.append(f"{rule.endpoint} answered {status}")
    assert not wrong, "\n".join(wrong)


def test_a_member_sees_nothing_of_another_members_on_their_own_pages(app, world, sign_in):
    key = world.special["authoring.decide"]["key"]
    path = world.values["path"].public_id
    page = sign_in(world.people["another member"]).get(f"/learning-paths/{path}/steps/{key}").text
    assert "work.pdf" not in page
    assert world.people["member"].name not in page


def test_a_draft_is_seen_by_those_who_write_it_alone(app, world, sign_in):
    path = world.values["path"]
    with app.test_request_context("/", method="POST"):
        step = services.add_step(path, "page", title="Not published", content={"text": "Secret draft"})
        commit()
    for who in ("member", "learner", "stranger", "reviewer"):
        client = sign_in(world.people[who])
        for address in (f"/learning-paths/{path.public_id}", f"/learning-paths/{path.public_id}/steps/{step.key}"):
            answer = client.get(address)
            assert "Not published" not in answer.text
        assert client.get(f"/authoring/learning-paths/{path.public_id}/preview/steps/{step.key}").status_code in SHUT
