"""What every kind of step must be able to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from werkzeug.datastructures import FileStorage, MultiDict

from portal.learning.goals.forms import StepForm
from portal.learning.models import Membership, RecordState, Step, StepRecord


@dataclass(frozen=True)
class Turn:
    """A learner's turn at a step: what they did of it before (None where that is nothing), and what they send now.

    There is no membership where an instructor looks at the step in the preview.
    """

    step: Step
    membership: Membership | None = None
    record: StepRecord | None = None
    answers: MultiDict[str, str] = field(default_factory=MultiDict)
    files: MultiDict[str, FileStorage] = field(default_factory=MultiDict)

    @property
    def content(self) -> Mapping[str, Any]:
        """What the step asks."""
        return self.step.content

    @property
    def evidence(self) -> Mapping[str, Any]:
        """What was remembered of earlier turns."""
        return self.record.evidence if self.record is not None else {}


@dataclass(frozen=True)
class HandedIn:
    """What a learner's turn at a step amounts to: its state, what they wrote, and what else has to be remembered.

    `grade` is in percent; `at` is when it was done, where that was not just now; `attempted` counts an attempt.
    """

    state: RecordState
    note: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    grade: float | None = None
    at: datetime | None = None
    attempted: bool = False


class GoalKind(Protocol):
    """One kind of step: how it is written, played and done.

    `name` is stored and never changes. `editor` and `player` are templates that are included in the step's form and in its
    page; the player is given `step`, `record` (or None), `can_act` and what `shown` returns, and ends in a form that posts
    what `hand_in` reads. `work` is the template that shows an instructor what was handed in, or None. `reviewed` says that
    an instructor decides, `graded` that they may give a grade, `by_learner` that the learner hands something in: what is not
    done by the learner comes from elsewhere through `services.take`.
    """

    name: str
    label: Any
    hint: Any
    icon: str
    form: type[StepForm]
    editor: str
    player: str
    work: str | None
    reviewed: bool
    graded: bool
    by_learner: bool

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

    def shown(self, turn: Turn) -> dict[str, Any]:
        """Return what the player needs besides the step and the record; what must stay secret is not in it."""
        ...

    def hand_in(self, turn: Turn) -> HandedIn:
        """Judge a learner's turn; raise Refused where something in the answers has to be corrected."""
        ...


@runtime_checkable
class ShowsWork(Protocol):
    """A kind whose `work` template needs more than the step and the record."""

    def worked(self, turn: Turn) -> dict[str, Any]:
        """Return what the `work` template needs: what was handed in, for those who decide on it."""
        ...
