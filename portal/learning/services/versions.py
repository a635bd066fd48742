"""The versions of a path, and the paths that another can build on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Person
from portal.core.db import session
from portal.learning.models import LearningPath, Membership, PathState, PathVersion, Prerequisite
from portal.learning.services.rights import seen_by

MOST_VERSIONS = 100
MOST_PATHS = 200


def versions_of(path: LearningPath) -> list[PathVersion]:
    """Return the newest versions of a path, with steps and certification, the newest first."""
    statement = (
        select(PathVersion)
        .where(PathVersion.path_id == path.id)
        .order_by(PathVersion.number.desc())
        .limit(MOST_VERSIONS)
        .options(selectinload(PathVersion.steps), joinedload(PathVersion.certification))
    )
    return list(session().scalars(statement))


def counts_by_version(path: LearningPath) -> dict[int, int]:
    """Return how many members stand on each version of a path, by the version's inner number."""
    statement = (
        select(Membership.version_id, func.count())
        .where(Membership.path_id == path.id, Membership.left_at.is_(None))
        .group_by(Membership.version_id)
    )
    return dict(session().execute(statement).all())


def paths_to_need(person: Person, path: LearningPath) -> Sequence[LearningPath]:
    """Return the published paths that somebody sees, by title, for another path to build on; those it needs already too."""
    needed = select(Prerequisite.needs_id).where(Prerequisite.path_id == path.id)
    statement = (
        select(LearningPath)
        .join(LearningPath.published)
        .where(
            LearningPath.id != path.id,
            or_(
                and_(LearningPath.state == PathState.PUBLISHED, seen_by(person)),
                LearningPath.id.in_(needed),
            ),
        )
        .order_by(func.lower(PathVersion.title), LearningPath.id)
        .limit(MOST_PATHS)
        .options(joinedload(LearningPath.published), joinedload(LearningPath.draft))
    )
    return session().scalars(statement).unique().all()
