"""What every kind of step must be able to do: the contract, asked of each entry of the registry."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from portal.core.errors import Refused
from portal.learning import services
from portal.learning.goals.forms import StepForm
from portal.learning.goals.kind import Turn
from portal.learning.goals.registry import KINDS, find, kind_of
from portal.learning.models import RecordState, Step


@dataclass(frozen=True)
class Example:
    """A step of a kind: its content, and what a learner sends who does it well."""

    content: dict[str, Any]
    answers: dict[str, Any] = field(default_factory=dict)


QUIZ: dict[str, Any] = {
    "intro": "Without a calculator.",
    "questions": [
        {
            "id": "r9K2",
            "kind": "single",
            "text": "What is the number to call?",
            "points": 2,
            "answers": [{"id": "a7Qx", "text": "112", "right": True}, {"id": "b3Zt", "text": "12", "right": False}],
            "number": "",
            "tolerance": "",
            "accepted": [],
            "explanation": "112 works in the whole of Europe.",
        },
    ],
    "pass": 80,
    "attempts": 2,
    "shuffle_questions": True,
    "shuffle_answers": True,
    "explain": "finished",
    "secret": "s",
}
ASSIGNMENT: dict[str, Any] = {
    "task": "Write about it.",
    "files": [],
    "text": True,
    "most_files": 3,
    "types": ["documents", "pictures"],
    "graded": True,
    "pass_grade": 50,
}
ANOTHER = "another-learning-path"
EXAMPLES = {
    "page": Example({"text": "Read this."}),
    "quiz": Example(QUIZ, {"q-r9K2": "a7Qx"}),
    "assignment": Example(ASSIGNMENT, {"text": "I have written about it."}),
    "confirmation": Example({"task": "Show it."}),
    "file": Example(
        {
            "text": "Watch out for the exits.",
            "source": "upload",
            "file": {"key": "0" * 64 + ".mp4", "type": "video/mp4", "name": "drill.mp4", "size": 1000},
            "_captions": [{"key": "1" * 64 + ".vtt", "language": "en"}],
            "link": "",
            "done_when": "watched",
            "percent": 80,
        },
        {"stretches": "0-9.5", "position": "9.5", "duration": "10"},
    ),
    "link": Example({"text": "Read the first chapter.", "link": "https://example.org/book"}),
    "event": Example({"text": "Bring your boots."}),
    "path": Example({"path": ANOTHER, "_text": "It comes first."}),
    "xapi": Example(
        {
            "verb": "http://adlnet.gov/expapi/verbs/passed",
            "activity": "https://example.org/courses/fire",
            "score": 60,
            "success": True,
            "_text": "Play it.",
            "_launch": "https://example.org/play?lang=en",
        }
    ),
}


def of(kind):
    assert kind.name in EXAMPLES, (
        f"Give the kind {kind.name} an example in EXAMPLES, so that its contract can be asked."
    )
    return EXAMPLES[kind.name]


def example(kind):
    return of(kind).content


def turn(kind, answers=None):
    step = Step(kind=kind.name, title="A step", content=example(kind), key="k", public_id="p", content_hash="h")
    return Turn(step, answers=MultiDict(of(kind).answers if answers is None else answers))


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request):
    return request.param


@pytest.fixture
def asked(app):
    """Stand inside a request, as forms and translations do."""
    with app.test_request_context():
        yield


def test_it_is_found_by_its_name(kind):
    assert find(kind.name) is kind is kind_of(kind.name)
    assert kind.name.isidentifier()
    assert len(kind.name) <= 30


def test_it_says_what_it_is(kind, asked):
    assert str(kind.label)
    assert str(kind.hint)
    assert kind.icon


def test_its_templates_stand(kind, app):
    for template in (kind.editor, kind.player, *([kind.work] if kind.work else [])):
        app.jinja_env.get_template(template)


def test_its_form_gives_back_what_was_put_in(kind, asked):
    form = kind.form(formdata=None)
    assert isinstance(form, StepForm)
    kind.fill(form, example(kind))
    assert kind.content_of(form) == example(kind)


def test_its_content_is_json(kind, asked):
    form = kind.form(formdata=None)
    kind.fill(form, example(kind))
    assert json.loads(json.dumps(kind.content_of(form))) == kind.content_of(form)


def test_it_says_what_an_empty_step_lacks(kind, asked):
    form = kind.form(formdata=None)
    assert kind.missing(kind.content_of(form))
    assert kind.missing({})
    assert kind.missing(example(kind)) == []


def test_it_writes_a_criterion_with_the_title(kind, asked):
    assert "Fire drill" in kind.criterion("Fire drill")


def test_a_turn_is_done_or_waits(kind, asked):
    if not kind.by_learner:
        with pytest.raises(Refused):
            kind.hand_in(turn(kind))
        return
    handed = kind.hand_in(turn(kind))
    assert handed.state == (RecordState.WAITING if kind.reviewed else RecordState.DONE)
    json.dumps(dict(handed.evidence))


def test_it_bears_nonsense_in_the_answers(kind, asked):
    for answers in ({"note": "x" * 100_000}, {"x": "\x00"}, {"note": "<script>"}):
        refused = None
        try:
            kind.hand_in(turn(kind, answers))
        except Refused as error:
            refused = error
        assert refused is None or refused.field or not kind.by_learner


def test_its_pages_open_for_instructor_and_learner(kind, make_path, person, sign_in):
    instructor, learner = person("instructor"), person()
    make_path(instructor, title="Another path").public_id = ANOTHER
    path = make_path(instructor, steps=(), publish=False)
    step = services.add_step(path, kind.name, title="A step", content=example(kind))
    services.publish(path)
    services.join(path, learner)
    writer, reader = sign_in(instructor), sign_in(learner)
    base = f"/authoring/learning-paths/{path.public_id}"
    for address in (f"{base}/steps/new/{kind.name}", f"{base}/steps/{step.key}", f"{base}/preview/steps/{step.key}"):
        assert writer.get(address).status_code == 200
    own = f"/learning-paths/{path.public_id}/steps/{step.key}"
    assert reader.get(own).status_code == 200
    if kind.by_learner:
        assert reader.submit(own, of(kind).answers).status_code == 303
    assert reader.get(own).status_code == 200
