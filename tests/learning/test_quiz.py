"""Quizzes: marking, attempts, what reaches the browser and when, and how they are written."""

from __future__ import annotations

import re
import threading
from contextvars import Context
from fractions import Fraction

import pytest
from werkzeug.datastructures import MultiDict

from portal.core.db import commit, db, session
from portal.core.errors import Refused
from portal.learning import services
from portal.learning.goals.quiz import marking
from portal.learning.goals.quiz.paper import Asks, Question, read
from portal.learning.models import Membership, StepRecord

SECRET = "Oil floats on water."


def question(kind="single", **changes):
    return {
        "id": f"q{kind}", "kind": kind, "text": f"Ask {kind}?", "points": 1, "answers": [], "number": "", "tolerance": "",
        "accepted": [], "explanation": "", **changes,
    }  # fmt: skip


def content(**changes):
    return {
        "intro": "",
        "questions": [
            question(
                explanation=SECRET,
                answers=[{"id": "aa", "text": "Wood", "right": False}, {"id": "bb", "text": "Oil", "right": True}],
            ),
            question("multiple", points=2, answers=[
                {"id": letter, "text": letter, "right": letter in "mn"} for letter in "mnop"
            ]),
            question("number", number="30.5", tolerance="0.25"),
            question("text", accepted=["Carbon dioxide", "CO₂"]),
        ],
        "pass": 80, "attempts": 2, "shuffle_questions": True, "shuffle_answers": True, "explain": "finished", "secret": "s",
        **changes,
    }  # fmt: skip


WELL = {"q-qsingle": "bb", "q-qmultiple": ["m", "n"], "q-qnumber": "30,5", "q-qtext": " co2 "}
BADLY = {"q-qsingle": "aa", "q-qmultiple": ["o"], "q-qnumber": "7", "q-qtext": "steam"}


def one(**changes):
    return read({"questions": [question(**changes)]}).questions[0]


@pytest.fixture
def quiz(make_path, person, sign_in):
    """Return (step, membership, client, address) of a learner who has joined a path of one quiz."""

    def make(**changes):
        learner = person()
        path = make_path(steps=(), publish=False)
        step = services.add_step(path, "quiz", title="Fire", content=content(**changes))
        services.publish(path)
        membership = services.join(path, learner)
        commit()
        return step, membership, sign_in(learner), f"/learning-paths/{path.public_id}/steps/{step.key}"

    return make


def record_of(membership):
    session().expire_all()
    return services.record_of(session().get(Membership, membership.id), membership.version.steps[0])


@pytest.mark.parametrize(
    ("given", "worth"),
    [
        ([], 0),
        (["m"], "1/2"),
        (["m", "n"], 1),
        (["m", "o"], 0),
        (["m", "n", "o"], "1/2"),
        (list("mnop"), 0),
        (["zz"], 0),
    ],
)
def test_each_right_choice_counts_its_part_and_each_wrong_one_takes_one(given, worth):
    asked = one(kind="multiple", answers=[{"id": letter, "text": letter, "right": letter in "mn"} for letter in "mnop"])
    assert marking.share(asked, given) == Fraction(worth)


@pytest.mark.parametrize("text", ["30.5", "30,5", " 30.50 ", "3.05e1", "30.75", "30.25", "٣٠٫٥", "+30,5"])
def test_a_number_near_enough_is_right_however_it_is_written(text):
    assert marking.share(one(kind="number", number="30.5", tolerance="0.25"), [text]) == 1


@pytest.mark.parametrize("text", ["30.76", "-30.5", "", "30.5 m", "nan", "inf", "1e999999999", "thirty", "1" * 100])
def test_other_numbers_and_words_are_wrong(text):
    assert marking.share(one(kind="number", number="30.5", tolerance="0.25"), [text]) == 0


@pytest.mark.parametrize("text", ["1,000", "1.000", "1 000", "1\u202f000", "1'000", "1000", "1,000.0", "1.000,0"])
def test_thousands_may_be_set_apart_in_any_way(text):
    assert marking.share(one(kind="number", number="1000"), [text]) == 1


def test_a_negative_number_may_have_a_real_minus():
    assert marking.share(one(kind="number", number="-4"), ["−4"]) == 1


