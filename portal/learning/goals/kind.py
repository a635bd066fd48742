"""What every kind of step must be able to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from portal.learning.goals.forms import StepForm
from portal.learning.models import RecordState


@dataclass(frozen=True)
class HandedIn:
    """What a learner's turn at a step amounts to: its state, what they wrote, and what else has to be remembered."""

    state: RecordState
    note: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


class GoalKind(Protocol):
    """One kind of step: how it is written, played and done.

    `name` is stored and never changes. `editor` and `player` are templates that are included in the step's form and in its
    page; the player is given `step`, `record` (or None) and `can_act`, and ends in a form that posts what `hand_in` reads.
    """

    name: str
    label: Any
    hint: Any
    icon: str
    form: type[StepForm]
    editor: str
    player: str
    reviewed: bool

    def content_of(self, form: StepForm) -> dict[str, Any]:
        """Return what a filled-in form says, as JSON; what stands here is what a learner has to do."""
        ...

    def fill(self, form: StepForm, content: Mapping[str, Any]) -> None:
        """Put stored content into a form."""
        ...

    def missing(self, content: Mapping[str, Any]) -> list[str]:
        """Return what the step lacks before its path can be published, in words for its instructor."""
        ...

    def criterion(self, title: str) -> str:
        """Return one line that says what somebody did who did this step: for the criteria of a badge."""
        ...

    def hand_in(self, content: Mapping[str, Any], answers: Mapping[str, str]) -> HandedIn:
        """Judge a learner's turn; raise Refused where something in the answers has to be corrected."""
        ...
