"""Stretches of time as people ask for them on a page: from a day through a day, cut into days, weeks, months or years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.core.clock import now
from portal.core.i18n import written_day
from portal.core.periods import first_moment

LONGEST = timedelta(days=366 * 100)
FEW_DAYS, FEW_WEEKS, FEW_MONTHS = 31, 190, 366 * 4


class Grain(StrEnum):
    """What a stretch is cut into."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


PATTERNS = {Grain.DAY: "d MMM", Grain.WEEK: "d MMM", Grain.MONTH: "MMM y", Grain.YEAR: "y"}


@dataclass(frozen=True)
class Piece:
    """One piece of a stretch: the day it begins with, and what it is called."""

    first: date
    label: str


@dataclass(frozen=True)
class Span:
    """From a day through a day, by the clocks of a time zone; `days` where it was asked for as so many days."""

    first: date
    last: date
    zone: str
    days: int | None = None

    @property
    def starts_at(self) -> datetime:
        """The instant at which it begins."""
        return first_moment(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The instant at which it is over."""
        return first_moment(self.last + timedelta(days=1), self.zone)

    @property
    def grain(self) -> Grain:
        """What it is cut into: so much that a chart of it can be read."""
        length = (self.last - self.first).days + 1
        for grain, most in ((Grain.DAY, FEW_DAYS), (Grain.WEEK, FEW_WEEKS), (Grain.MONTH, FEW_MONTHS)):
            if length <= most:
                return grain
        return Grain.YEAR

    @property
    def pieces(self) -> list[Piece]:
        """Its pieces, in order; the first begins with it."""
        grain, day, found = self.grain, self.first, []
        while day <= self.last:
            found.append(Piece(day, written_day(day, PATTERNS[grain])))
            day = _next(day, grain)
        return found

    @property
    def bounds(self) -> list[datetime]:
        """The instants at which its pieces begin."""
        return [first_moment(piece.first, self.zone) for piece in self.pieces]


def _next(day: date, grain: Grain) -> date:
    if grain is Grain.DAY:
        return day + timedelta(days=1)
    if grain is Grain.WEEK:
        return day + timedelta(days=7)
    if grain is Grain.MONTH:
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return date(day.year + 1, 1, 1)


def today(zone: str) -> date:
    """Return which day it is in a time zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def around(days: int, zone: str) -> Span:
    """Return so many days before today and after it."""
    here = today(zone)
    return Span(here - timedelta(days=days), here + timedelta(days=days), zone, days)


def until_today(days: int, zone: str) -> Span:
    """Return the last so many days, today among them."""
    here = today(zone)
    return Span(here - timedelta(days=days - 1), here, zone, days)


def between(first: str, last: str, zone: str) -> Span | None:
    """Return a stretch from two days as forms send them; None where one is none, or they are more than a century apart."""
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    if not date(1900, 1, 1) <= begin <= end or end - begin > LONGEST or end.year > 2200:
        return None
    return Span(begin, end, zone)
