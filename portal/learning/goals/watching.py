"""How much of a video somebody has watched: stretches of it, put together."""

from __future__ import annotations

import math
from collections.abc import Iterable

LONGEST = 24 * 3600
MOST_STRETCHES = 500
MOST_SIGNS = 12_000
CLOSE = 0.5
Stretch = tuple[float, float]


def read_number(text: str) -> float | None:
    """Return a number of seconds, from 0 to a day, or None where a text is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return round(value, 2) if math.isfinite(value) and 0 <= value <= LONGEST else None


def read_stretches(text: str) -> list[Stretch] | None:
    """Return what was played, from a text such as "0-12.5,30-41", in seconds; None where the text is no such thing."""
    if len(text) > MOST_SIGNS:
        return None
    stretches = []
    for part in filter(None, text.split(",")):
        begin, dash, end = part.partition("-")
        first, last = read_number(begin), read_number(end)
        if not dash or first is None or last is None or last < first:
            return None
        stretches.append((first, last))
    return stretches if len(stretches) <= MOST_STRETCHES else None


def put_together(stretches: Iterable[Iterable[float]], duration: float) -> list[list[float]]:
    """Return stretches in order, none overlapping another, within `duration` seconds; what nearly touches is joined."""
    together: list[list[float]] = []
    for begin, end in sorted((float(begin), float(end)) for begin, end in stretches):
        first, last = min(begin, duration), min(end, duration)
        if last <= first:
            continue
        if together and first <= together[-1][1] + CLOSE:
            together[-1][1] = max(together[-1][1], last)
        else:
            together.append([first, last])
    return together[:MOST_STRETCHES]


def percent_of(stretches: Iterable[Iterable[float]], duration: float) -> int:
    """Return how many whole percent of `duration` seconds some stretches that do not overlap cover."""
    if duration <= 0:
        return 0
    covered = sum(end - begin for begin, end in stretches)
    return min(100, int(100 * (covered + CLOSE) / duration)) if covered > 0 else 0
