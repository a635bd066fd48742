"""How far somebody is: a pure function of what a version asks and what the member has done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

FULL = 100


class StepState(StrEnum):
    """What a step is to its member; WAITING means that somebody else has to decide."""

    TODO = "todo"
    RETURNED = "returned"
    WAITING = "waiting"
    DONE = "done"


RANK = {StepState.TODO: 0, StepState.RETURNED: 1, StepState.WAITING: 2, StepState.DONE: 3}


@dataclass(frozen=True)
class Goal:
    """What a version asks: a step by its key, what it says (as a hash), whether it counts, how long it takes."""

    key: str
    content_hash: str
    mandatory: bool = True
    minutes: int | None = None


@dataclass(frozen=True)
class Evidence:
    """What a member did of a step that said something (as a hash)."""

    key: str
    content_hash: str
    state: StepState


@dataclass(frozen=True)
class Progress:
    """How far somebody is: the state of each step in order, and how many of those that count are done."""

    states: tuple[tuple[str, StepState], ...]
    done: int
    total: int
    minutes_left: int
    next_key: str | None

    @property
    def completed(self) -> bool:
        """Whether every step that counts is done; a path without any is never completed."""
        return self.total > 0 and self.done == self.total

    @property
    def percent(self) -> int:
        """Whole percent; 100 only where everything is done."""
        return FULL * self.done // self.total if self.total else 0

    def state_of(self, key: str) -> StepState:
        """Return the state of a step."""
        return dict(self.states).get(key, StepState.TODO)


def progress(goals: Iterable[Goal], evidence: Iterable[Evidence]) -> Progress:
    """Weigh evidence against goals: only evidence of a step that still says the same counts, the best of it decides."""
    asked = list(goals)
    best = _best(evidence)
    states = tuple((goal.key, best.get((goal.key, goal.content_hash), StepState.TODO)) for goal in asked)
    counting = [(goal, state) for goal, (_key, state) in zip(asked, states, strict=True) if goal.mandatory]
    return Progress(
        states=states,
        done=sum(state is StepState.DONE for _goal, state in counting),
        total=len(counting),
        minutes_left=sum(goal.minutes or 0 for goal, state in counting if state is not StepState.DONE),
        next_key=_next(asked, dict(states)),
    )


def _best(evidence: Iterable[Evidence]) -> dict[tuple[str, str], StepState]:
    best: dict[tuple[str, str], StepState] = {}
    for piece in evidence:
        place = (piece.key, piece.content_hash)
        if RANK[piece.state] > RANK[best.get(place, StepState.TODO)]:
            best[place] = piece.state
    return best


def _next(goals: list[Goal], states: dict[str, StepState]) -> str | None:
    """Return the step to go on with: what counts before what does not, what is in one's own hands before what waits."""
    open_goals = [goal for goal in goals if states[goal.key] is not StepState.DONE]
    own = [goal for goal in open_goals if states[goal.key] is not StepState.WAITING]
    for choice in ([goal for goal in own if goal.mandatory], own, open_goals):
        if choice:
            return choice[0].key
    return None
