"""Groups of steps, their time limits and their order, as instructors write and learners meet them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.learning import services
from portal.learning.models import GROUP, RecordState, Status
from portal.learning.rules import Rules

PAGE = {"text": "Read this."}


def add(path, title, *, kind="page", parent=None, **more):
    content = {} if kind == GROUP else PAGE
    return services.add_step(path, kind, title=title, content=content, parent=parent, **more)


def titles(path):
    return [step.title for step in path.edited.steps]


def test_a_group_stands_before_what_it_holds(make_path):
    path = make_path(steps=(), publish=False)
    group = add(path, "Choose", kind=GROUP)
    add(path, "Last")
    add(path, "In it", parent=group.key)
    inner = add(path, "Deeper", kind=GROUP, parent=group.key)
    add(path, "Deep", parent=inner.key)
    assert titles(path) == ["Choose", "In it", "Deeper", "Deep", "Last"]
    assert [step.position for step in path.edited.steps] == [1, 2, 3, 4, 5]


def test_moving_a_group_takes_along_what_it_holds(make_path):
    path = make_path(steps=(), publish=False)
    first = add(path, "First")
    group = add(path, "Group", kind=GROUP)
    add(path, "In it", parent=group.key)
    services.move_step(path, group.key, 1)
    assert titles(path) == ["Group", "In it", "First"]
    services.move_into(path, first.key, group.key)
    services.move_step(path, first.key, 1)
    assert titles(path) == ["Group", "First", "In it"]


def test_removing_a_group_keeps_what_it_held(make_path):
    path = make_path(steps=(), publish=False)
    group = add(path, "Group", kind=GROUP)
    inner = add(path, "Inner", kind=GROUP, parent=group.key)
    step = add(path, "Step", parent=inner.key)
    services.remove_step(path, inner.key)
    assert titles(path) == ["Group", "Step"]
    assert path.edited.step(step.key).parent_key == group.key


def test_a_group_cannot_stand_inside_itself_nor_too_deep(make_path):
    path = make_path(steps=(), publish=False)
    groups = [add(path, "Group 0", kind=GROUP)]
    for number in range(1, 4):
        groups.append(add(path, f"Group {number}", kind=GROUP, parent=groups[-1].key))
    with pytest.raises(Refused) as inside:
        services.move_into(path, groups[0].key, groups[2].key)
    assert inside.value.field == "parent"
    with pytest.raises(Refused):
        add(path, "Too deep", kind=GROUP, parent=groups[-1].key)
    add(path, "A step all the same", parent=groups[-1].key)


def test_a_group_that_nobody_can_finish_keeps_the_path_from_being_published(make_path):
    path = make_path(publish=False)
    group = add(path, "Pick two", kind=GROUP, rules=Rules(needed=2))
    add(path, "One", parent=group.key)
    add(path, "Nothing in it", kind=GROUP)
    assert [(problem.place, problem.text.partition(":")[0]) for problem in services.problems_of(path)] == [
        ("group", "Pick two"),
        ("group", "Nothing in it"),
    ]
    with pytest.raises(Refused):
        services.publish(path)


def test_two_of_three_complete_a_path(make_path, person):
    path = make_path(steps=(), publish=False)
    group = add(path, "Pick two", kind=GROUP, rules=Rules(needed=2))
    keys = [add(path, title, parent=group.key).key for title in ("One", "Two", "Three")]
    services.publish(path)
    membership = services.join(path, person())
    services.hand_in(membership, keys[2])
    assert (membership.status, membership.done, membership.total) == (Status.IN_PROGRESS, 1, 2)
    services.hand_in(membership, keys[0])
    assert membership.status == Status.COMPLETED
    assert membership.completed_at is not None


def test_a_locked_step_cannot_be_done_before_its_turn(make_path, person):
    path = make_path(publish=False)
    services.set_order(path, ordered=True)
    services.publish(path)
    membership = services.join(path, person())
    first, second = path.published.steps
    with pytest.raises(Refused):
        services.hand_in(membership, second.key)
    services.hand_in(membership, first.key)
    services.hand_in(membership, second.key)
    assert membership.completed_at is not None


@pytest.fixture
def timed(make_path):
    """Make a path of one step with a time limit."""

    def make(**rules):
        path = make_path(steps=(), publish=False)
        add(path, "In time", rules=Rules(**rules))
        services.publish(path)
        commit()
        return path

    return make


@pytest.mark.parametrize(("strict", "status"), [(True, Status.FAILED), (False, Status.OVERDUE)])
def test_the_worker_finds_what_ran_out_even_after_three_days(timed, person, clock, run_jobs, strict, status):
    path = timed(limit_count=2, limit_unit="days", strict=strict)
    membership = services.join(path, person())
    commit()
    clock(now() + timedelta(days=5))
    run_jobs()
    session().refresh(membership)
    assert membership.status == status
    assert membership.changes_at is None


def test_the_time_ends_at_the_same_time_of_day_where_the_learner_lives(timed, person, clock):
    clock(datetime(2026, 3, 27, 17, 30, tzinfo=UTC))  # daylight saving begins in Helsinki on 29 March
    path = timed(limit_count=7, limit_unit="days")
    learner = person()
    learner.timezone = "Europe/Helsinki"
    membership = services.join(path, learner)
    assert membership.changes_at == datetime(2026, 4, 3, 16, 30, tzinfo=UTC)


def test_what_was_handed_in_before_the_end_is_in_time_however_late_it_is_accepted(make_path, person, clock):
    instructor = person("instructor")
    path = make_path(instructor, steps=(), publish=False)
    services.add_step(
        path, "confirmation", title="Show it", content={"task": "Show it."},
        rules=Rules(limit_count=1, limit_unit="days", strict=True),
    )  # fmt: skip
    services.publish(path)
    membership = services.join(path, person())
    key = path.published.steps[0].key
    services.hand_in(membership, key)
    handed_in = membership.records[0].handed_in_at
    clock(now() + timedelta(days=9))
    services.confirm(membership, key, instructor, grade=80)
    assert membership.status == Status.COMPLETED
    assert membership.completed_at == handed_in
    assert membership.records[0].grade == 80


def test_whoever_failed_can_be_given_another_try(timed, person, clock):
    instructor = person("instructor")
    path = timed(limit_count=1, limit_unit="days", strict=True)
    membership = services.join(path, person())
    key = path.published.steps[0].key
    clock(now() + timedelta(days=2))
    with pytest.raises(Refused):
        services.hand_in(membership, key)
    services.another_try(membership, instructor, until=now() + timedelta(days=3))
    assert membership.status == Status.IN_PROGRESS
    services.hand_in(membership, key)
    assert membership.status == Status.COMPLETED


def test_what_an_instructor_failed_is_open_again_after_another_try(make_path, person):
    instructor = person("instructor")
    path = make_path(instructor, steps=("confirmation",))
    membership = services.join(path, person())
    key = path.published.steps[0].key
    services.hand_in(membership, key, {"note": "Here it is."})
    services.fail(membership, key, instructor, "That was somebody else's.")
    assert membership.status == Status.FAILED
    assert membership.records[0].state == RecordState.FAILED
    services.another_try(membership, instructor, comment="Once more, on your own.")
    assert membership.status == Status.IN_PROGRESS
    services.hand_in(membership, key, {"note": "My own."})
    services.confirm(membership, key, instructor)
    assert membership.status == Status.COMPLETED


def test_a_completion_that_is_approved_waits_for_an_instructor(make_path, person):
    instructor = person("instructor")
    path = make_path(instructor, steps=("page",), publish=False, certification=True)
    path.draft.approved = True
    services.publish(path)
    membership = services.join(path, person())
    with pytest.raises(Refused):
        services.approve(membership, instructor)
    services.hand_in(membership, path.published.steps[0].key)
    assert (membership.status, membership.certificate) == (Status.IN_REVIEW, None)
    assert services.awaits_approval(membership)
    services.approve(membership, instructor, "Well done.")
    assert membership.status == Status.COMPLETED
    assert membership.certificate is not None


def test_an_instructor_writes_groups_on_the_page(make_path, person, sign_in):
    instructor = person("instructor")
    path = make_path(instructor, publish=False)
    base = f"/authoring/learning-paths/{path.public_id}"
    writer = sign_in(instructor)
    saved = writer.submit(
        f"{base}/steps/new-group", {"title": "Pick one", "enough": "any", "needed": "1", "mandatory": "y"}
    )
    assert saved.status_code == 303
    session().expire_all()
    group = next(step for step in path.edited.steps if step.is_group)
    page = writer.get(f"{base}/steps")
    assert "Any 1 of these" in page.text
    assert writer.get(f"{base}/steps/{group.key}").status_code == 302
    refused = writer.submit(
        f"{base}/steps/{group.key}/group",
        {"title": "Pick", "enough": "any", "needed": "٣", "limit_kind": "period", "limit_count": "-1"},
    )
    assert refused.status_code == 422
    assert "Enter a whole number from 1 to" in refused.text
    step = path.edited.tasks[0]
    saved = writer.submit(
        f"{base}/steps/{step.key}",
        {
            "title": "By May", "text": "Read.", "mandatory": "y", "parent": group.key, "points": "5",
            "limit_kind": "date", "due_at": "2027-05-01T09:00", "strict": "y",
        },
    )  # fmt: skip
    assert saved.status_code == 303
    session().expire_all()
    step = path.edited.step(step.key)
    assert (step.parent_key, step.points, step.strict) == (group.key, 5, True)
    assert step.due_at == datetime(2027, 5, 1, 9, tzinfo=UTC)
    for nonsense in ("tomorrow", "9999-12-31T23:59:59.999999-23:59x", "", "2027-02-30T10:00"):
        again = writer.submit(
            f"{base}/steps/{step.key}", {"title": "T", "text": "x", "limit_kind": "date", "due_at": nonsense}
        )
        assert again.status_code == 422
    assert writer.submit(f"{base}/order", {"ordered": "y"}).status_code == 303
