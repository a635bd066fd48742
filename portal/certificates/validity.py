"""How long a certificate holds."""

from __future__ import annotations

from datetime import datetime

from portal.certificates.models import ValidityUnit
from portal.core.periods import MOST, later

__all__ = ["MOST", "end_of"]


def end_of(start: datetime, count: int, unit: ValidityUnit) -> datetime:
    """Return the instant that lies `count` calendar units after `start`, by UTC."""
    return later(start, count, unit)
