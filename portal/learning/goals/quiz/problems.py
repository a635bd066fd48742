"""What keeps a question from being asked, by the field that it concerns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.core.i18n import _
from portal.learning.goals.quiz.marking import numbers
from portal.learning.goals.quiz.paper import Asks

FEWEST_ANSWERS = 2


def problems_of(question: Mapping[str, Any]) -> dict[str, str]:
    """Return what a question lacks, in words, each under the name of its field."""
    found = {} if question["text"].strip() else {"text": _("It has no text yet.")}
    return {**found, **_PROBLEMS[Asks(question["kind"])](question)}


def _of_choice(question: Mapping[str, Any]) -> dict[str, str]:
    answers = question["answers"]
    right = sum(bool(answer["right"]) for answer in answers)
    if len(answers) < FEWEST_ANSWERS:
        return {"answers": _("It needs at least two answers to choose from.")}
    if any(not answer["text"].strip() for answer in answers):
        return {"answers": _("One of its answers is empty. Write it, or remove it.")}
    if len({answer["text"].strip().casefold() for answer in answers}) < len(answers):
        return {"answers": _("Two of its answers are the same.")}
    if not right:
        return {"answers": _("No answer is marked as right.")}
    if question["kind"] == Asks.SINGLE and right > 1:
        return {"answers": _("Only one answer can be right. Choose “Several answers” if more are.")}
    return {}


def _of_number(question: Mapping[str, Any]) -> dict[str, str]:
    if not question["number"].strip():
        return {"number": _("It does not say which number is right.")}
    if not numbers(question["number"]):
        return {"number": _("The right answer is not a number.")}
    return {}


def _of_text(question: Mapping[str, Any]) -> dict[str, str]:
    return {} if question["accepted"] else {"accepted": _("It does not say which answers are accepted.")}


_PROBLEMS: dict[Asks, Callable[[Mapping[str, Any]], dict[str, str]]] = {
    Asks.SINGLE: _of_choice,
    Asks.MULTIPLE: _of_choice,
    Asks.NUMBER: _of_number,
    Asks.TEXT: _of_text,
}
