"""When a digest goes out: at a sensible hour where its reader lives. Pure: instants and zones in, instants out."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.notices.models import Cadence

HOUR = time(8)
LATEST_HOUR = 20
MONDAY = 0


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name, or UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")


def next_digest(after: datetime, timezone: str, cadence: str) -> datetime:
    """Return the next instant after `after` at which it is eight in the morning in a zone; on a Monday for a weekly digest.

    Counted on the wall clock, so the hour stays eight when daylight saving begins or ends.
    """
    zone = zone_of(timezone)
    day = after.astimezone(zone).date()
    while True:
        instant = datetime.combine(day, HOUR, zone).astimezone(UTC)
        if instant > after and (cadence != Cadence.WEEKLY or day.weekday() == MONDAY):
            return instant
        day += timedelta(days=1)


def sensible(moment: datetime, timezone: str) -> bool:
    """Whether a digest may go out now: between eight in the morning and eight in the evening where its reader lives."""
    return HOUR.hour <= moment.astimezone(zone_of(timezone)).hour < LATEST_HOUR
