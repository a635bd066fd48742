"""The certification settings of a path's versions: made, copied, checked, frozen."""

from __future__ import annotations

from datetime import datetime

from portal.badges import services as badges
from portal.certificates.models import Certification, ValidityKind, ValidityUnit
from portal.certificates.validity import MOST, end_of
from portal.core.clock import now
from portal.core.db import session
from portal.core.i18n import _

KEPT = (
    "enabled",
    "validity_kind",
    "validity_count",
    "validity_unit",
    "open_badges",
    "badge_name",
    "badge_description",
    "badge_criteria",
)


def new_certification() -> Certification:
    """Make the settings of a new path: certification is off until somebody turns it on."""
    certification = Certification(
        enabled=False, validity_kind=ValidityKind.PERMANENT, validity_unit=ValidityUnit.YEARS, open_badges=False,
        badge_name="", badge_description="", badge_criteria="", badge_tags=[],
    )  # fmt: skip
    session().add(certification)
    session().flush()
    return certification


def copy_certification(certification: Certification) -> Certification:
    """Make settings that say the same and may be changed: for the draft that follows a published version."""
    copied = Certification(badge_tags=list(certification.badge_tags), cover_key=certification.cover_key)
    for name in KEPT:
        setattr(copied, name, getattr(certification, name))
    session().add(copied)
    session().flush()
    return copied


def problems_of(certification: Certification, cover_key: str | None) -> list[str]:
    """Return what is missing before a path with these settings and this cover can be published, in words to be shown."""
    if not certification.enabled:
        return []
    problems = _problems_of_validity(certification)
    if certification.open_badges:
        problems += _problems_of_badge(certification, cover_key)
    return problems


def _problems_of_validity(certification: Certification) -> list[str]:
    if certification.validity_kind == ValidityKind.PERMANENT:
        return []
    unit = ValidityUnit(certification.validity_unit)
    if not certification.validity_count or not 1 <= certification.validity_count <= MOST[unit]:
        return [
            _(
                "Validity: enter a whole number from 1 to %(most)s, or choose Permanent.",
                most=MOST[unit],
            )
        ]
    return []


def _problems_of_badge(certification: Certification, cover_key: str | None) -> list[str]:
    problems = []
    if not certification.badge_name.strip():
        problems.append(_("Badge name: enter what the badge is called."))
    if not certification.badge_description.strip():
        problems.append(_("Badge description: say in a sentence or two what the badge stands for."))
    if not cover_key:
        problems.append(_("Cover image: add a PNG, or draw one in the badge designer. It is the badge's picture too."))
    elif not cover_key.endswith(".png"):
        problems.append(
            _("Cover image: Open Badges need a PNG. Replace the picture, or draw the badge in the designer.")
        )
    return problems + [str(missing) for missing in badges.missing_for_issuing()]


def freeze(
    certification: Certification,
    *,
    title: str,
    language: str,
    cover_key: str | None,
    criteria_fallback: str,
    path_url: str,
    cover_alt: str = "",
    series: str = "",
) -> Certification:
    """Fix what completing a version earns, at the moment the version is published; flushes, never commits.

    `criteria_fallback` is Markdown for a badge whose criteria were left empty, `path_url` the public address of the path,
    `series` what stays the same from version to version (the path's address by default). The badge's class keeps its address for as long as what it says stays the same. Raises Refused where something that
    issuing needs is missing; ask `problems_of` first.
    """
    certification.cover_key = cover_key
    certification.frozen_at = now()
    if certification.gives_badge and cover_key:
        criteria = certification.badge_criteria.strip() or criteria_fallback.strip()
        definition = badges.Definition(
            name=certification.badge_name.strip() or title,
            description=certification.badge_description.strip(),
            criteria=criteria or _("Complete the learning path %(title)s: %(url)s", title=title, url=path_url),
            tags=tuple(certification.badge_tags),
            image_key=cover_key,
            image_alt=cover_alt,
            language=language,
            series=series or f"path:{path_url.rpartition('/')[2]}"[:80],
        )
        certification.badge_class = badges.freeze(definition)
    session().flush()
    return certification


def valid_until(certification: Certification, issued_at: datetime) -> datetime | None:
    """Return until when a certificate issued at an instant holds, or None where it holds for ever."""
    if certification.validity_kind == ValidityKind.PERMANENT or not certification.validity_count:
        return None
    return end_of(issued_at, certification.validity_count, ValidityUnit(certification.validity_unit))
