"""Reading the dates of a badge, and judging them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from portal.openbadges.documents import timestamp

if TYPE_CHECKING:
    from portal.openbadges.examining.case import Case

_SLACK = timedelta(minutes=10)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.IGNORECASE)
_MAX_UNIX = 253_402_300_799


def read_moment(value: object) -> datetime | None:
    """Read ISO 8601 or, as 1.0 allows, seconds since 1970; None for anything else. Without a zone it is taken as UTC."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_UNIX:
        return datetime.fromtimestamp(value, UTC)
    if not isinstance(value, str):
        return None
    if value.isascii() and value.isdigit() and len(value) > len("20260101"):
        return read_moment(int(value)) if len(value) <= len(str(_MAX_UNIX)) else None
    if not _ISO.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.upper()))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def examine_dates(case: Case, issued: object, expires: object) -> None:
    """Add the check of the dates: well-formed, not in the future, not over."""
    issued_at, expires_at = read_moment(issued), read_moment(expires)
    for value, moment in ((issued, issued_at), (expires, expires_at)):
        if value is not None and moment is None:
            case.failed("dates", "dates.broken", value=str(value)[:80])
            return
    case.content["issued_at"], case.content["expires_at"] = issued_at, expires_at
    if issued_at is not None and issued_at > case.now + _SLACK:
        case.failed("dates", "dates.future", issued=timestamp(issued_at))
    elif expires_at is not None and expires_at <= case.now:
        case.failed("dates", "dates.expired", expires=timestamp(expires_at))
    elif issued_at is None:
        case.failed("dates", "dates.broken", value="")
    elif expires_at is not None:
        case.passed("dates", "dates.valid_until", issued=timestamp(issued_at), expires=timestamp(expires_at))
    else:
        case.passed("dates", "dates.valid", issued=timestamp(issued_at))
