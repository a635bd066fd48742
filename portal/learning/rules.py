"""What holds for a step besides what it asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Rules:
    """What holds for a step besides what it asks: points, and until when it is to be done.

    The time ends `limit_count` `limit_unit` (days, weeks, months, years) after a member began, or at `due_at` (aware); then
    the step is overdue, or failed where `strict`. `needed` is how many steps of a group are enough.
    """

    points: int | None = None
    limit_count: int | None = None
    limit_unit: str = "days"
    due_at: datetime | None = None
    strict: bool = False
    needed: int | None = None
