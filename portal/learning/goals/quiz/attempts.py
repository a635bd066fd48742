"""A learner's attempts at a quiz: the order of one, what was given, the result, and what of it may be shown."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from portal.core.clock import now
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.markdown import without_controls
from portal.learning.goals.kind import Turn
from portal.learning.goals.quiz import marking
from portal.learning.goals.quiz.paper import Answer, Asks, Explain, Paper, Question

KEPT_ATTEMPTS = 20
Thing = TypeVar("Thing")
Given = Mapping[str, Sequence[str]]


class Unanswered(Refused):
    """Questions were left out; `questions` are their ids and places."""

    def __init__(self, message: str, questions: Sequence[tuple[str, int, str]]) -> None:
        super().__init__(message, field=f"q-{questions[0][0]}")
        self.questions = tuple(questions)


@dataclass(frozen=True)
class Option:
    """An answer as a learner sees it; `right` is None for as long as they may not know."""

    id: str
    text: str
    chosen: bool = False
    right: bool | None = None


@dataclass(frozen=True)
class Asked:
    """A question as a learner sees it, in the order of their attempt, without its key."""

    id: str
    asks: str
    text: str
    points: int
    options: tuple[Option, ...] = ()
    given: tuple[str, ...] = ()
    state: str = ""
    earned: str = ""
    key: str | None = None
    explanation: str = ""


@dataclass(frozen=True)
class Attempt:
    """An attempt that was handed in: its number from 1, its percentage, and each question with what became of it."""

    number: int
    at: datetime
    grade: float
    passed: bool
    earned: str
    questions: tuple[Asked, ...] = ()
    revealed: bool = False


@dataclass(frozen=True)
class Sheet:
    """What a learner's page needs: the questions of the attempt to come, what was saved of it, and the last result."""

    intro: str
    questions: tuple[Asked, ...]
    points: int
    pass_percent: int
    attempts: int | None
    number: int
    left: int | None
    draft: Given = field(default_factory=dict)
    last: Attempt | None = None


def number_of(evidence: Mapping[str, Any]) -> int:
    """Return how many attempts were handed in."""
    kept = evidence.get("attempts") or []
    return int(kept[-1]["number"]) if kept else 0


def given_in(paper: Paper, answers: MultiDict[str, str]) -> dict[str, list[str]]:
    """Return what was answered to each question; what was not asked is left out. Raises Refused for what is too long."""
    given = {}
    for question in paper.questions:
        values = answers.getlist(f"q-{question.id}")
        if question.choice:
            known = [answer.id for answer in question.answers if answer.id in values]
            values = known[:1] if question.asks is Asks.SINGLE else known
        else:
            values = [text for text in (_typed(question, value) for value in values[:1]) if text]
        if values:
            given[question.id] = values
    return given


def _typed(question: Question, value: str) -> str:
    text = " ".join(without_controls(value).split())
    if len(text) > marking.LONGEST_TEXT:
        raise Refused(_("Use at most %(most)s characters here.", most=marking.LONGEST_TEXT), field=f"q-{question.id}")
    return text


def refuse_incomplete(paper: Paper, given: Given, order: Sequence[Asked], *, leave_out: bool) -> None:
    """Raise Refused where a number is none, or where questions are left out without saying so."""
    known = {question.id: question for question in paper.questions}
    for asked in order:
        values = given.get(asked.id)
        if values and known[asked.id].asks is Asks.NUMBER and not marking.numbers(values[0]):
            raise Refused(
                _("Enter a number in digits, such as 3.5, without a unit or any other words."), field=f"q-{asked.id}"
            )
    missing = [
        (asked.id, place, asked.options[0].id if asked.options else "")
        for place, asked in enumerate(order, start=1)
        if asked.id not in given
    ]
    if missing and not leave_out:
        raise Unanswered(_("Some questions are not answered yet."), missing)


def marked(paper: Paper, given: Given, number: int) -> dict[str, Any]:
    """Mark an attempt; return it as it is kept."""
    shares = {question.id: marking.share(question, given.get(question.id, ())) for question in paper.questions}
    exact = marking.percent(paper, shares)
    return {
        "number": number,
        "at": now().isoformat(),
        "grade": marking.shown_percent(exact),
        "passed": exact >= paper.pass_percent,
        "answers": {key: list(values) for key, values in given.items()},
        "shares": {key: [part.numerator, part.denominator] for key, part in shares.items()},
    }


