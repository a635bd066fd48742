"""The kinds of steps that a path can hold. A newcomer adds one module and one line here: docs/howto/add-a-goal-kind.md."""

from __future__ import annotations

from portal.learning.goals.another_path import AnotherPath
from portal.learning.goals.assignment import Assignment
from portal.learning.goals.confirmation import Confirmation
from portal.learning.goals.event import AnEvent
from portal.learning.goals.file import FileOrVideo
from portal.learning.goals.kind import GoalKind
from portal.learning.goals.link import Link
from portal.learning.goals.page import ReadingPage
from portal.learning.goals.quiz import Quiz
from portal.learning.goals.xapi import OutsideContent

KINDS: tuple[GoalKind, ...] = (
    ReadingPage(),
    FileOrVideo(),
    Link(),
    Quiz(),
    Assignment(),
    AnEvent(),
    AnotherPath(),
    Confirmation(),
    OutsideContent(),
)
_BY_NAME = {kind.name: kind for kind in KINDS}


def kind_of(name: str) -> GoalKind:
    """Return the kind of a name that is stored in a step."""
    return _BY_NAME[name]


def find(name: str) -> GoalKind | None:
    """Return the kind of a name from outside, or None."""
    return _BY_NAME.get(name)
