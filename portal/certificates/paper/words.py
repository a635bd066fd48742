"""The fixed words of a certificate in its own language, whatever languages the portal's pages have.

One catalogue a language lies in portal/certificates/paper/words; a newcomer adds a file there.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers, units
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from datetime import datetime

FOLDER = Path(__file__).resolve().parent / "words"
ENGLISH = "en"


def languages() -> tuple[str, ...]:
    """Return the languages that certificates can be printed in."""
    return (ENGLISH, *sorted(file.stem for file in FOLDER.glob("*.po")))


@functools.cache
def _catalogue(language: str) -> dict[str, str]:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=language) if message.id}


class Words:
    """Words, dates and numbers of one language; English where the portal has no words of the one that is asked for."""

    def __init__(self, asked: str) -> None:
        short = asked.partition("-")[0].lower()
        known = short == ENGLISH or (short.isascii() and short.isalpha() and (FOLDER / f"{short}.po").is_file())
        self.language = short if known else ENGLISH
        self._catalogue = {} if self.language == ENGLISH else _catalogue(self.language)
        self._locale = Locale.parse("en_GB" if self.language == ENGLISH else self.language)

    def say(self, message: str, /, **values: str) -> str:
        """Return a message in this language, with its %(name)s places filled."""
        found = self._catalogue.get(message) or message
        return found % values if values else found

    def date(self, moment: datetime, zone: str) -> str:
        """Return the day of an instant by the clocks of a time zone."""
        day = moment.astimezone(ZoneInfo(zone)).date()
        return dates.format_date(day, "long", locale=self._locale)

    def percent(self, grade: float) -> str:
        """Return a grade of 0 to 100."""
        return numbers.format_percent(round(grade) / 100, locale=self._locale)

    def time(self, minutes: int) -> str:
        """Return a time of study, in hours from one hour on."""
        if minutes < 60:
            return self._measured(minutes, "duration-minute")
        return self._measured(round(minutes / 60, 1) if minutes % 60 else minutes // 60, "duration-hour")

    def _measured(self, value: float, unit: str) -> str:
        """Return a number with its unit, written out; some languages have no longer form than the short one."""
        long = units.format_unit(value, unit, locale=self._locale)
        return units.format_unit(value, unit, length="short", locale=self._locale) if unit in long else long
