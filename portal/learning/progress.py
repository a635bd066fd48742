"""How far somebody is: a pure function of what a version asks, what the member has done, and the moment of asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from portal.learning.models import Status

FULL = 100
NEVER = datetime.min.replace(tzinfo=UTC)


class StepState(StrEnum):
    """What a step is to its member; WAITING means that somebody else has to decide."""

    TODO = "todo"
    STARTED = "started"
    FAILED = "failed"
    RETURNED = "returned"
    WAITING = "waiting"
    DONE = "done"


RANK = {state: rank for rank, state in enumerate(StepState)}
IN_ONES_HANDS = frozenset({StepState.TODO, StepState.STARTED, StepState.RETURNED})


@dataclass(frozen=True)
class Goal:
    """What a version asks: a step, or a group of steps that name it as their parent.

    `content_hash` is what it says; `minutes` and `points` are what it takes and gives. A group is done when all its
    mandatory goals are, or `needed` of any of them. After its `deadline` a goal is overdue, or failed where `strict`.
    """

    key: str
    content_hash: str
    mandatory: bool = True
    minutes: int | None = None
    points: int = 0
    parent: str | None = None
    group: bool = False
    needed: int | None = None
    deadline: datetime | None = None
    strict: bool = False


@dataclass(frozen=True)
class Evidence:
    """What a member did of a step that said something (as a hash), and when they did it."""

    key: str
    content_hash: str
    state: StepState
    at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """How one goal stands: of `required` things that count in it `done` are; `locked` where earlier ones come first.

    `at` is when it was done or handed in, `counts` whether the path cannot be completed without it, as things stand.
    """

    goal: Goal
    state: StepState
    at: datetime | None = None
    overdue: bool = False
    done: int = 0
    required: int = 1
    minutes_left: int = 0
    locked: bool = False
    counts: bool = True


@dataclass(frozen=True)
class Progress:
    """How far somebody is: each goal in order, how many of those that count are done, and what that makes of the path.

    `done_at` is when the last thing that counts was done; `changes_at` the next deadline, after which to ask again.
    """

    standings: Mapping[str, Standing]
    status: Status
    done: int
    total: int
    points: int
    minutes_left: int
    next_key: str | None
    done_at: datetime | None = None
    changes_at: datetime | None = None
    fulfilled: bool = False

    @property
    def states(self) -> tuple[tuple[str, StepState], ...]:
        """The state of each goal, in order."""
        return tuple((key, standing.state) for key, standing in self.standings.items())

    @property
    def completed(self) -> bool:
        """Whether everything that counts is done, and approved where that is asked for."""
        return self.status is Status.COMPLETED

    @property
    def percent(self) -> int:
        """Whole percent; 100 only where everything is done."""
        if not self.total:
            return 0
        percent = FULL * self.done // self.total
        return percent if self.fulfilled else min(percent, FULL - 1)

    def state_of(self, key: str) -> StepState:
        """Return the state of a step."""
        standing = self.standings.get(key)
        return standing.state if standing is not None else StepState.TODO


def progress(
    goals: Iterable[Goal],
    evidence: Iterable[Evidence],
    moment: datetime,
    *,
    ordered: bool = False,
    needs_approval: bool = False,
    approved: bool = False,
) -> Progress:
    """Weigh evidence against goals at a moment (aware).

    Only evidence of a step that still says the same counts, and the best of it decides; what was done in time stays in
    time, whenever it is asked. With `ordered`, a goal is locked until the mandatory ones before it are done.
    """
    asked = _rooted(goals)
    scales = _Scales(asked, _best(evidence), moment, ordered=ordered)
    root = scales.all_of(Goal("", "", group=True), scales.children_of(None, locked=False, counts=True))
    standings = {goal.key: scales.standings[goal.key] for goal in asked if goal.key in scales.standings}
    fulfilled = root.state is StepState.DONE
    return Progress(
        standings=standings,
        status=_status(root, standings.values(), approved=approved or not needs_approval),
        done=root.done,
        total=root.required,
        points=sum(standing.goal.points for standing in standings.values() if standing.state is StepState.DONE),
        minutes_left=root.minutes_left,
        next_key=_next(standings.values()),
        done_at=root.at if fulfilled else None,
        changes_at=_next_deadline(standings.values(), moment),
        fulfilled=fulfilled,
    )


def _rooted(goals: Iterable[Goal]) -> list[Goal]:
    """Take what names no other group as its parent for a goal of the path itself."""
    asked = list(goals)
    groups = {goal.key for goal in asked if goal.group}
    return [
        goal
        if goal.parent is None or (goal.parent in groups and goal.parent != goal.key)
        else replace(goal, parent=None)
        for goal in asked
    ]


def _best(evidence: Iterable[Evidence]) -> dict[tuple[str, str], Evidence]:
    best: dict[tuple[str, str], Evidence] = {}
    for piece in evidence:
        place = (piece.key, piece.content_hash)
        known = best.get(place)
        if known is None or _worth(piece) > _worth(known):
            best[place] = piece
    return best


def _worth(piece: Evidence) -> tuple[int, float]:
    """Return what makes one piece better than another: how far it is, then how early it was done."""
    return RANK[piece.state], -(piece.at or NEVER).timestamp()


@dataclass
class _Scales:
    """Weighs goals from the leaves up, and remembers how each stands."""

    goals: Sequence[Goal]
    best: Mapping[tuple[str, str], Evidence]
    moment: datetime
    ordered: bool
    standings: dict[str, Standing] = field(default_factory=dict)
    _held: dict[str | None, list[Goal]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for goal in self.goals:
            self._held.setdefault(goal.parent, []).append(goal)

    def children_of(self, key: str | None, *, locked: bool, counts: bool, free: bool = False) -> list[Standing]:
        """Weigh what a group holds, in order; `free` where its goals do not wait for one another."""
        weighed = []
        for goal in self._held.get(key, ()):
            standing = self._weigh(goal, locked=locked, counts=counts and (free or goal.mandatory))
            weighed.append(standing)
            if self.ordered and not free and goal.mandatory and standing.state is not StepState.DONE:
                locked = True
        return weighed

    def _weigh(self, goal: Goal, *, locked: bool, counts: bool) -> Standing:
        if goal.group:
            held = self.children_of(goal.key, locked=locked, counts=counts, free=goal.needed is not None)
            standing = self.all_of(goal, held) if goal.needed is None else self._some_of(goal, held, goal.needed)
        else:
            piece = self.best.get((goal.key, goal.content_hash))
            state = piece.state if piece is not None else StepState.TODO
            standing = Standing(goal, state, piece.at if piece is not None else None, minutes_left=goal.minutes or 0)
        standing = self._in_time(standing)
        done = standing.state is StepState.DONE
        standing = replace(
            standing,
            overdue=standing.overdue and not done,
            done=standing.done if goal.group else int(done),
            minutes_left=0 if done else standing.minutes_left,
            locked=locked and not done,
            counts=counts,
        )
        self.standings[goal.key] = standing
        return standing

    def _in_time(self, standing: Standing) -> Standing:
        """Judge a goal by its deadline: by when it was done, not by when it is asked."""
        goal = standing.goal
        if goal.deadline is None:
            return standing
        settled = standing.state in {StepState.DONE, StepState.WAITING}
        when = (standing.at or NEVER) if settled else self.moment
        if when <= goal.deadline:
            return standing
        if goal.strict:
            return replace(standing, state=StepState.FAILED)
        return replace(standing, overdue=True)

    def all_of(self, goal: Goal, held: list[Standing]) -> Standing:
        """Weigh a group whose mandatory goals all have to be done."""
        counting = [child for child in held if child.goal.mandatory]
        states = [child.state for child in counting]
        if counting and all(state is StepState.DONE for state in states):
            state = StepState.DONE
        elif StepState.FAILED in states:
            state = StepState.FAILED
        else:
            state = _open_state(states, all(state in {StepState.DONE, StepState.WAITING} for state in states))
        return Standing(
            goal=goal,
            state=state,
            at=max((child.at or NEVER for child in counting), default=None),
            overdue=any(child.overdue for child in counting),
            done=sum(child.done for child in counting),
            required=sum(child.required for child in counting),
            minutes_left=sum(child.minutes_left for child in counting),
        )

    def _some_of(self, goal: Goal, held: list[Standing], needed: int) -> Standing:
        """Weigh a group of whose goals some are enough; it fails where so many can no longer be done."""
        states = [child.state for child in held]
        moments = sorted(child.at or NEVER for child in held if child.state is StepState.DONE)
        handed = sorted(child.at or NEVER for child in held if child.state in {StepState.DONE, StepState.WAITING})
        done = min(len(moments), needed)
        if len(moments) >= needed:
            state = StepState.DONE
        elif len(held) - states.count(StepState.FAILED) < needed:
            state = StepState.FAILED
        else:
            state = _open_state(states, len(handed) >= needed)
        settled = moments if state is StepState.DONE else handed
        left = sorted(child.minutes_left for child in held if child.state is not StepState.DONE)
        return Standing(
            goal=goal,
            state=state,
            at=settled[needed - 1] if 0 < needed <= len(settled) else None,
            done=done,
            required=needed,
            minutes_left=sum(left[: needed - done]),
        )


def _open_state(states: list[StepState], all_handed_in: bool) -> StepState:
    """Return the state of a group that is neither done nor failed."""
    if states and all_handed_in:
        return StepState.WAITING
    return StepState.TODO if all(state is StepState.TODO for state in states) else StepState.STARTED


def _status(root: Standing, standings: Iterable[Standing], *, approved: bool) -> Status:
    if root.state is StepState.DONE:
        return Status.COMPLETED if approved else Status.IN_REVIEW
    if root.state is StepState.FAILED:
        return Status.FAILED
    if any(standing.overdue and standing.counts for standing in standings):
        return Status.OVERDUE
    return Status.IN_REVIEW if root.state is StepState.WAITING else Status.IN_PROGRESS


def _next_deadline(standings: Iterable[Standing], moment: datetime) -> datetime | None:
    """Return the first deadline that is still to come for something that is not done."""
    coming = (
        standing.goal.deadline
        for standing in standings
        if standing.goal.deadline is not None
        and standing.goal.deadline >= moment
        and standing.state not in {StepState.DONE, StepState.FAILED}
    )
    return min(coming, default=None)


def _next(standings: Iterable[Standing]) -> str | None:
    """Return the step to go on with: what counts before what does not, what is in one's own hands before what waits."""
    known = {standing.goal.key: standing for standing in standings}
    steps = [
        standing
        for standing in known.values()
        if not standing.goal.group and standing.state not in {StepState.DONE, StepState.FAILED} and not standing.locked
    ]
    own = [standing for standing in steps if standing.state in IN_ONES_HANDS]
    wanted = [standing for standing in own if standing.counts and not _settled(standing, known)]
    for choice in (wanted, own, steps):
        if choice:
            return choice[0].goal.key
    return None


def _settled(standing: Standing, known: Mapping[str, Standing]) -> bool:
    """Whether a group round a step is done already, so that the step is an extra."""
    parent = known.get(standing.goal.parent or "")
    while parent is not None:
        if parent.state in {StepState.DONE, StepState.FAILED}:
            return True
        parent = known.get(parent.goal.parent or "")
    return False
