"""Who is on a path: joining, leaving, being added and removed."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.models import LearningPath, Membership, PathState
from portal.learning.services.doing import hold
from portal.learning.services.entering import bring, groups_on, origins_of, tell_joined
from portal.learning.services.rights import may_join, missing_for
from portal.learning.services.seats import leave_dates


def membership_of(person: Person, path: LearningPath) -> Membership | None:
    """Return somebody's membership of a path, also one that they have left; None where there never was one."""
    return session().scalar(select(Membership).where(Membership.path_id == path.id, Membership.person_id == person.id))


def active_membership(person: Person, path: LearningPath) -> Membership | None:
    """Return somebody's membership of a path that they have not left."""
    found = membership_of(person, path)
    return found if found is not None and found.left_at is None else None


def join(path: LearningPath, person: Person) -> Membership:
    """Put somebody on a path; whoever joins again finds what they did before. Flushed.

    Raises Refused where the path is not published, not for them to join, or asks for another path first.
    """
    if path.state != PathState.PUBLISHED:
        raise Refused(_("This learning path is not open at present."))
    if not may_join(person, path):
        raise Refused(_("People do not join this learning path by themselves. Ask an instructor to add you."))
    missing = missing_for(person, path)
    if missing:
        raise Refused(_("Complete %(title)s first: this learning path builds on it.", title=missing[0].title))
    bring(path, [person.id])
    return _there(person, path)


def add_member(path: LearningPath, person: Person, *, by: Person | None = None, mandatory: bool = False) -> Membership:
    """Put somebody on a path as its instructor, and tell them. Flushed; raises Refused where nothing was ever published."""
    if path.published is None:
        raise Refused(_("Publish this learning path first. Then you can add members."))
    if not person.active:
        raise Refused(_("%(name)s has no active account.", name=person.name))
    came = bring(path, [person.id], mandatory=mandatory)
    tell_joined(path, came, by)
    return _there(person, path)


def _there(person: Person, path: LearningPath) -> Membership:
    membership = membership_of(person, path)
    assert membership is not None
    return membership


def leave(membership: Membership) -> None:
    """Take somebody off a path; a certificate that was earned stays, and so does what was done. Flushed.

    A group that they are in brings them back only when they come to it anew.
    """
    hold(membership)
    if membership.left_at is None:
        membership.left_at = now()
        membership.by_person = membership.obliged_by_person = membership.mandatory = False
        leave_dates(membership)
        session().flush()


def leave_oneself(membership: Membership) -> None:
    """Let a member leave a path by themselves. Flushed; raises Refused where it is mandatory for them."""
    if membership.mandatory:
        raise Refused(_("This learning path is mandatory for you. Ask its instructor if you should not be on it."))
    leave(membership)


def oblige(membership: Membership, *, mandatory: bool) -> None:
    """Say whether a path is mandatory for a member; raise Refused where a group of theirs makes it so all the same. Flushed."""
    hold(membership)
    membership.obliged_by_person = mandatory
    on = groups_on(membership.path)
    obliging = [on[group] for group in origins_of([membership])[membership.id] if group in on and on[group].mandatory]
    if obliging and not mandatory:
        names = ", ".join(row.group.label for row in obliging)
        raise Refused(_("It is mandatory through a group: %(names)s. Change that among the groups.", names=names))
    membership.mandatory = mandatory or bool(obliging)
    session().flush()
