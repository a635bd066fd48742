"""Calendar arithmetic: what a month is, when a day ends somewhere, and what clocks do twice a year."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


class Unit(StrEnum):
    """What a period is counted in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


MOST: dict[str, int] = {Unit.DAYS: 36_500, Unit.WEEKS: 5_200, Unit.MONTHS: 1_200, Unit.YEARS: 100}
"""The longest period that may be asked for, in each unit: a hundred years."""


def later(moment: datetime, count: int, unit: str, zone: str = "UTC") -> datetime:
    """Return the instant, in UTC, that lies `count` calendar units after `moment` by the clocks of a time zone.

    The time of day stays what it was on the clocks there, whatever daylight saving did in between. A day that the target
    month does not have becomes its last day: a month after 31 January is 28 or 29 February. A time that the clocks leave
    out becomes as much later as they skip, a time that they show twice the first of the two. A negative `count` goes back.
    `zone` is a name of the time zone database; raises ValueError for a unit that is not known.
    """
    there = ZoneInfo(zone)
    local = moment.astimezone(there)
    moved = _moved(local.replace(tzinfo=None, fold=0), count, Unit(unit)) if count else local
    return moved.replace(tzinfo=there).astimezone(UTC)


def earlier(moment: datetime, count: int, unit: str, zone: str = "UTC") -> datetime:
    """Return the instant that lies `count` calendar units before `moment`; see `later`."""
    return later(moment, -count, unit, zone)


def _moved(wall: datetime, count: int, unit: Unit) -> datetime:
    if unit is Unit.DAYS:
        return wall + timedelta(days=count)
    if unit is Unit.WEEKS:
        return wall + timedelta(weeks=count)
    months = count if unit is Unit.MONTHS else count * 12
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    month += 1
    return wall.replace(year=year, month=month, day=min(wall.day, calendar.monthrange(year, month)[1]))


def last_moment(day: date, zone: str) -> datetime:
    """Return the last second of a day by the clocks of a time zone, in UTC: what "through that day" means there."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    return midnight.astimezone(UTC) - timedelta(seconds=1)


def first_moment(day: date, zone: str) -> datetime:
    """Return the instant at which a day begins by the clocks of a time zone, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


@cache
def zones() -> frozenset[str]:
    """Return the name of every time zone that is known here."""
    return frozenset(available_timezones())
