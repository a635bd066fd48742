"""What a demo path is made of, told as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A step of a demo path, or (with `lessons`) a group of steps of which `needed`, or all, have to be done.

    `text` is what a page says or what a step asks for; `content` what a kind of step wants besides.
    """

    title: str
    text: str = ""
    kind: str = "page"
    minutes: int | None = 10
    mandatory: bool = True
    points: int | None = None
    weeks: int | None = None
    content: Mapping[str, Any] = field(default_factory=dict)
    lessons: tuple[Lesson, ...] = ()
    needed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Course:
    """A demo path with what completing it earns; a badge and a cover are drawn in the file that `slug` names."""

    slug: str
    title: str
    description: str
    badge_name: str = ""
    badge_description: str = ""
    tags: tuple[str, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    validity: tuple[int, str] | None = None
    warning_days: int | None = None
    renewal_days: int | None = None
    certification: bool = True
    open_badges: bool = True
    state: str = "published"
    criteria: str = ""
    category: str = ""
    ordered: bool = False
    approved: bool = False
    needs: str = ""
    own_template: bool = False
    for_group: bool = False
    drawn: bool = True


def question(
    text: str,
    *answers: str,
    kind: str = "single",
    number: str = "",
    accepted: tuple[str, ...] = (),
    explanation: str = "",
    points: int = 1,
) -> dict[str, Any]:
    """Return a question of a quiz; right answers to choose begin with a plus sign."""
    return {
        "kind": kind,
        "text": text,
        "points": points,
        "answers": [{"text": answer.removeprefix("+"), "right": answer.startswith("+")} for answer in answers],
        "number": number,
        "tolerance": "",
        "accepted": list(accepted),
        "explanation": explanation,
    }


def quiz(*questions: Mapping[str, Any], intro: str = "", pass_percent: int = 70) -> dict[str, Any]:
    """Return the content of a quiz, its questions and answers numbered."""
    return {
        "intro": intro,
        "questions": [
            {
                **asked,
                "id": f"q{number}",
                "answers": [{**answer, "id": f"q{number}a{place}"} for place, answer in enumerate(asked["answers"])],
            }
            for number, asked in enumerate(questions, start=1)
        ],
        "pass": pass_percent,
        "attempts": ATTEMPTS,
        "shuffle_questions": False,
        "shuffle_answers": True,
        "explain": "finished",
        "secret": "",
    }


def right_answers(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what somebody sends who knows every answer of a quiz."""
    return {
        f"q-{asked['id']}": [answer["id"] for answer in asked["answers"] if answer["right"]]
        or [asked["number"] or asked["accepted"][0]]
        for asked in content["questions"]
    }


def assignment(*, graded: bool = True) -> dict[str, Any]:
    """Return what an assignment takes: text, and a few documents or pictures."""
    return {
        "files": [],
        "text": True,
        "most_files": 3,
        "types": ["documents", "pictures"],
        "graded": graded,
        "pass_grade": 50 if graded else None,
    }
