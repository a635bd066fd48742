"""Who looks after a path, and for whom it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select

from portal.accounts.models import Group, GroupMember, Person
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.models import (
    CoInstructor,
    LearningPath,
    Membership,
    PathAudience,
    PathState,
    Prerequisite,
    Visibility,
)
from portal.learning.services.authoring import lock
from portal.web.policy import Permission


def owns(person: Person, path: LearningPath) -> bool:
    """Whether somebody says who else looks after a path: its owner, or an administrator."""
    return path.owner_id == person.id or person.may(Permission.ADMIN_PEOPLE)


def instructs(person: Person, path: LearningPath) -> bool:
    """Whether somebody looks after a path in any way: its owner, a co-instructor, an administrator."""
    return person.may(Permission.PATH_EDIT) and (owns(person, path) or _right(person, path) is not None)


def edits(person: Person, path: LearningPath) -> bool:
    """Whether somebody may change a path: its owner, a co-instructor with that right, an administrator."""
    right = _right(person, path)
    return person.may(Permission.PATH_EDIT) and (owns(person, path) or (right is not None and right.may_edit))


def reviews(person: Person, path: LearningPath) -> bool:
    """Whether somebody decides on what members hand in: its owner, a co-instructor with that right, an administrator."""
    right = _right(person, path)
    return person.may(Permission.STEP_CONFIRM) and (owns(person, path) or (right is not None and right.may_review))


def without_editing(person: Person, paths: Collection[LearningPath]) -> set[int]:
    """Return which of some paths (inner numbers) somebody looks after, as a reviewer, without changing them."""
    if person.may(Permission.ADMIN_PEOPLE):
        return set()
    statement = select(CoInstructor.path_id).where(
        CoInstructor.person_id == person.id,
        CoInstructor.path_id.in_([path.id for path in paths]),
        CoInstructor.may_edit.is_(False),
    )
    return set(session().scalars(statement))


def _right(person: Person, path: LearningPath) -> CoInstructor | None:
    return next((right for right in path.co_instructors if right.person_id == person.id), None)


def add_instructor(path: LearningPath, person: Person, *, may_edit: bool = True, may_review: bool = True) -> None:
    """Name a co-instructor, or change what one may do. Flushed.

    Raises Refused for those whose role does not let them write paths, and where no right is given.
    """
    lock(path)
    if not person.may(Permission.PATH_EDIT):
        raise Refused(_("%(name)s is not an instructor. An administrator can change that.", name=person.name))
    if not (may_edit or may_review):
        raise Refused(
            _("Choose what %(name)s may do: edit the path, review what members hand in, or both.", name=person.name)
        )
    if person.id == path.owner_id:
        return
    right = _right(person, path)
    if right is None:
        right = CoInstructor(path_id=path.id, person_id=person.id)
        path.co_instructors.append(right)
    right.may_edit, right.may_review = may_edit, may_review
    session().flush()
    session().expire(path, ["instructors"])


def remove_instructor(path: LearningPath, person: Person) -> None:
    """Let somebody be a co-instructor no longer. Flushed."""
    lock(path)
    right = _right(person, path)
    if right is not None:
        path.co_instructors.remove(right)
        session().flush()
        session().expire(path, ["instructors"])


def may_see(person: Person, path: LearningPath) -> bool:
    """Whether somebody sees a path: while published, for whom it is; its members always."""
    return bool(session().scalar(select(exists().where(LearningPath.id == path.id, seen_by(person)))))


def seen_by(person: Person) -> ColumnElement[bool]:
    """Return the condition that somebody sees a path, on rows of LearningPath."""
    published = and_(
        LearningPath.state == PathState.PUBLISHED,
        LearningPath.archived_at.is_(None),
        _for(person, LearningPath.seen_by),
    )
    return or_(published, _has_member(person))


def may_join(person: Person, path: LearningPath) -> bool:
    """Whether somebody may put themselves on a path, whatever has to be completed first."""
    condition = and_(
        LearningPath.state == PathState.PUBLISHED,
        LearningPath.archived_at.is_(None),
        _for(person, LearningPath.joined_by),
    )
    return bool(session().scalar(select(exists().where(LearningPath.id == path.id, condition))))


def _for(person: Person, column: Any) -> ColumnElement[bool]:
    in_its_groups = exists().where(
        PathAudience.path_id == LearningPath.id,
        PathAudience.group_id == GroupMember.group_id,
        GroupMember.person_id == person.id,
    )
    return or_(column == Visibility.EVERYBODY, and_(column == Visibility.GROUPS, in_its_groups))


def _has_member(person: Person) -> ColumnElement[bool]:
    return exists().where(
        Membership.path_id == LearningPath.id, Membership.person_id == person.id, Membership.left_at.is_(None)
    )


def missing_for(person: Person, path: LearningPath) -> Sequence[LearningPath]:
    """Return the paths that somebody has to complete before they can join another, and has not yet."""
    completed = select(Membership.path_id).where(
        Membership.person_id == person.id, Membership.completed_at.is_not(None)
    )
    statement = (
        select(LearningPath)
        .join(Prerequisite, Prerequisite.needs_id == LearningPath.id)
        .where(Prerequisite.path_id == path.id, LearningPath.id.not_in(completed))
        .order_by(LearningPath.id)
    )
    return session().scalars(statement).all()


def set_audience(path: LearningPath, *, seen: Visibility, joined: Visibility, groups: Collection[Group]) -> None:
    """Say who sees a path and who may join it: everybody, the people of some groups, or nobody by themselves. Flushed.

    Raises Refused where groups are asked for and none is named, or where people could join what they do not see.
    """
    lock(path)
    if Visibility.GROUPS in {seen, joined} and not groups:
        raise Refused(_("Choose at least one group."), field="groups")
    order = [Visibility.NOBODY, Visibility.GROUPS, Visibility.EVERYBODY]
    if order.index(joined) > order.index(seen):
        raise Refused(_("Nobody can join a path that they do not see. Let more people see it."), field="joined")
    path.seen_by, path.joined_by = seen, joined
    path.groups[:] = list(groups)
    session().flush()


def set_prerequisites(path: LearningPath, needed: Sequence[LearningPath]) -> None:
    """Say which paths have to be completed before a path can be joined. Flushed.

    Raises Refused where a path would, by itself or through others, wait for itself.
    """
    lock(path)
    waiting = [other.id for other in needed]
    seen: set[int] = set()
    while waiting:
        if path.id in waiting:
            raise Refused(_("This path would have to be completed before itself."), field="needs")
        seen.update(waiting)
        rows = session().scalars(select(Prerequisite.needs_id).where(Prerequisite.path_id.in_(waiting)))
        waiting = [number for number in rows if number not in seen]
    path.needs[:] = list(dict.fromkeys(needed))
    session().flush()