@pytest.mark.parametrize(
    ("accepted", "text"),
    [
        ("Carbon dioxide", "  carbon   DIOXIDE "), ("CO₂", "co2"), ("Straße", "STRASSE"), ("Café", "cafe\u0301"),
        ("don’t", "Don't"), ("Αθήνα", "ΑΘΉΝΑ"), ("東京", "東京"), ("Ёлка", "ёлка"), ("well-known", "well–known"),
    ],
)  # fmt: skip
def test_short_texts_are_compared_forgivingly(accepted, text):
    assert marking.share(one(kind="text", accepted=[accepted]), [text]) == 1


def test_short_texts_are_not_compared_carelessly():
    asked = one(kind="text", accepted=["Café"])
    assert marking.share(asked, ["cafe"]) == 0
    assert marking.share(asked, [""]) == 0


def test_a_grade_is_never_rounded_up_to_what_was_not_reached():
    assert marking.shown_percent(Fraction(200, 3)) == 66.6
    assert marking.shown_percent(Fraction("79.99")) == 79.9


def test_nothing_that_tells_the_answers_reaches_the_browser_beforehand(quiz):
    _step, _membership, client, address = quiz(explain="always")
    html = client.get(address).get_data(as_text=True)
    assert "Ask single?" in html
    for telling in (SECRET, "dioxide", "CO₂", "30.5", "0.25", "right&#34;", "data-right"):
        assert telling not in html
    options = re.findall(r'<label class="check quiz-option".*?</label>', html)
    said = {re.sub(r'(id|for|value)="[^"]*"|<span.*?</span>|type="\w+"|name="[^"]*"', "", option) for option in options}
    assert len(options) == 6
    assert len(said) == 1, "The answers differ in more than their words."


def test_the_hash_that_the_page_carries_does_not_tell_the_answers_either(app):
    with app.test_request_context():
        from portal.learning.goals.quiz import Quiz

        kind = Quiz()
        first, second = kind.form(formdata=None), kind.form(formdata=None)
        assert kind.content_of(first)["secret"] != kind.content_of(second)["secret"]


def test_the_order_is_the_same_until_the_attempt_is_handed_in(quiz):
    many = [question("text", id=f"t{number}", text=f"Number {number}?", accepted=["x"]) for number in range(12)]
    _step, _membership, client, address = quiz(questions=many)

    def order(suffix=""):
        return re.findall(r'name="q-(t\d+)"', client.get(address + suffix).get_data(as_text=True))

    first = order()
    assert first == order()
    assert sorted(first) == sorted(one["id"] for one in many)
    assert first != [one["id"] for one in many]
    client.submit(address, {"unanswered": "leave", "attempt": "1"})
    assert order("?again=1") != first


def test_a_quiz_is_passed_with_a_grade_and_explained(quiz):
    _step, membership, client, address = quiz()
    answer = client.submit(address, {**WELL, "attempt": "1"}, follow_redirects=True).get_data(as_text=True)
    assert "Passed" in answer
    assert "100%" in answer
    assert SECRET in answer
    record = record_of(membership)
    assert (record.state, record.grade, record.attempts) == ("done", 100.0, 1)
    assert session().get(Membership, membership.id).completed_at is not None


def test_the_last_attempt_that_is_not_passed_fails_the_step_until_another_try(quiz, person):
    _step, membership, client, address = quiz()
    html = client.submit(address, {**BADLY, "attempt": "1"}, follow_redirects=True).get_data(as_text=True)
    assert "1 attempt left" in html
    assert SECRET not in html
    assert record_of(membership).state == "started"
    html = client.submit(address, {**BADLY, "attempt": "2"}, on=address + "?again=1", follow_redirects=True).get_data(
        as_text=True
    )
    assert SECRET in html
    record = record_of(membership)
    assert (record.state, record.attempts, record.grade) == ("failed", 2, 0.0)
    membership = session().get(Membership, membership.id)
    assert membership.status == "failed"
    services.another_try(membership, person("administrator"))
    commit()
    client.submit(address, {**WELL, "attempt": "1"})
    assert record_of(membership).state == "done"


