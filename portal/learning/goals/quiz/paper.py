"""What a quiz asks, read from the content of its step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_QUESTIONS = 100
MOST_ANSWERS = 20
MOST_ATTEMPTS = 100
PASS_PERCENT = 80
FULL = 100


class Asks(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    TEXT = "text"


class Explain(StrEnum):
    """When a learner sees the explanations and the right answers: after each attempt, or when there is nothing left to try."""

    ALWAYS = "always"
    FINISHED = "finished"


@dataclass(frozen=True)
class Answer:
    """One answer to choose; its id is random and says nothing."""

    id: str
    text: str
    right: bool


@dataclass(frozen=True)
class Question:
    """One question with its key: `answers` to choose from, or a number with a tolerance, or accepted texts."""

    id: str
    asks: Asks
    text: str
    points: int
    explanation: str
    answers: tuple[Answer, ...]
    number: str
    tolerance: str
    accepted: tuple[str, ...]

    @property
    def choice(self) -> bool:
        """Whether it is answered by choosing."""
        return self.asks in {Asks.SINGLE, Asks.MULTIPLE}

    @property
    def right_ids(self) -> frozenset[str]:
        """The answers that are right."""
        return frozenset(answer.id for answer in self.answers if answer.right)


@dataclass(frozen=True)
class Paper:
    """A whole quiz: `pass_percent` of its points pass it, in at most `attempts` attempts (None where they do not end)."""

    intro: str
    questions: tuple[Question, ...]
    pass_percent: int
    attempts: int | None
    shuffle_questions: bool
    shuffle_answers: bool
    explain: Explain

    @property
    def points(self) -> int:
        """The points of all questions together."""
        return sum(question.points for question in self.questions)


def read(content: Mapping[str, Any]) -> Paper:
    """Read the content of a quiz."""
    return Paper(
        intro=str(content.get("intro", "")),
        questions=tuple(_question(question) for question in content.get("questions", ())),
        pass_percent=int(content.get("pass", PASS_PERCENT)),
        attempts=content.get("attempts"),
        shuffle_questions=bool(content.get("shuffle_questions")),
        shuffle_answers=bool(content.get("shuffle_answers")),
        explain=Explain(content.get("explain", Explain.FINISHED)),
    )


def _question(said: Mapping[str, Any]) -> Question:
    return Question(
        id=said["id"],
        asks=Asks(said["kind"]),
        text=said["text"],
        points=said["points"],
        explanation=said["explanation"],
        answers=tuple(Answer(answer["id"], answer["text"], bool(answer["right"])) for answer in said["answers"]),
        number=said["number"],
        tolerance=said["tolerance"],
        accepted=tuple(said["accepted"]),
    )
