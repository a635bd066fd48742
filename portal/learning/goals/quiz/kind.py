"""Questions that the portal marks itself, passed with a percentage of their points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from portal.core.i18n import _, _l
from portal.learning.goals.forms import StepForm
from portal.learning.goals.kind import HandedIn, Turn
from portal.learning.goals.quiz import attempts
from portal.learning.goals.quiz.forms import QuizForm
from portal.learning.goals.quiz.paper import Paper, read
from portal.learning.goals.quiz.problems import problems_of
from portal.learning.models import RecordState

SAVE = "save"


class Quiz:
    """Questions with right answers; nothing of them reaches the browser before they are answered."""

    name = "quiz"
    label = _l("Quiz")
    hint = _l("Questions that the portal marks at once: to choose from, numbers, short texts.")
    icon = "help"
    form: type[StepForm] = QuizForm
    editor = "authoring/kinds/quiz.html"
    player = "learning/kinds/quiz.html"
    work: str | None = "authoring/work/quiz.html"
    reviewed = False
    graded = True
    by_learner = True

    def content_of(self, form: StepForm) -> dict[str, Any]:
        """Return the questions with their keys, and how they are marked."""
        return cast("QuizForm", form).content

    def fill(self, form: StepForm, content: Mapping[str, Any]) -> None:
        """Put the questions into the form."""
        cast("QuizForm", form).put(content)

    def missing(self, content: Mapping[str, Any]) -> list[str]:
        """Say which questions cannot be asked yet."""
        questions = content.get("questions") or []
        if not questions:
            return [_("The quiz has no questions yet.")]
        return [
            _("Question %(number)s: %(what)s", number=number, what=problem)
            for number, question in enumerate(questions, start=1)
            for problem in problems_of(question).values()
        ]

    def criterion(self, title: str) -> str:
        """Say what was passed."""
        return _("Passed the quiz “%(title)s”", title=title)

    def shown(self, turn: Turn) -> dict[str, Any]:
        """Show the questions without their keys, and the last result."""
        return {"quiz": attempts.sheet_of(read(turn.content), turn)}

    def worked(self, turn: Turn) -> dict[str, Any]:
        """Show an instructor every attempt with what was answered, the newest first."""
        paper = read(turn.content)
        kept = reversed(turn.evidence.get("attempts") or [])
        return {
            "quiz_attempts": [attempts.result_of(paper, turn, attempt, revealed=True) for attempt in kept],
            "quiz_paper": paper,
        }

    def hand_in(self, turn: Turn) -> HandedIn:
        """Mark an attempt, or keep what was answered so far; an attempt that was handed in already is not counted again."""
        paper, number = read(turn.content), attempts.number_of(turn.evidence) + 1
        if turn.answers.get("attempt", str(number)) != str(number):
            return _as_before(turn)
        given = attempts.given_in(paper, turn.answers)
        if turn.answers.get("action") == SAVE:
            return _as_before(turn, draft=given)
        order = attempts.order_of(paper, turn, number)
        attempts.refuse_incomplete(paper, given, order, leave_out=turn.answers.get("unanswered") == "leave")
        return _handed_in(paper, turn, attempts.marked(paper, given, number))


def _handed_in(paper: Paper, turn: Turn, attempt: dict[str, Any]) -> HandedIn:
    over = paper.attempts is not None and attempt["number"] >= paper.attempts
    state = RecordState.DONE if attempt["passed"] else RecordState.FAILED if over else RecordState.STARTED
    kept = [*(turn.evidence.get("attempts") or []), attempt]
    return HandedIn(
        state, evidence={"attempts": kept[-attempts.KEPT_ATTEMPTS :]}, grade=attempt["grade"], attempted=True
    )


def _as_before(turn: Turn, draft: dict[str, list[str]] | None = None) -> HandedIn:
    """Change nothing but what is saved of the attempt to come."""
    evidence = {**turn.evidence, **({"draft": draft} if draft is not None else {})}
    grade = turn.record.grade if turn.record is not None else None
    return HandedIn(RecordState.STARTED, evidence=evidence, grade=grade)
