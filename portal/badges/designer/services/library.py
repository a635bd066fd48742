"""The organisation's badges as a list: searched, archived, and where each is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from portal.badges.designer.models import BadgeDesign, BadgeDesignVersion
from portal.badges.designer.providers import Use, uses
from portal.core.clock import now
from portal.core.db import session

if TYPE_CHECKING:
    from collections.abc import Sequence


def search(text: str = "", *, archived: bool = False) -> Select[BadgeDesign]:
    """Return the designs whose name or description has every word of `text`, newest change first."""
    statement = select(BadgeDesign).order_by(BadgeDesign.changed_at.desc(), BadgeDesign.id.desc())
    statement = statement.where(BadgeDesign.archived_at.is_not(None) if archived else BadgeDesign.archived_at.is_(None))
    for word in text.split()[:8]:
        statement = statement.where(
            BadgeDesign.name.icontains(word, autoescape=True) | BadgeDesign.alt.icontains(word, autoescape=True)
        )
    return statement


def archive(design: BadgeDesign) -> None:
    """Take a design out of the library; whatever uses its picture goes on doing so."""
    design.archived_at = design.archived_at or now()
    session().flush()


def unarchive(design: BadgeDesign) -> None:
    """Put a design back into the library."""
    design.archived_at = None
    session().flush()


def uses_by_design(designs: Sequence[BadgeDesign]) -> dict[int, list[Use]]:
    """Return the places that use any picture of each design, by the design's id; two questions for any number."""
    ids = [design.id for design in designs]
    if not ids:
        return {}
    rows = session().execute(
        select(BadgeDesignVersion.design_id, BadgeDesignVersion.picture_key)
        .where(BadgeDesignVersion.design_id.in_(ids), BadgeDesignVersion.picture_key.is_not(None))
        .distinct()
    )
    owners: dict[str, list[int]] = {}
    for design_id, key in rows:
        owners.setdefault(str(key), []).append(design_id)
    found: dict[int, list[Use]] = {}
    for key, places in uses().uses_of(tuple(owners)).items():
        for design_id in owners.get(key, ()):
            known = found.setdefault(design_id, [])
            known += [place for place in places if place not in known]
    return found
