"""How long a certificate holds, when its holder is warned, and from when on it may be renewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from portal.certificates.models import ValidityKind, ValidityUnit
from portal.core.periods import MOST, earlier, last_moment, later

if TYPE_CHECKING:
    from portal.certificates.models import Certification

__all__ = ["MOST", "Term", "end_of", "term_of"]


@dataclass(frozen=True)
class Term:
    """The moments of one certificate; all None where it holds for ever. `zone` where it holds through a day somewhere."""

    ends_at: datetime | None = None
    warn_at: datetime | None = None
    renewal_opens_at: datetime | None = None
    zone: str | None = None

    def tell_at(self, moment: datetime) -> datetime | None:
        """Return when its holder has to be told something first; None where it had ended before it was granted."""
        if self.ends_at is None or self.ends_at < moment:
            return None
        known = (self.warn_at, self.renewal_opens_at, over(self.ends_at))
        return min(when for when in known if when is not None)


def over(ends_at: datetime) -> datetime:
    """Return the first second at which a certificate holds no longer: it holds through `ends_at`."""
    return ends_at + timedelta(seconds=1)


def end_of(start: datetime, count: int, unit: ValidityUnit) -> datetime:
    """Return the instant that lies `count` calendar units after `start`, by UTC."""
    return later(start, count, unit)


def ends_at(certification: Certification, start: datetime) -> datetime | None:
    """Return until when a certificate holds whose validity begins at `start`; None where it holds for ever.

    A fixed day is over when it ends by the clocks of its own time zone. Where it comes back every year, it is the first
    such day that ends after `start`: 29 February is 28 February in other years.
    """
    kind = certification.validity_kind
    if kind == ValidityKind.PERIOD and certification.validity_count:
        return end_of(start, certification.validity_count, ValidityUnit(certification.validity_unit))
    if kind == ValidityKind.DATE and certification.valid_day is not None:
        day, zone = certification.valid_day, certification.valid_zone
        if certification.valid_yearly:
            day = _yearly(day, start, zone)
        return last_moment(day, zone)
    return None


def _yearly(first: date, start: datetime, zone: str) -> date:
    year = max(first.year, start.astimezone(ZoneInfo(zone)).year)
    day = _in_year(first, year)
    return day if last_moment(day, zone) > start else _in_year(first, year + 1)


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def term_of(certification: Certification, start: datetime, *, renews: datetime | None = None) -> Term:
    """Return the moments of a certificate achieved at `start`; `renews` is when the one ends that it renews.

    Renewed in time, the validity goes on from where the earlier one ends, so that nobody loses by being early; renewed
    late, it begins with the completion. Who achieves something that is about to end is warned, and may renew, at once.
    """
    begins = max(start, renews) if renews is not None else start
    end = ends_at(certification, begins)
    if end is None:
        return Term()
    zone = certification.valid_zone if certification.validity_kind == ValidityKind.DATE else None
    warn_at = renewal = None
    if certification.warning_count:
        warn_at = max(start, earlier(end, certification.warning_count, certification.warning_unit, zone or "UTC"))
    if certification.renewal and certification.renewal_count:
        renewal = max(start, earlier(end, certification.renewal_count, certification.renewal_unit, zone or "UTC"))
    return Term(end, warn_at, renewal, zone)