def order_of(paper: Paper, turn: Turn, number: int) -> tuple[Asked, ...]:
    """Return the questions of an attempt as they are asked: shuffled the same way whenever the same attempt is opened."""
    place = turn.membership.public_id if turn.membership is not None else turn.step.public_id
    dice = _dice(place, str(turn.membership.round if turn.membership else 0), turn.step.key, str(number))
    questions = _shuffled(paper.questions, dice) if paper.shuffle_questions else list(paper.questions)
    return tuple(
        Asked(
            id=question.id,
            asks=question.asks,
            text=question.text,
            points=question.points,
            options=tuple(Option(answer.id, answer.text) for answer in _answers(paper, question, dice)),
        )
        for question in questions
    )


def _answers(paper: Paper, question: Question, dice: random.Random) -> list[Answer]:
    if not question.choice:
        return []
    return _shuffled(question.answers, dice) if paper.shuffle_answers else list(question.answers)


def _dice(*words: str) -> random.Random:
    seed = hashlib.sha256("\n".join(words).encode()).digest()
    return random.Random(seed)  # noqa: S311 - an order, no secret


def _shuffled(things: Sequence[Thing], dice: random.Random) -> list[Thing]:
    return dice.sample(list(things), len(things))


def result_of(paper: Paper, turn: Turn, kept: Mapping[str, Any], *, revealed: bool) -> Attempt:
    """Return a kept attempt as it is shown; with the right answers and explanations where they are `revealed`."""
    known = {question.id: question for question in paper.questions}
    shares = {key: Fraction(*part) for key, part in kept["shares"].items()}
    order = order_of(paper, turn, int(kept["number"]))
    questions = tuple(
        _marked_question(
            asked, known[asked.id], kept["answers"].get(asked.id, []), shares.get(asked.id, Fraction(0)), revealed
        )
        for asked in order
    )
    earned = sum((shares.get(asked.id, Fraction(0)) * asked.points for asked in order), Fraction(0))
    return Attempt(
        number=int(kept["number"]),
        at=datetime.fromisoformat(kept["at"]),
        grade=float(kept["grade"]),
        passed=bool(kept["passed"]),
        earned=_points(earned),
        questions=questions,
        revealed=revealed,
    )


def _marked_question(asked: Asked, question: Question, given: Sequence[str], part: Fraction, revealed: bool) -> Asked:
    state = "right" if part == 1 else "partly" if part else "wrong" if given else "unanswered"
    options = tuple(
        Option(option.id, option.text, option.id in given, (option.id in question.right_ids) if revealed else None)
        for option in asked.options
    )
    return Asked(
        id=asked.id,
        asks=asked.asks,
        text=asked.text,
        points=asked.points,
        options=options,
        given=tuple(given),
        state=state,
        earned=_points(part * asked.points),
        key=_key_of(question) if revealed and not question.choice else None,
        explanation=question.explanation if revealed else "",
    )


def _key_of(question: Question) -> str:
    if question.asks is Asks.TEXT:
        return " / ".join(question.accepted)
    within = marking.numbers(question.tolerance or "0")
    return f"{question.number} ± {question.tolerance}" if within and within[0] else question.number


def _points(value: Fraction) -> str:
    return f"{float(round(value, 2)):g}"


def sheet_of(paper: Paper, turn: Turn) -> Sheet:
    """Return what a learner's page needs; nothing in it tells the right answers before they may be known."""
    kept = list(turn.evidence.get("attempts") or [])
    number = number_of(turn.evidence)
    left = None if paper.attempts is None else max(0, paper.attempts - number)
    finished = bool(kept and kept[-1]["passed"]) or left == 0 or _is_over(turn)
    last = None
    if kept:
        revealed = finished or paper.explain is Explain.ALWAYS
        last = result_of(paper, turn, kept[-1], revealed=revealed)
    return Sheet(
        intro=paper.intro,
        questions=order_of(paper, turn, number + 1),
        points=paper.points,
        pass_percent=paper.pass_percent,
        attempts=paper.attempts,
        number=number + 1,
        left=left,
        draft=turn.evidence.get("draft") or {},
        last=last,
    )


def _is_over(turn: Turn) -> bool:
    return turn.record is not None and turn.record.state == "done"
