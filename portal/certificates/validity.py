"""How long a certificate holds: calendar arithmetic that knows how long months are."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

from portal.certificates.models import ValidityUnit

MOST = {ValidityUnit.DAYS: 36_500, ValidityUnit.WEEKS: 5_200, ValidityUnit.MONTHS: 1_200, ValidityUnit.YEARS: 100}
"""The longest period that may be asked for, in each unit: a hundred years."""


def end_of(start: datetime, count: int, unit: ValidityUnit) -> datetime:
    """Return the instant that lies `count` units after `start`.

    Months and years are calendar ones: a day that the target month does not have becomes its last day, so a month after
    31 January is 28 or 29 February, and a year after 29 February is 28 February. The time of day stays.
    """
    if unit is ValidityUnit.DAYS:
        return start + timedelta(days=count)
    if unit is ValidityUnit.WEEKS:
        return start + timedelta(weeks=count)
    months = count if unit is ValidityUnit.MONTHS else count * 12
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return start.replace(year=year, month=month, day=day)
