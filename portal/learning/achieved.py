"""What is said of an achievement, as people type it and as tables hold it: its day, a grade, the hours it took."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from portal.core.clock import now
from portal.core.errors import Refused
from portal.core.i18n import _

MOST_HOURS = 10_000
FIRST_DAY = date(1900, 1, 1)
DATES = ("date", "achieved", "achievement date", "date of achievement", "completed", "issued", "päivämäärä", "datum")
GRADES = ("grade", "score", "arvosana", "note", "betyg")
HOURS = ("hours", "tunnit", "stunden", "timmar", "heures")


@dataclass(frozen=True)
class Achieved:
    """What is said of one achievement: its day, the grade in percent, the time of study in minutes."""

    day: date
    grade: float | None = None
    minutes: int | None = None

    def moment(self, zone: str) -> datetime:
        """Return the instant that stands for the day: noon in a time zone, and never one that is still to come."""
        return min(datetime.combine(self.day, time(12), ZoneInfo(zone)), now())


def achievement(day: str, grade: str, hours: str, *, usual: date | None, zone: str) -> Achieved:
    """Return what three texts say; raise Refused, naming `day`, `grade` or `hours`, where one of them is wrong."""
    return Achieved(_day(day, usual, zone), _grade(grade), _minutes(hours))


def _day(text: str, usual: date | None, zone: str) -> date:
    found = _read_day(text) if text.strip() else usual
    if found is None:
        raise Refused(_("Write the date like 2026-03-31."), field="day")
    if found > now().astimezone(ZoneInfo(zone)).date():
        raise Refused(_("This date is still to come. Choose the day of the achievement."), field="day")
    if found < FIRST_DAY:
        raise Refused(_("This date is too long ago. Write the year with four digits."), field="day")
    return found


def _read_day(text: str) -> date | None:
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text.strip(), re.ASCII)
    try:
        if dotted:
            return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        return date.fromisoformat(text.strip()[:10]) if re.fullmatch(r"\d{4}-\d\d-\d\d.*", text.strip()) else None
    except ValueError:
        return None


def _number(text: str) -> float | None:
    text = text.replace(",", ".").removesuffix("%").strip()
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text, re.ASCII) else None


def _grade(text: str) -> float | None:
    if not text.strip():
        return None
    grade = _number(text)
    if grade is None or grade > 100:
        raise Refused(_("A grade is a number from 0 to 100."), field="grade")
    return grade


def _minutes(text: str) -> int | None:
    if not text.strip():
        return None
    hours = _number(text)
    if hours is None or not 0 < hours <= MOST_HOURS:
        raise Refused(_("Hours are a number above 0 and at most %(most)s.", most=MOST_HOURS), field="hours")
    return max(1, round(hours * 60))


def columns(extra: Mapping[str, str]) -> tuple[str, str, str]:
    """Return date, grade and hours: by their headings, or in that order where the list has none."""
    if extra and all(name.isdecimal() for name in extra):
        cells = [extra[name] for name in sorted(extra, key=int)]
        day, grade, hours = (*cells, "", "", "")[:3]
        return day, grade, hours
    return _cell(extra, DATES), _cell(extra, GRADES), _cell(extra, HOURS)


def _cell(extra: Mapping[str, str], names: Iterable[str]) -> str:
    return next((extra[name] for name in names if name in extra), "")