def test_questions_left_out_are_asked_about_once_and_cost_no_attempt(quiz):
    _step, membership, client, address = quiz()
    answer = client.submit(address, {"q-qsingle": "bb", "q-qtext": "héhé <b>", "attempt": "1"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "2 questions are not answered" in html
    assert 'value="héhé &lt;b&gt;"' in html
    assert re.search(r'value="bb" checked', html)
    assert record_of(membership) is None
    client.submit(address, {"q-qsingle": "bb", "attempt": "1", "unanswered": "leave"})
    assert record_of(membership).attempts == 1


@pytest.mark.parametrize("value", ["a lot", "<script>", "1" * 600, "\u202e12"])
def test_what_is_no_number_is_said_beside_its_field_and_costs_no_attempt(quiz, value):
    _step, membership, client, address = quiz()
    answer = client.submit(address, {**WELL, "q-qnumber": value, "attempt": "1"})
    assert answer.status_code == 422
    assert "q-qnumber-errors" in answer.get_data(as_text=True)
    assert record_of(membership) is None


def test_a_double_click_hands_in_once(quiz):
    _step, membership, client, address = quiz()
    token = client.token(address)
    for _click in range(2):
        assert client.post(address, data={**BADLY, "attempt": "1", "csrf_token": token}).status_code == 303
    assert record_of(membership).attempts == 1


def test_an_old_tab_does_not_use_the_next_attempt(quiz):
    _step, membership, client, address = quiz()
    token = client.token(address)
    client.post(address, data={**BADLY, "attempt": "1", "csrf_token": token})
    client.post(address, data={**WELL, "attempt": "1", "csrf_token": token})
    assert (record_of(membership).state, record_of(membership).attempts) == ("started", 1)


def test_a_learner_cannot_post_a_grade_or_state(quiz):
    _step, membership, client, address = quiz()
    forged = {"grade": "100", "state": "done", "passed": "1", "shares": "1", "evidence": '{"attempts": []}'}
    client.submit(address, {**BADLY, **forged, "attempt": "1"})
    assert (record_of(membership).state, record_of(membership).grade) == ("started", 0.0)


def test_answers_are_kept_for_later(quiz):
    _step, membership, client, address = quiz()
    token = client.token(address)
    kept = client.post(address + "/draft", data={"q-qtext": "half", "csrf_token": token})
    assert kept.status_code == 204
    assert 'value="half"' in client.get(address).get_data(as_text=True)
    assert record_of(membership).attempts == 0
    assert client.submit(address, {"q-qtext": "more", "action": "save", "attempt": "1"}).status_code == 303
    assert 'value="more"' in client.get(address).get_data(as_text=True)


def test_attempts_at_once_use_one_each_and_never_more_than_allowed(app, quiz):
    _step, membership, _client, _address = quiz(attempts=3)
    number, key, refused = membership.id, membership.version.steps[0].key, []
    session().commit()
    begin = threading.Barrier(8)

    def attempt():
        with app.app_context():
            begin.wait()
            try:
                services.hand_in(session().get(Membership, number), key, MultiDict({**BADLY, "unanswered": "leave"}))
                commit()
            except Refused as error:
                refused.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=lambda: Context().run(attempt)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session().expire_all()
    record = session().query(StepRecord).one()
    assert (record.attempts, record.state) == (3, "failed")
    assert [kept["number"] for kept in record.evidence["attempts"]] == [1, 2, 3]


def test_a_locked_quiz_shows_no_questions(make_path, person, sign_in):
    path = make_path(steps=("page",), publish=False)
    path.edited.ordered = True
    step = services.add_step(path, "quiz", title="Fire", content=content())
    services.publish(path)
    learner = person()
    services.join(path, learner)
    commit()
    assert "Ask single?" not in sign_in(learner).get(f"/learning-paths/{path.public_id}/steps/{step.key}").get_data(
        as_text=True
    )


def test_an_instructor_sees_every_attempt_with_its_answers(quiz, person, sign_in):
    step, membership, client, address = quiz()
    client.submit(address, {**BADLY, "q-qtext": "山 steam", "attempt": "1"})
    html = (
        sign_in(person("administrator"))
        .get(f"/authoring/members/{membership.public_id}/steps/{step.key}")
        .get_data(as_text=True)
    )
    assert "Attempt 1" in html
    assert "山 steam" in html
    assert "Carbon dioxide" in html


def write(**changes):
    return {
        "title": "Fire",
        "mandatory": "y",
        "pass_mark": "80",
        "explain": "finished",
        "limit_kind": "none",
        **changes,
    }


ASKED = {
    "questions-0-id": "x1", "questions-0-kind": "single", "questions-0-text": "Which?", "questions-0-points": "3",
    "questions-0-answers-0-id": "y1", "questions-0-answers-0-text": "Это да", "questions-0-answers-0-right": "y",
    "questions-0-answers-1-id": "y2", "questions-0-answers-1-text": "<b>No</b>",
    "questions-1-id": "x2", "questions-1-kind": "text", "questions-1-text": "Name it", "questions-1-points": "1",
    "questions-1-accepted": "one\ntwo\n\none",
}  # fmt: skip


@pytest.fixture
def editor(make_path, person, sign_in):
    instructor = person("instructor")
    path = make_path(instructor, steps=(), publish=False)
    return path, sign_in(instructor), f"/authoring/learning-paths/{path.public_id}/steps/new/quiz"


def values(html):
    return dict(re.findall(r'name="(questions-[^"]+)"[^>]*?value="([^"]*)"', html))


@pytest.mark.parametrize(
    ("action", "then"),
    [
        ("up:1", {"questions-0-id": "x2", "questions-1-id": "x1"}),
        ("down:0", {"questions-0-id": "x2", "questions-1-id": "x1"}),
        ("remove:0", {"questions-0-id": "x2"}),
        ("answer-up:0:1", {"questions-0-answers-0-id": "y2", "questions-0-answers-1-id": "y1"}),
        ("answer-remove:0:0", {"questions-0-answers-0-id": "y2"}),
        ("answer-add:0", {"questions-0-answers-1-id": "y2", "questions-0-answers-2-text": ""}),
        ("add:number", {"questions-1-id": "x2", "questions-2-points": "1"}),
        ("copy:0", {"questions-0-id": "x1", "questions-2-id": "x2"}),
        ("up:999", {"questions-0-id": "x1"}),
        ("up:x", {"questions-0-id": "x1"}),
        ("remove", {"questions-0-id": "x1"}),
    ],
)
def test_buttons_of_the_editor_keep_everything_typed(editor, action, then):
    _path, client, address = editor
    answer = client.submit(address, {**write(title="", pass_mark="lots"), **ASKED, "action": action})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert then.items() <= values(html).items()
    assert 'value="lots"' in html
    assert "Это да" in html or action in {"remove:0", "answer-remove:0:0"}


def test_a_quiz_is_saved_as_it_was_written(editor):
    path, client, address = editor
    assert client.submit(address, {**write(), **ASKED}).status_code == 303
    session().expire_all()
    saved = path.edited.steps[0].content
    assert saved["questions"][0]["answers"][0] == {"id": "y1", "text": "Это да", "right": True}
    assert saved["questions"][1]["accepted"] == ["one", "two"]
    html = client.get(f"/authoring/learning-paths/{path.public_id}/steps/{path.edited.steps[0].key}").get_data(
        as_text=True
    )
    assert "&lt;b&gt;No&lt;/b&gt;" in html


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("questions-0-points", "lots", "whole number"), ("questions-0-points", "0", "whole number"),
        ("questions-0-text", "x" * 5001, "at most 5000"), ("questions-0-answers-0-text", "x" * 501, "at most 500"),
        ("pass_mark", "101", "from 1 to 100"), ("attempts", "-1", "from 1 to 100"), ("title", "", "Fill in"),
        ("questions-1-accepted", "\n".join(map(str, range(60))), "at most 50"),
    ],
)  # fmt: skip
def test_mistakes_are_said_beside_their_fields_and_lose_nothing(editor, field, value, words):
    _path, client, address = editor
    answer = client.submit(address, {**write(), **ASKED, field: value})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-errors"' in html
    assert words in html
    assert "Name it" in html


