"""The form in which a quiz is written: questions added, moved and removed by buttons that keep everything typed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import wtforms
from markupsafe import Markup
from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.core import ids
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.learning.goals.forms import StepForm
from portal.learning.goals.quiz.marking import LONGEST_NUMBER, LONGEST_TEXT, numbers
from portal.learning.goals.quiz.paper import (
    FULL,
    MOST_ANSWERS,
    MOST_ATTEMPTS,
    MOST_QUESTIONS,
    PASS_PERCENT,
    Asks,
    Explain,
)
from portal.learning.goals.quiz.problems import problems_of
from portal.web.forms import LONG, Line, Paragraphs, Switch, number_of

LONGEST_QUESTION = 5_000
MOST_POINTS = 1_000
MOST_ACCEPTED = 50
BEGIN_WITH = 4
KINDS = (
    SelectChoice(Asks.SINGLE.value, _l("One answer")),
    SelectChoice(Asks.MULTIPLE.value, _l("Several answers")),
    SelectChoice(Asks.NUMBER.value, _l("A number")),
    SelectChoice(Asks.TEXT.value, _l("A short text")),
)


def _id(_value: object) -> str:
    """Keep an id of ours; make one where there is none."""
    return _value if isinstance(_value, str) and _value.isalnum() and len(_value) <= 22 else ids.public_id()


class AnswerForm(wtforms.Form):
    """One answer to choose from."""

    id = HiddenField(filters=[_id])
    text = Line(_l("Answer"), required=False, most=LONGEST_TEXT)
    right = BooleanField(_l("Right"))


class QuestionForm(wtforms.Form):
    """One question; what stands under another kind of answer is kept and not asked about."""

    id = HiddenField(filters=[_id])
    kind = SelectField(_l("Answered by"), choices=list(KINDS), default=Asks.SINGLE.value)
    text = Paragraphs(_l("Question"), most=LONGEST_QUESTION)
    points = Line(_l("Points"), required=False, most=10, default="1")
    answers = FieldList(FormField(AnswerForm), _l("Answers"), max_entries=MOST_ANSWERS)
    number = Line(_l("Right number"), required=False, most=LONGEST_NUMBER)
    tolerance = Line(_l("Tolerance"), required=False, most=LONGEST_NUMBER)
    accepted = Paragraphs(_l("Accepted answers"), most=LONGEST_QUESTION)
    explanation = Paragraphs(_l("Explanation"), most=LONGEST_QUESTION)
    unfinished: Mapping[str, str] = MappingProxyType({})

    def validate_points(self, field: Line) -> None:
        """Refuse what is no number of points."""
        if number_of(field.data, MOST_POINTS) is None:
            raise wtforms.ValidationError(_("Enter a whole number from 1 to %(most)s.", most=MOST_POINTS))

    def validate_number(self, field: Line) -> None:
        """Refuse what is no number where one is asked for."""
        if self.kind.data == Asks.NUMBER and field.data and not numbers(field.data):
            raise wtforms.ValidationError(_("Enter a number in digits, such as 3.5."))

    def validate_tolerance(self, field: Line) -> None:
        """Refuse what is no number."""
        if self.kind.data == Asks.NUMBER and field.data and not numbers(field.data):
            raise wtforms.ValidationError(_("Enter how far an answer may be off, such as 0.5, or leave it empty."))

    def validate_accepted(self, field: Paragraphs) -> None:
        """Refuse lists and lines that are too long."""
        lines = lines_of(field.data)
        if len(lines) > MOST_ACCEPTED or any(len(line) > LONGEST_TEXT for line in lines):
            raise wtforms.ValidationError(
                _("Use at most %(lines)s lines of %(most)s characters.", lines=MOST_ACCEPTED, most=LONGEST_TEXT)
            )

    @property
    def content(self) -> dict[str, Any]:
        """What the fields say, as it is stored."""
        return {
            "id": self.id.data,
            "kind": self.kind.data if self.kind.data in set(Asks) else Asks.SINGLE.value,
            "text": self.text.data or "",
            "points": number_of(self.points.data, MOST_POINTS) or 1,
            "answers": [
                {"id": entry.form.id.data, "text": entry.form.text.data or "", "right": bool(entry.form.right.data)}
                for entry in self.answers
            ],
            "number": self.number.data or "",
            "tolerance": self.tolerance.data or "",
            "accepted": lines_of(self.accepted.data),
            "explanation": self.explanation.data or "",
        }


def lines_of(text: str | None) -> list[str]:
    """Return the lines of a text, each once, without empty ones."""
    return list(dict.fromkeys(line for line in (" ".join(one.split()) for one in (text or "").splitlines()) if line))


def new_question(kind: str) -> dict[str, Any]:
    """Return a question that nothing was written into yet."""
    return {
        "id": ids.public_id(),
        "kind": kind,
        "points": "1",
        "answers": [{"id": ids.public_id()} for _place in range(BEGIN_WITH)] if kind in {"single", "multiple"} else [],
    }


class QuizForm(StepForm):
    """A quiz."""

    intro = Paragraphs(_l("Introduction"), most=LONG)
    questions = FieldList(FormField(QuestionForm), _l("Questions"), max_entries=MOST_QUESTIONS)
    pass_mark = IntegerField(
        _l("Pass mark in percent"),
        default=PASS_PERCENT,
        validators=[
            InputRequired(_l("Enter a whole number from 1 to 100.")),
            NumberRange(1, FULL, message=_l("Enter a whole number from 1 to 100.")),
        ],
    )
    attempts = IntegerField(
        _l("Attempts allowed"),
        validators=[
            Optional(),
            NumberRange(1, MOST_ATTEMPTS, message=_l("Enter a whole number from 1 to 100, or leave it empty.")),
        ],
    )
    shuffle_questions = Switch(_l("Shuffle the questions"))
    shuffle_answers = Switch(_l("Shuffle the answers"), default=True)
    explain = RadioField(
        _l("Right answers and explanations"),
        choices=[
            SelectChoice(Explain.FINISHED.value, _l("When passed, or no attempt is left")),
            SelectChoice(Explain.ALWAYS.value, _l("After every attempt")),
        ],
        default=Explain.FINISHED.value,
    )
    secret = HiddenField()
    touched: str | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; say above the form which questions have to be corrected."""
        valid = bool(super().validate(extra_validators))
        self.form_errors = [*self.form_errors, *self._problems()]
        return valid

    def _problems(self) -> list[Markup]:
        return [
            Markup('<a href="#{anchor}">{text}</a>').format(
                anchor=field.id,
                text=_("Question %(number)s: %(what)s", number=number, what=f"{field.label.text}: {error}"),
            )
            for number, question in enumerate(self.questions, start=1)
            for field in _leaves(question.form)
            for error in field.errors
        ]

    @property
    def content(self) -> dict[str, Any]:
        """What the form says, as it is stored."""
        return {
            "intro": self.intro.data or "",
            "questions": [question.form.content for question in self.questions],
            "pass": self.pass_mark.data or PASS_PERCENT,
            "attempts": self.attempts.data or None,
            "shuffle_questions": bool(self.shuffle_questions.data),
            "shuffle_answers": bool(self.shuffle_answers.data),
            "explain": Explain.ALWAYS.value if self.explain.data == Explain.ALWAYS else Explain.FINISHED.value,
            # Whoever reads the hash of a quiz must not be able to try which answers make it.
            "secret": self.secret.data or ids.secret(),
        }

    def put(self, content: Mapping[str, Any]) -> None:
        """Show stored content, and beside it what the questions lack."""
        self.intro.data = content.get("intro", "")
        self.pass_mark.data = content.get("pass", PASS_PERCENT)
        self.attempts.data = content.get("attempts")
        self.shuffle_questions.data = bool(content.get("shuffle_questions"))
        self.shuffle_answers.data = bool(content.get("shuffle_answers", True))
        self.explain.data = content.get("explain", Explain.FINISHED.value)
        self.secret.data = content.get("secret", "")
        stored = content.get("questions") or []
        self.questions.process(None, data=[_typed(question) for question in stored])
        for entry, question in zip(self.questions, stored, strict=True):
            entry.form.unfinished = problems_of(question)

    def rework(self, action: str) -> bool:
        """Carry out a button of the editor: `add:single`, `up:3`, `answer-add:3`, `answer-up:3:1`, and the like."""
        verb, *places = action.split(":")
        if verb not in _VERBS:
            return False
        questions = self.questions.data
        if verb == "add" and len(questions) >= MOST_QUESTIONS:
            self.refuse(
                Refused(_("A quiz can have at most %(most)s questions.", most=MOST_QUESTIONS), field="questions")
            )
            return True
        place = _VERBS[verb](questions, places)
        self.questions.process(None, data=questions)
        self.touched = place
        return True


