"""The life of a path as a whole: copied, put into the archive and taken out again, deleted."""

from __future__ import annotations

from sqlalchemy import delete, exists, func, or_, select

from portal.accounts.models import Person
from portal.certificates import services as certificates
from portal.certificates.models import Certificate, Certification
from portal.core import ids
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.models import LearningPath, Membership, PathState, PathTag, PathVersion
from portal.learning.services.authoring import copy_version, lock
from portal.web.forms import TITLE


def clone(path: LearningPath, by: Person) -> LearningPath:
    """Make a new path that says what a path says in its editor, with a new owner and without members. Flushed."""
    source = path.edited
    copied = LearningPath(owner_id=by.id, state=PathState.DRAFT, seen_by=path.seen_by, joined_by=path.joined_by)
    copied.groups = list(path.groups)
    copied.categories = list(path.categories)
    copied.needs = list(path.needs)
    copied.tags = [PathTag(word=tag.word) for tag in path.tags]
    session().add(copied)
    session().flush()
    keys = {step.key: ids.public_id() for step in source.steps}
    certification = certificates.copy_certification(source.certification)
    certification.renewal_keys = [keys[key] for key in certification.renewal_keys or [] if key in keys]
    version = copy_version(source, copied, number=1, certification=certification, keys=keys)
    version.title = _("Copy of %(title)s", title=source.title)[:TITLE]
    session().add(version)
    session().flush()
    session().expire(copied)
    return copied


def archive(path: LearningPath) -> None:
    """Put a path away: nobody joins it or goes further; what people earned stays. Flushed."""
    lock(path)
    if path.archived_at is None:
        path.archived_at = now()
        if path.published is not None:
            path.state = PathState.INACTIVE
        session().flush()


def restore(path: LearningPath) -> None:
    """Take a path out of the archive; one that was published is inactive until somebody activates it. Flushed."""
    lock(path)
    path.archived_at = None
    session().flush()


def was_earned(path: LearningPath) -> bool:
    """Whether anybody has completed a path, or holds a certificate of it: then it cannot be deleted."""
    completed = exists().where(Membership.path_id == path.id, Membership.completed_at.is_not(None))
    certified = exists().where(Certificate.path_public_id == path.public_id)
    return bool(session().scalar(select(or_(completed, certified))))


def count_of_members(path: LearningPath) -> int:
    """Return how many people are on a path at present."""
    statement = select(func.count()).where(Membership.path_id == path.id, Membership.left_at.is_(None))
    return session().scalar(statement) or 0


def delete_path(path: LearningPath) -> None:
    """Delete a path with everything that people began on it. Flushed.

    Raises Refused where anybody earned something from it: such a path can be archived.
    """
    lock(path)
    if was_earned(path):
        raise Refused(_("Somebody has completed this learning path. Put it into the archive instead."))
    certifications = session().scalars(select(PathVersion.certification_id).where(PathVersion.path_id == path.id)).all()
    session().expunge(path)
    session().execute(delete(Membership).where(Membership.path_id == path.id))
    session().execute(delete(LearningPath).where(LearningPath.id == path.id))
    session().execute(delete(Certification).where(Certification.id.in_(certifications)))
    session().flush()
