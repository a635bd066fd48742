"""When an event is, in words: on the reader's clocks, and on those where it takes place."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time

from portal.core.i18n import _, language, timezone
from portal.learning.models import EventDate


def when(date: EventDate) -> str:
    """Return when a date is, on the reader's clocks, such as "Monday, 3 May 2027, 09:00 to 11:00"."""
    return _span(date.starts_at, date.ends_at, timezone())


def when_there(date: EventDate) -> str:
    """Return when a date is on the clocks where it takes place, with the name of the place; empty where they agree."""
    here, there = ZoneInfo(timezone()), ZoneInfo(date.timezone)
    if date.starts_at.astimezone(here).utcoffset() == date.starts_at.astimezone(there).utcoffset():
        return ""
    return _(
        "%(when)s in the time zone %(zone)s",
        when=_span(date.starts_at, date.ends_at, date.timezone),
        zone=zone_name(date.timezone),
    )


def zone_name(zone: str) -> str:
    """Return a time zone as people read it, such as "Europe, Helsinki"."""
    return zone.replace("_", " ").replace("/", ", ")


def date_words(date: EventDate) -> str:
    """Return the day of a date, where it takes place."""
    return _day(date.starts_at.astimezone(ZoneInfo(date.timezone)))


def _span(starts: datetime, ends: datetime, zone: str) -> str:
    first, last = starts.astimezone(ZoneInfo(zone)), ends.astimezone(ZoneInfo(zone))
    if first.date() == last.date():
        return _("%(day)s, %(start)s to %(end)s", day=_day(first), start=_time(first), end=_time(last))
    return _(
        "%(first)s, %(start)s, to %(last)s, %(end)s",
        first=_day(first), start=_time(first), last=_day(last), end=_time(last),
    )  # fmt: skip


def _locale() -> Locale:
    return Locale.parse(language(), sep="-")


def _day(moment: datetime) -> str:
    style = "EEEE, d MMMM y" if language().startswith("en") else "full"
    return str(format_date(moment.date(), style, locale=_locale()))


def _time(moment: datetime) -> str:
    # the wall clock as it stands: the zone is that of the moment already
    return str(format_time(moment.time(), "HH:mm", locale=_locale()))
