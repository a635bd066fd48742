"""The one place that knows what time it is."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant, aware, in UTC, to the whole second."""
    return datetime.now(UTC).replace(microsecond=0)
