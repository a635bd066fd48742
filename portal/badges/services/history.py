"""The versions of a badge: what changed from one to the next, in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.badges.achievement_types import ORDINARY
from portal.badges.models import BadgeClass
from portal.core.db import session
from portal.core.i18n import _l

if TYPE_CHECKING:
    from portal.badges.services.classes import Definition

MOST = 50
PARTS = (
    ("name", _l("Name")),
    ("description", _l("Description")),
    ("criteria", _l("Criteria")),
    ("image_key", _l("Picture")),
    ("image_alt", _l("Words for the picture")),
    ("tags", _l("Tags")),
    ("alignments", _l("Frameworks")),
    ("achievement_type", _l("Type")),
    ("language", _l("Language")),
)


@dataclass(frozen=True)
class Version:
    """One version of a badge, and the parts that it says otherwise than the one before."""

    badge: BadgeClass
    changed: list[str]


def changed(before: BadgeClass, after: BadgeClass | Definition) -> list[str]:
    """Return the names of the parts of a badge that differ, in the reader's language."""
    return [str(words) for name, words in PARTS if _value(before, name) != _value(after, name)]


def _value(badge: BadgeClass | Definition, name: str) -> object:
    value = getattr(badge, name)
    if name == "achievement_type":
        return value or ORDINARY
    if name == "alignments":
        return [item if isinstance(item, dict) else asdict(item) for item in value]
    return list(value) if isinstance(value, tuple) else value


def versions_of(badge: BadgeClass) -> list[Version]:
    """Return the versions of a badge, the newest first, each with what changed; one that stands alone is the only one."""
    return versions_in(badge.series) if badge.series else [Version(badge, [])]


def versions_in(series: str) -> list[Version]:
    """Return the versions of a series, the newest first; none where nothing was frozen yet."""
    statement = select(BadgeClass).where(BadgeClass.series == series).order_by(BadgeClass.number.desc()).limit(MOST)
    rows = list(session().scalars(statement))
    lines = [Version(after, changed(before, after)) for after, before in pairwise(rows)]
    return [*lines, Version(rows[-1], [])] if rows else []