def test_a_quiz_has_at_most_a_hundred_questions_and_all_of_them_fit_into_a_form(editor):
    _path, client, address = editor
    many = {
        f"questions-{number}-{name}": value
        for number in range(100)
        for name, value in {
            "id": f"k{number}", "kind": "multiple", "text": "?", "points": "1",
            **{f"answers-{place}-{what}": f"v{place}" for place in range(10) for what in ("id", "text")},
        }.items()
    }  # fmt: skip
    answer = client.submit(address, {**write(), **many, "action": "add:text"}, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert "at most 100 questions" in answer.get_data(as_text=True)
    assert values(answer.get_data(as_text=True))["questions-99-id"] == "k99"


def test_what_a_question_lacks_keeps_the_path_from_being_published(editor):
    path, client, address = editor
    unfinished = {**ASKED, "questions-0-answers-0-right": "", "questions-1-accepted": ""}
    unfinished.pop("questions-0-answers-0-right")
    assert client.submit(address, {**write(), **unfinished}).status_code == 303
    session().expire_all()
    problems = [problem.text for problem in services.problems_of(path)]
    assert any("Question 1: No answer is marked as right." in problem for problem in problems)
    assert any("Question 2" in problem for problem in problems)


def test_a_question_knows_how_it_is_answered():
    assert Question("a", Asks.TEXT, "", 1, "", (), "", "", ()).choice is False
