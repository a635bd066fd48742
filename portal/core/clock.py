"""The one place that knows what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """Return the present instant, aware, in UTC, to the whole second."""
    return _standing.get() or datetime.now(UTC).replace(microsecond=0)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let it be another moment within a block: for telling what happened before, as the demo academy does."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)
