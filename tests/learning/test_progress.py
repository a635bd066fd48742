"""Progress is a pure function: more evidence never lowers it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.learning.progress import RANK, Evidence, Goal, StepState, progress

KEYS = st.sampled_from("abcdef")
HASHES = st.sampled_from(["1", "2"])
GOALS = st.lists(
    st.builds(Goal, KEYS, HASHES, st.booleans(), st.none() | st.integers(1, 90)), unique_by=lambda goal: goal.key
)
EVIDENCE = st.lists(st.builds(Evidence, KEYS, HASHES, st.sampled_from(list(StepState))))


@given(GOALS, EVIDENCE, EVIDENCE)
def test_more_evidence_never_lowers_progress(goals, less, more):
    before, after = progress(goals, less), progress(goals, less + more)
    assert after.done >= before.done
    assert after.minutes_left <= before.minutes_left
    assert after.completed >= before.completed
    for key, state in before.states:
        assert RANK[after.state_of(key)] >= RANK[state]


@given(GOALS, EVIDENCE)
def test_the_order_of_evidence_does_not_matter(goals, evidence):
    assert progress(goals, evidence) == progress(goals, evidence[::-1])


@given(GOALS, EVIDENCE)
def test_what_it_says_fits_together(goals, evidence):
    found = progress(goals, evidence)
    assert 0 <= found.done <= found.total == sum(goal.mandatory for goal in goals)
    assert 0 <= found.percent <= 100
    assert (found.percent == 100) == found.completed
    assert [key for key, _state in found.states] == [goal.key for goal in goals]
    undone = {key for key, state in found.states if state is not StepState.DONE}
    assert (found.next_key in undone) if undone else found.next_key is None


@given(GOALS)
def test_everything_done_completes_a_path_that_asks_something(goals):
    evidence = [Evidence(goal.key, goal.content_hash, StepState.DONE) for goal in goals]
    assert progress(goals, evidence).completed == any(goal.mandatory for goal in goals)


@given(GOALS, EVIDENCE)
def test_evidence_of_a_step_that_said_something_else_does_not_count(goals, evidence):
    others = [Evidence(piece.key, "another", piece.state) for piece in evidence]
    assert progress(goals, others).done == 0


def test_what_is_in_ones_own_hands_comes_before_what_waits():
    goals = [Goal("a", "1"), Goal("b", "1", mandatory=False), Goal("c", "1")]
    waiting = Evidence("a", "1", StepState.WAITING)
    assert progress(goals, [waiting]).next_key == "c"
    assert progress(goals, [waiting, Evidence("c", "1", StepState.DONE)]).next_key == "b"
