"""Marking: how much of a question's points an answer is worth. Pure.

Several answers to choose: every right one that is chosen counts its part, every wrong one takes such a part away, and the
sum is never below nothing. So choosing everything is worth no more than choosing nothing, and a guess does not pay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from portal.learning.goals.quiz.paper import FULL, Asks, Paper, Question

LONGEST_NUMBER = 40
LONGEST_TEXT = 500
LARGEST_EXPONENT = 100
_MINUS = dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d"), "-")
_MARKS = str.maketrans("’‘ʼ`´“”„«»–—−‐‑", "'''''\"\"\"\"\"-----")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,])\d{3}")


def share(question: Question, given: Sequence[str]) -> Fraction:
    """Return how much of a question's points what somebody gave is worth, from 0 to 1."""
    if question.asks is Asks.MULTIPLE:
        return _share_of_choice(question, frozenset(given))
    if question.asks is Asks.SINGLE:
        return Fraction(len(given) == 1 and given[0] in question.right_ids)
    text = given[0] if given else ""
    if question.asks is Asks.NUMBER:
        return Fraction(_near(question, text))
    return Fraction(bool(text.strip()) and folded(text) in {folded(accepted) for accepted in question.accepted})


def _share_of_choice(question: Question, given: frozenset[str]) -> Fraction:
    right = question.right_ids
    known = given & {answer.id for answer in question.answers}
    if not right:
        return Fraction(0)
    return max(Fraction(0), Fraction(len(known & right) - len(known - right), len(right)))


def _near(question: Question, text: str) -> bool:
    wanted = numbers(question.number)
    tolerance = next(iter(numbers(question.tolerance or "0")), Decimal(0))
    return any(abs(said - number) <= abs(tolerance) for said in numbers(text) for number in wanted[:1])


def percent(paper: Paper, shares: dict[str, Fraction]) -> Fraction:
    """Return the exact percentage of all points that the questions' shares make."""
    earned = sum((shares.get(question.id, Fraction(0)) * question.points for question in paper.questions), Fraction(0))
    return Fraction(FULL) * earned / paper.points if paper.points else Fraction(0)


def shown_percent(exact: Fraction) -> float:
    """Return a percentage as it is kept and shown: to one decimal place, never rounded up to what was not reached."""
    return int(exact * 10) / 10


def folded(text: str) -> str:
    """Return a short text as it is compared: case, spacing, Unicode forms and kinds of quotes and hyphens do not matter."""
    once = unicodedata.normalize("NFKC", text).translate(_MARKS).casefold()
    return " ".join(unicodedata.normalize("NFKC", once).split()).rstrip(".")


def numbers(text: str) -> list[Decimal]:
    """Return what number a text is, likeliest first: two where "1.000" may be one or a thousand; none where it is no number.

    A comma or a point marks the decimals; spaces and apostrophes between the thousands are left out.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS).replace("٫", ".").replace("٬", "").replace("−", "-")
    plain = re.sub(r"[\s'’_]", "", plain)
    if not plain or len(plain) > LONGEST_NUMBER:
        return []
    readings = [_decimal_point(plain)]
    if _THOUSANDS.fullmatch(plain):
        readings.append(re.sub(r"[.,]", "", plain))
    return [number for number in map(_decimal, readings) if number is not None]


def _decimal_point(plain: str) -> str:
    """Make the last of a text's points and commas its decimal point; one that stands repeatedly marks thousands."""
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return plain
    mark = plain[last]
    if plain.count(mark) > 1:
        return re.sub(r"[.,]", "", plain)
    return re.sub(r"[.,]", "", plain[:last]) + "." + plain[last + 1 :]


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= LARGEST_EXPONENT else None
