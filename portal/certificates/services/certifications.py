"""The certification settings of a path's versions: made, copied, checked, frozen."""

from __future__ import annotations

from datetime import datetime

from portal.badges import services as badges
from portal.certificates.design.services import freeze_paper
from portal.certificates.models import Certification, Repeats, ValidityKind, ValidityUnit
from portal.certificates.validity import MOST, ends_at
from portal.core.clock import now
from portal.core.db import session
from portal.core.i18n import _
from portal.core.periods import last_moment, later, zones
from portal.openbadges.model import Alignment

KEPT = (
    "enabled",
    "validity_kind",
    "validity_count",
    "validity_unit",
    "valid_day",
    "valid_zone",
    "valid_yearly",
    "warning_count",
    "warning_unit",
    "renewal",
    "renewal_count",
    "renewal_unit",
    "renewal_repeats",
    "open_badges",
    "badge_name",
    "badge_description",
    "badge_criteria",
    "badge_achievement_type",
    "badge_language",
    "template_id",
)


def new_certification() -> Certification:
    """Make the settings of a new path: certification is off until somebody turns it on."""
    certification = Certification(
        enabled=False, validity_kind=ValidityKind.PERMANENT, validity_unit=ValidityUnit.YEARS, open_badges=False,
        valid_zone="UTC", warning_unit=ValidityUnit.DAYS, renewal_unit=ValidityUnit.DAYS,
        renewal_repeats=Repeats.ALL, renewal_keys=[],
        badge_name="", badge_description="", badge_criteria="", badge_tags=[],
    )  # fmt: skip
    session().add(certification)
    session().flush()
    return certification


def copy_certification(certification: Certification) -> Certification:
    """Make settings that say the same and may be changed: for the draft that follows a published version."""
    copied = Certification(
        badge_tags=list(certification.badge_tags),
        badge_alignments=[dict(item) for item in certification.badge_alignments or []],
        renewal_keys=list(certification.renewal_keys or []),
        cover_key=certification.cover_key,
    )
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
    problem = _problem_of_end(certification)
    return [problem] if problem else _problems_of_term(certification)


def _problem_of_end(certification: Certification) -> str | None:
    if certification.validity_kind == ValidityKind.DATE:
        return _problem_of_day(certification)
    most = MOST[certification.validity_unit]
    if not _fits(certification.validity_count, certification.validity_unit):
        return _("Validity: enter a whole number from 1 to %(most)s, or choose Permanent.", most=most)
    return None


def _problem_of_day(certification: Certification) -> str | None:
    if certification.valid_day is None:
        return _("Validity: choose the last day on which the certificate holds.")
    if certification.valid_zone not in zones():
        return _("Validity: choose the time zone in which the day ends.")
    if not certification.valid_yearly and last_moment(certification.valid_day, certification.valid_zone) <= now():
        return _("Validity: the last day is over. Choose a later one, or let it come back every year.")
    return None


def _fits(count: int | None, unit: str) -> bool:
    return count is not None and 1 <= count <= MOST[unit]


def _problems_of_term(certification: Certification) -> list[str]:
    """Return what does not fit in warning and renewal, for a certificate that ends."""
    problems = []
    if certification.warning_count is not None and not _shorter(
        certification, certification.warning_count, certification.warning_unit
    ):
        problems.append(
            _("Warning: it has to come some time after the certificate was granted. Choose a shorter time.")
        )
    if certification.renewal:
        if not _shorter(certification, certification.renewal_count, certification.renewal_unit):
            problems.append(_("Renewal: enter how long before the end it opens; the certificate has to hold longer."))
        if certification.renewal_repeats == Repeats.CHOSEN and not certification.renewal_keys:
            problems.append(_("Renewal: choose the steps that have to be done again."))
    return problems


def _shorter(certification: Certification, count: int | None, unit: str) -> bool:
    """Whether a period is a good one, and lies within the validity where that is a period too."""
    if count is None or not _fits(count, unit):
        return False
    if certification.validity_kind != ValidityKind.PERIOD or certification.validity_count is None:
        return True
    moment = now()
    return later(moment, count, unit) < later(moment, certification.validity_count, certification.validity_unit)


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
    freeze_paper(certification)
    if certification.gives_badge and cover_key:
        definition = definition_of(
            certification,
            title=title,
            language=language,
            cover_key=cover_key,
            criteria_fallback=criteria_fallback,
            path_url=path_url,
            cover_alt=cover_alt,
            series=series,
        )
        certification.badge_class = badges.freeze(definition)
    session().flush()
    return certification


def definition_of(
    certification: Certification,
    *,
    title: str,
    language: str,
    cover_key: str | None,
    criteria_fallback: str,
    path_url: str,
    cover_alt: str = "",
    series: str = "",
) -> badges.Definition:
    """Return what the badge would say if a version were published now; the arguments are those of `freeze`."""
    criteria = certification.badge_criteria.strip() or criteria_fallback.strip()
    return badges.Definition(
        name=certification.badge_name.strip() or title,
        description=certification.badge_description.strip(),
        criteria=criteria or _("Complete the learning path %(title)s: %(url)s", title=title, url=path_url),
        tags=tuple(certification.badge_tags),
        alignments=tuple(Alignment(**item) for item in certification.badge_alignments or ()),
        achievement_type=certification.badge_achievement_type or "",
        image_key=cover_key or "",
        image_alt=cover_alt,
        language=certification.badge_language or language,
        series=series or series_of(path_url),
    )


def series_of(path_url: str) -> str:
    """Return what stays the same from version to version of a path's badge, by the path's public address."""
    return f"path:{path_url.rpartition('/')[2]}"[:80]


def valid_until(certification: Certification, issued_at: datetime) -> datetime | None:
    """Return until when a certificate issued at an instant holds, or None where it holds for ever."""
    return ends_at(certification, issued_at)
