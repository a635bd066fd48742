"""Whose transcript may be seen: one's own, a learner's by their instructors, everybody's by administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts import services as accounts
from portal.learning import services as learning
from portal.web.policy import Permission, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import Person


def may_see(viewer: Person, learner: Person) -> bool:
    """Whether somebody may see the transcript of a learner."""
    if viewer.id == learner.id or viewer.role == Role.ADMINISTRATOR:
        return True
    return learning.is_instructor_of(viewer, learner)


LOADERS: dict[str, Callable[[str], Any]] = {"learner": accounts.person_by_public_id}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {Permission.TRANSCRIPT_SEE_OTHERS: may_see}
