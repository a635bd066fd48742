"""Writing a path: its owner and instructors, its draft, what stands on its Info page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.certificates import services as certificates
from portal.certificates.models import Certification
from portal.core import db
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.models import LearningPath, Membership, PathState, PathVersion, Step
from portal.notices import services as notices

TERM = (
    "validity_kind", "validity_count", "validity_unit", "valid_day", "valid_zone", "valid_yearly", "warning_count",
    "warning_unit", "renewal", "renewal_count", "renewal_unit", "renewal_repeats",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Info:
    """What stands on the Info page of a path; what a switch turns off is kept all the same."""

    title: str
    description: str = ""
    language: str = "en"
    cover_key: str | None = None
    cover_alt: str = ""
    certification: bool = False
    validity_kind: str = "permanent"
    validity_count: int | None = None
    validity_unit: str = "years"
    valid_day: date | None = None
    valid_zone: str = "UTC"
    valid_yearly: bool = False
    warning_count: int | None = None
    warning_unit: str = "days"
    renewal: bool = False
    renewal_count: int | None = None
    renewal_unit: str = "days"
    renewal_repeats: str = "all"
    renewal_keys: tuple[str, ...] = ()
    template: str = ""
    open_badges: bool = False
    badge_name: str = ""
    badge_description: str = ""
    badge_criteria: str = ""
    badge_tags: tuple[str, ...] = ()


def lock(path: LearningPath) -> None:
    """Hold a path for the running transaction, and read it anew: nobody else changes it meanwhile."""
    db.hold(path)


def path_by_public_id(public_id: str) -> LearningPath | None:
    """Return the path of a public id, or None."""
    return session().scalar(select(LearningPath).where(LearningPath.public_id == public_id))


def create_path(owner: Person, info: Info) -> LearningPath:
    """Begin a path of an owner, with a draft that says `info`; flushed."""
    certification = certificates.new_certification()
    path = LearningPath(owner_id=owner.id, state=PathState.DRAFT)
    session().add_all([path, certification])
    session().flush()
    version = PathVersion(path_id=path.id, number=1, title=info.title, certification_id=certification.id)
    session().add(version)
    session().flush()
    session().expire(path)
    _write(version, info)
    return path


def draft_of(path: LearningPath) -> PathVersion:
    """Return the draft of a path; the first edit after publishing makes one, a copy with the same step keys."""
    lock(path)
    path.changed_at = now()
    if path.draft is not None:
        return path.draft
    source = path.edited
    certification = certificates.copy_certification(source.certification)
    session().add(certification)
    session().flush()
    draft = copy_version(source, path, number=_next_number(path), certification=certification)
    session().add(draft)
    session().flush()
    session().expire(path, ["draft", "published"])
    return draft


def copy_version(
    source: PathVersion,
    path: LearningPath,
    *,
    number: int,
    certification: Certification,
    keys: Mapping[str, str] | None = None,
) -> PathVersion:
    """Return a draft of a path that says what a version says, not yet in the session; `keys` gives its steps others."""
    draft = PathVersion(
        path_id=path.id,
        number=number,
        title=source.title,
        description=source.description,
        language=source.language,
        cover_key=source.cover_key,
        cover_alt=source.cover_alt,
        ordered=source.ordered,
        approved=source.approved,
        certification_id=certification.id,
    )
    draft.steps = [_copy(step, keys or {}) for step in source.steps]
    return draft


def _next_number(path: LearningPath) -> int:
    highest = session().scalar(select(func.max(PathVersion.number)).where(PathVersion.path_id == path.id))
    return (highest or 0) + 1


def _copy(step: Step, keys: Mapping[str, str]) -> Step:
    return Step(
        key=keys.get(step.key, step.key),
        position=step.position,
        kind=step.kind,
        title=step.title,
        mandatory=step.mandatory,
        minutes=step.minutes,
        parent_key=keys.get(step.parent_key, step.parent_key) if step.parent_key else None,
        needed=step.needed,
        points=step.points,
        limit_count=step.limit_count,
        limit_unit=step.limit_unit,
        due_at=step.due_at,
        strict=step.strict,
        content=dict(step.content),
        content_hash=step.content_hash,
    )


def info_of(version: PathVersion) -> Info:
    """Return what a version's Info page says."""
    settings = version.certification
    return Info(
        title=version.title,
        description=version.description,
        language=version.language,
        cover_key=version.cover_key,
        cover_alt=version.cover_alt,
        certification=settings.enabled,
        **{name: getattr(settings, name) for name in TERM},
        renewal_keys=tuple(settings.renewal_keys or ()),
        template=settings.template.public_id if settings.template else "",
        open_badges=settings.open_badges,
        badge_name=settings.badge_name,
        badge_description=settings.badge_description,
        badge_criteria=settings.badge_criteria,
        badge_tags=tuple(settings.badge_tags),
    )


def save_info(path: LearningPath, info: Info) -> PathVersion:
    """Write what the Info page says into the draft; saying nothing new makes no draft. Flushed."""
    lock(path)
    if info_of(path.edited) == info:
        return path.edited
    draft = draft_of(path)
    _write(draft, info)
    return draft


def _write(version: PathVersion, info: Info) -> None:
    settings = version.certification
    version.title = info.title
    version.description = info.description
    version.language = info.language
    version.cover_key = info.cover_key
    version.cover_alt = info.cover_alt
    settings.enabled = info.certification
    for name in TERM:
        setattr(settings, name, getattr(info, name))
    settings.renewal_keys = list(info.renewal_keys)
    certificates.choose_template(settings, info.template)
    settings.open_badges = info.open_badges
    settings.badge_name = info.badge_name
    settings.badge_description = info.badge_description
    settings.badge_criteria = info.badge_criteria
    settings.badge_tags = list(info.badge_tags)
    version.revision += 1
    session().flush()


def discard_draft(path: LearningPath) -> None:
    """Throw away what was not published; refused where nothing ever was."""
    lock(path)
    if path.published is None:
        raise Refused(_("This learning path was never published: there is nothing to go back to."))
    if path.draft is not None:
        session().delete(path.draft)
        session().flush()
        session().expire(path, ["draft"])


def deactivate(path: LearningPath) -> None:
    """Take a path out of the catalogue; its members see it, and go no further."""
    lock(path)
    if path.published is None:
        raise Refused(_("This learning path was never published."))
    if path.state != PathState.INACTIVE:
        path.state = PathState.INACTIVE
        _tell_members(path, path.published)
    session().flush()


def _tell_members(path: LearningPath, version: PathVersion) -> None:
    """Tell those who are on a path, and not done, that they cannot go further at present."""
    statement = select(Membership.person_id).where(
        Membership.path_id == path.id, Membership.left_at.is_(None), Membership.completed_at.is_(None)
    )
    notices.tell(
        session().scalars(statement).all(),
        "deactivated",
        key=f"deactivated:{path.public_id}:{now():%Y%m%d%H%M%S}",
        url=f"/learning-paths/{path.public_id}",
        path=version.title,
    )


def activate(path: LearningPath) -> None:
    """Put a deactivated path back where it was."""
    lock(path)
    if path.archived_at is not None:
        raise Refused(_("This learning path is archived. Take it out of the archive first."))
    if path.published is None:
        raise Refused(_("This learning path was never published. Publish it first."))
    path.state = PathState.PUBLISHED
    session().flush()
