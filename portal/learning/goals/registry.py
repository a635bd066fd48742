"""The kinds of steps that a path can hold. A newcomer adds one module and one line here: docs/howto/add-a-goal-kind.md."""

from __future__ import annotations

from portal.learning.goals.assignment import Assignment
from portal.learning.goals.confirmation import Confirmation
from portal.learning.goals.kind import GoalKind
from portal.learning.goals.page import ReadingPage
from portal.learning.goals.quiz import Quiz

KINDS: tuple[GoalKind, ...] = (ReadingPage(), Quiz(), Assignment(), Confirmation())
_BY_NAME = {kind.name: kind for kind in KINDS}


def kind_of(name: str) -> GoalKind:
    """Return the kind of a name that is stored in a step."""
    return _BY_NAME[name]


def find(name: str) -> GoalKind | None:
    """Return the kind of a name from outside, or None."""
    return _BY_NAME.get(name)