def _typed(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored question as its fields show it."""
    return {**question, "points": str(question["points"]), "accepted": "\n".join(question["accepted"])}


def _leaves(form: wtforms.Form) -> list[Any]:
    """Return the fields of a question that can have errors of their own."""
    inner = [field for entry in form.answers for field in entry.form]
    return [field for field in form if field.name != form.answers.name] + inner


def _number(places: list[str], at: int, below: int) -> int | None:
    """Return a place that a button names, or None where it names none."""
    text = places[at] if at < len(places) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 and int(text) < below else None


def _add(questions: list[dict[str, Any]], places: list[str]) -> str | None:
    kind = places[0] if places and places[0] in set(Asks) else Asks.SINGLE.value
    questions.append(new_question(kind))
    return f"questions-{len(questions) - 1}-text"


def _copy(questions: list[dict[str, Any]], places: list[str]) -> str | None:
    at = _number(places, 0, len(questions))
    if at is None or len(questions) >= MOST_QUESTIONS:
        return None
    answers = [{**answer, "id": ids.public_id()} for answer in questions[at]["answers"]]
    questions.insert(at + 1, {**questions[at], "id": ids.public_id(), "answers": answers})
    return f"questions-{at + 1}-text"


def _remove(questions: list[dict[str, Any]], places: list[str]) -> str | None:
    at = _number(places, 0, len(questions))
    if at is None:
        return None
    del questions[at]
    return f"questions-{min(at, len(questions) - 1)}-text" if questions else None


def _swap(things: list[dict[str, Any]], at: int | None, step: int) -> int | None:
    if at is None:
        return None
    other = at + step
    if 0 <= other < len(things):
        things[at], things[other] = things[other], things[at]
        return other
    return at


def _up(questions: list[dict[str, Any]], places: list[str], step: int = -1) -> str | None:
    at = _swap(questions, _number(places, 0, len(questions)), step)
    return None if at is None else f"questions-{at}-text"


def _down(questions: list[dict[str, Any]], places: list[str]) -> str | None:
    return _up(questions, places, 1)


def _answers(questions: list[dict[str, Any]], places: list[str]) -> tuple[int | None, list[dict[str, Any]]]:
    at = _number(places, 0, len(questions))
    return at, questions[at]["answers"] if at is not None else []


def _answer_add(questions: list[dict[str, Any]], places: list[str]) -> str | None:
    at, answers = _answers(questions, places)
    if at is None or len(answers) >= MOST_ANSWERS:
        return None
    answers.append({"id": ids.public_id()})
    return f"questions-{at}-answers-{len(answers) - 1}-text"


def _answer_remove(questions: list[dict[str, Any]], places: list[str]) -> str | None:
    at, answers = _answers(questions, places)
    place = _number(places, 1, len(answers))
    if place is None:
        return None
    del answers[place]
    return f"questions-{at}-answers-{min(place, len(answers) - 1)}-text" if answers else f"questions-{at}-text"


def _answer_up(questions: list[dict[str, Any]], places: list[str], step: int = -1) -> str | None:
    at, answers = _answers(questions, places)
    place = _swap(answers, _number(places, 1, len(answers)), step)
    return None if place is None else f"questions-{at}-answers-{place}-text"


def _answer_down(questions: list[dict[str, Any]], places: list[str]) -> str | None:
    return _answer_up(questions, places, 1)


_VERBS = {
    "add": _add,
    "copy": _copy,
    "remove": _remove,
    "up": _up,
    "down": _down,
    "answer-add": _answer_add,
    "answer-remove": _answer_remove,
    "answer-up": _answer_up,
    "answer-down": _answer_down,
}
