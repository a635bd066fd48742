"""Who may do what to which object of this room, and how an address finds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.db import session
from portal.learning.models import LearningPath, Membership, PathState
from portal.learning.services import active_membership, instructs, path_by_public_id
from portal.web.policy import Permission


def _membership(public_id: str) -> Membership | None:
    return session().scalar(select(Membership).where(Membership.public_id == public_id))


def _may_see(person: Person, path: LearningPath) -> bool:
    """Everybody sees what is published; a deactivated path is seen by its members alone."""
    return path.state == PathState.PUBLISHED or _may_learn(person, path)


def _may_learn(person: Person, path: LearningPath) -> bool:
    return active_membership(person, path) is not None


def _may_join(person: Person, path: LearningPath) -> bool:
    return _may_see(person, path)


def _may_decide(person: Person, membership: Membership) -> bool:
    return membership.left_at is None and instructs(person, membership.path)


LOADERS: dict[str, Callable[[str], Any]] = {
    "learning_path": path_by_public_id,
    "membership": _membership,
}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {
    Permission.PATH_SEE: _may_see,
    Permission.PATH_JOIN: _may_join,
    Permission.PATH_LEARN: _may_learn,
    Permission.PATH_EDIT: instructs,
    Permission.PATH_PUBLISH: instructs,
    Permission.PATH_MEMBERS: instructs,
    Permission.STEP_CONFIRM: _may_decide,
}
