"""Progress is a pure function: more evidence never lowers it, and what was done in time stays in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.learning.models import Status
from portal.learning.progress import RANK, Evidence, Goal, StepState, progress

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEYS = st.sampled_from("abcdefgh")
HASHES = st.sampled_from(["1", "2"])
MOMENTS = st.integers(-72, 72).map(lambda hours: NOON + timedelta(hours=hours))
GOALS = st.lists(
    st.builds(
        Goal, KEYS, HASHES, st.booleans(), st.none() | st.integers(1, 90), st.integers(0, 5), st.none() | KEYS,
        st.booleans(), st.none() | st.integers(1, 3), st.none() | MOMENTS, st.booleans(),
    ),
    unique_by=lambda goal: goal.key,
)  # fmt: skip
EVIDENCE = st.lists(st.builds(Evidence, KEYS, HASHES, st.sampled_from(list(StepState)), st.none() | MOMENTS))


def reachable(goals):
    """Leave out what stands in a group that stands in itself: no path is written so."""
    return [goal for goal in goals if goal.key in progress(goals, (), NOON).standings]


@given(GOALS, EVIDENCE, EVIDENCE, MOMENTS)
def test_more_evidence_never_lowers_progress(goals, less, more, moment):
    before, after = progress(goals, less, moment), progress(goals, less + more, moment)
    assert after.total == before.total
    assert after.done >= before.done
    assert after.minutes_left <= before.minutes_left
    assert after.completed >= before.completed
    for goal in goals:
        if not goal.group and goal.deadline is None and goal.key in before.standings:
            assert RANK[after.state_of(goal.key)] >= RANK[before.state_of(goal.key)]


@given(GOALS, EVIDENCE, MOMENTS, st.booleans())
def test_the_order_of_evidence_does_not_matter(goals, evidence, moment, ordered):
    def found(pieces):
        return progress(goals, pieces, moment, ordered=ordered)

    assert found(evidence) == found(evidence[::-1])


@given(GOALS, EVIDENCE, MOMENTS)
def test_what_it_says_fits_together(goals, evidence, moment):
    found = progress(goals, evidence, moment)
    assert 0 <= found.done <= found.total
    assert 0 <= found.percent <= 100
    assert (found.percent == 100) == found.completed == found.fulfilled
    assert [key for key, _state in found.states] == [goal.key for goal in reachable(goals)]
    open_steps = {
        goal.key
        for goal in reachable(goals)
        if not goal.group and found.state_of(goal.key) not in {StepState.DONE, StepState.FAILED}
    }
    assert (found.next_key in open_steps) if open_steps else found.next_key is None


@given(GOALS, MOMENTS)
def test_everything_done_in_time_completes_a_path_that_can_be_completed(goals, moment):
    early = NOON - timedelta(days=30)
    evidence = [Evidence(goal.key, goal.content_hash, StepState.DONE, early) for goal in goals]
    found = progress(goals, evidence, moment)
    roots = [goal for goal in reachable(goals) if goal.mandatory and goal.parent in {None, goal.key}]
    flat = not any(goal.group for goal in goals)
    if flat:
        assert found.completed == any(goal.mandatory for goal in reachable(goals))
    elif not any(goal.mandatory for goal in reachable(goals)):
        assert not found.completed
    assert found.status != Status.OVERDUE or roots == [] or not found.completed


@given(GOALS, EVIDENCE, MOMENTS)
def test_evidence_of_a_step_that_said_something_else_does_not_count(goals, evidence, moment):
    others = [Evidence(piece.key, "another", piece.state, piece.at) for piece in evidence]
    assert progress(goals, others, moment).done == 0


@given(GOALS, EVIDENCE, MOMENTS, MOMENTS)
def test_what_was_done_in_time_stays_done_however_late_one_asks(goals, evidence, one, other):
    sooner, later = sorted([one, other])
    before, after = progress(goals, evidence, sooner), progress(goals, evidence, later)
    for goal in goals:
        if before.state_of(goal.key) is StepState.DONE and not goal.group:
            assert after.state_of(goal.key) is StepState.DONE
    assert after.completed == before.completed


def test_what_is_in_ones_own_hands_comes_before_what_waits():
    goals = [Goal("a", "1"), Goal("b", "1", mandatory=False), Goal("c", "1")]
    waiting = Evidence("a", "1", StepState.WAITING)
    assert progress(goals, [waiting], NOON).next_key == "c"
    assert progress(goals, [waiting, Evidence("c", "1", StepState.DONE)], NOON).next_key == "b"


def done(key, at=NOON):
    return Evidence(key, "1", StepState.DONE, at)


def failed(key):
    return Evidence(key, "1", StepState.FAILED, NOON)


def test_any_two_of_three_are_enough():
    goals = [
        Goal("g", "", group=True, needed=2),
        *(Goal(key, "1", parent="g", minutes=minutes) for key, minutes in (("a", 10), ("b", 20), ("c", 40))),
    ]
    begun = progress(goals, [done("b")], NOON)
    assert (begun.done, begun.total, begun.minutes_left, begun.state_of("g")) == (1, 2, 10, StepState.STARTED)
    both = progress(goals, [done("b"), done("c")], NOON)
    assert both.completed
    assert both.next_key == "a"


def test_a_group_that_can_no_longer_succeed_fails_and_its_path_with_it():
    goals = [
        Goal("g", "", group=True, needed=2),
        *(Goal(key, "1", parent="g") for key in "abc"),
    ]
    assert progress(goals, [failed("a")], NOON).status == Status.IN_PROGRESS
    assert progress(goals, [failed("a"), failed("b")], NOON).status == Status.FAILED


def test_groups_in_groups_count_what_counts_in_them():
    goals = [
        Goal("outer", "", group=True),
        Goal("a", "1", parent="outer"),
        Goal("inner", "", group=True, needed=1, parent="outer"),
        Goal("b", "1", parent="inner"),
        Goal("c", "1", parent="inner"),
        Goal("d", "1", parent="outer", mandatory=False),
    ]
    found = progress(goals, [done("c")], NOON)
    assert (found.done, found.total) == (1, 2)
    assert found.state_of("inner") is StepState.DONE
    assert progress(goals, [done("c"), done("a")], NOON).completed


@pytest.mark.parametrize(("strict", "status"), [(True, Status.FAILED), (False, Status.OVERDUE)])
def test_after_its_deadline_a_step_is_overdue_or_failed(strict, status):
    goals = [Goal("a", "1", deadline=NOON, strict=strict), Goal("b", "1")]
    assert progress(goals, [], NOON).status == Status.IN_PROGRESS
    assert progress(goals, [], NOON).changes_at == NOON
    assert progress(goals, [], NOON + timedelta(seconds=1)).status == status


@pytest.mark.parametrize("state", [StepState.DONE, StepState.WAITING])
def test_what_was_handed_in_before_the_deadline_is_in_time_whenever_it_is_looked_at(state):
    goals = [Goal("a", "1", deadline=NOON, strict=True)]
    evidence = [Evidence("a", "1", state, NOON - timedelta(minutes=1))]
    assert progress(goals, evidence, NOON + timedelta(days=9)).state_of("a") is state


def test_what_was_done_late_is_done_unless_the_deadline_is_strict():
    late = NOON + timedelta(days=1)
    assert progress([Goal("a", "1", deadline=NOON)], [done("a", late)], late).completed
    assert progress([Goal("a", "1", deadline=NOON, strict=True)], [done("a", late)], late).status == Status.FAILED


def test_a_group_is_judged_by_when_the_last_thing_that_counts_was_done():
    def asked(strict):
        return [Goal("g", "", group=True, deadline=NOON, strict=strict), Goal("a", "1", parent="g")]

    late = [done("a", NOON + timedelta(days=1))]
    assert progress(asked(True), late, NOON + timedelta(days=2)).status == Status.FAILED
    assert progress(asked(False), late, NOON + timedelta(days=2)).completed


def test_in_order_a_step_is_locked_until_the_mandatory_ones_before_it_are_done():
    goals = [
        Goal("a", "1"),
        Goal("extra", "1", mandatory=False),
        Goal("g", "", group=True, needed=1),
        Goal("b", "1", parent="g"),
        Goal("c", "1", parent="g"),
        Goal("d", "1"),
    ]

    def locked(*evidence):
        found = progress(goals, evidence, NOON, ordered=True).standings
        return {key for key, standing in found.items() if standing.locked}

    assert locked() == {"extra", "g", "b", "c", "d"}
    assert locked(done("a")) == {"d"}
    assert locked(done("a"), done("c")) == set()


def test_a_completion_that_is_to_be_approved_is_in_review_until_it_is():
    goals = [Goal("a", "1")]
    found = progress(goals, [done("a")], NOON, needs_approval=True)
    assert (found.status, found.completed, found.fulfilled, found.percent) == (Status.IN_REVIEW, False, True, 100)
    assert progress(goals, [done("a")], NOON, needs_approval=True, approved=True).completed


def test_whoever_waits_for_an_instructor_alone_is_in_review():
    goals = [Goal("a", "1"), Goal("b", "1")]
    waiting = Evidence("a", "1", StepState.WAITING, NOON)
    assert progress(goals, [waiting], NOON).status == Status.IN_PROGRESS
    assert progress(goals, [waiting, done("b")], NOON).status == Status.IN_REVIEW


def test_points_are_of_what_is_done():
    goals = [Goal("a", "1", points=3), Goal("b", "1", points=2), Goal("c", "1", points=1, mandatory=False)]
    assert progress(goals, [done("a"), done("c")], NOON).points == 4
