"""Who is on a path: joining, leaving, being added and removed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.models import LearningPath, Membership, PathState
from portal.learning.services.carrying import look_back
from portal.learning.services.doing import hold
from portal.learning.services.settling import settle


def membership_of(person: Person, path: LearningPath) -> Membership | None:
    """Return somebody's membership of a path, also one that they have left; None where there never was one."""
    return session().scalar(select(Membership).where(Membership.path_id == path.id, Membership.person_id == person.id))


def active_membership(person: Person, path: LearningPath) -> Membership | None:
    """Return somebody's membership of a path that they have not left."""
    found = membership_of(person, path)
    return found if found is not None and found.left_at is None else None


def join(path: LearningPath, person: Person) -> Membership:
    """Put somebody on a path; whoever joins again finds what they did before. Flushed.

    Raises Refused where the path is not published.
    """
    if path.state != PathState.PUBLISHED:
        raise Refused(_("This learning path is not open at present."))
    return _enter(path, person)


def add_member(path: LearningPath, person: Person) -> Membership:
    """Put somebody on a path as its instructor. Flushed; raises Refused where nothing was ever published."""
    if path.published is None:
        raise Refused(_("Publish this learning path first. Then you can add members."))
    if not person.active:
        raise Refused(_("%(name)s has no active account.", name=person.name))
    return _enter(path, person)


def _enter(path: LearningPath, person: Person) -> Membership:
    version = path.published
    assert version is not None
    membership = membership_of(person, path) or _first_entry(path, person, version.id)
    hold(membership)
    if membership.left_at is not None:
        membership.left_at = None
        membership.joined_at = membership.active_at = membership.started_at = now()
    if membership.completed_at is None:
        membership.version = version
        settle(membership)
        look_back(membership)
    session().flush()
    return membership


def _first_entry(path: LearningPath, person: Person, version_id: int) -> Membership:
    try:
        with session().begin_nested():
            membership = Membership(path_id=path.id, person_id=person.id, version_id=version_id)
            session().add(membership)
    except IntegrityError:
        found = membership_of(person, path)
        if found is None:  # pragma: no cover - the constraint that failed says that there is one
            raise
        return found
    return membership


def leave(membership: Membership) -> None:
    """Take somebody off a path; a certificate that was earned stays, and so does what was done. Flushed."""
    hold(membership)
    if membership.left_at is None:
        membership.left_at = now()
        session().flush()
