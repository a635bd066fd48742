"""What a path's badge says besides name and description: its type, its language, the frameworks it corresponds to."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from portal.badges import services as badges
from portal.certificates import services as certificates
from portal.core.db import session
from portal.core.settings import absolute
from portal.learning.models import LearningPath, PathVersion
from portal.learning.services.authoring import draft_of, lock
from portal.learning.services.publishing import criteria_from_steps
from portal.openbadges.documents import without_empty
from portal.openbadges.model import Alignment


@dataclass(frozen=True, kw_only=True)
class BadgeDetails:
    """What stands on the page Badge details; an empty language is the path's own."""

    achievement_type: str = ""
    language: str = ""
    alignments: tuple[Alignment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NextVersion:
    """What publishing makes of a badge: a new version with what changed in it, or one that there is already."""

    number: int
    changed: list[str]
    new: bool


def badge_details_of(version: PathVersion) -> BadgeDetails:
    """Return what a version's badge says."""
    settings = version.certification
    return BadgeDetails(
        achievement_type=settings.badge_achievement_type,
        language=settings.badge_language,
        alignments=tuple(Alignment(**item) for item in settings.badge_alignments),
    )


def save_badge_details(path: LearningPath, details: BadgeDetails) -> PathVersion:
    """Write what the badge says into the draft; saying nothing new makes no draft. Flushed.

    Raises Refused, naming fields such as `achievement_type` and `alignments-0-url`, for what no badge may say.
    """
    badges.check_type(details.achievement_type)
    badges.check_alignments(details.alignments)
    lock(path)
    if badge_details_of(path.edited) == details:
        return path.edited
    draft = draft_of(path)
    settings = draft.certification
    settings.badge_achievement_type = details.achievement_type
    settings.badge_language = details.language
    settings.badge_alignments = [without_empty(asdict(item)) for item in details.alignments]
    draft.revision += 1
    session().flush()
    return draft


def badge_versions_of(path: LearningPath) -> list[badges.Version]:
    """Return the versions of a path's badge, the newest first."""
    return badges.versions_in(certificates.series_of(_address(path)))


def next_badge_version(path: LearningPath, versions: list[badges.Version]) -> NextVersion:
    """Return what publishing the version that is edited makes of the badge."""
    version = path.edited
    planned = certificates.definition_of(
        version.certification,
        title=version.title,
        language=version.language,
        cover_key=version.cover_key,
        cover_alt=version.cover_alt,
        criteria_fallback=criteria_from_steps(version),
        path_url=_address(path),
    )
    same = next((known.badge for known in versions if known.badge.content_hash == planned.content_hash), None)
    if same is not None:
        return NextVersion(number=same.number, changed=[], new=False)
    if not versions:
        return NextVersion(number=1, changed=[], new=True)
    newest = versions[0].badge
    return NextVersion(number=newest.number + 1, changed=badges.changed(newest, planned), new=True)


def _address(path: LearningPath) -> str:
    return absolute(f"/learning-paths/{path.public_id}")
