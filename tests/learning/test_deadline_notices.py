"""What members are told of their time: once each, in their own time zone, also when the worker was down for days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core.clock import now
from portal.core.db import commit, session
from portal.learning import services
from portal.learning.rules import Rules
from portal.notices.models import Notice


@pytest.fixture
def timed(make_path, person):
    """Make a path of one step with a time limit, and somebody on it."""

    def make(**rules):
        path = make_path(steps=(), publish=False)
        services.add_step(path, "page", title="In time", content={"text": "Read."}, rules=Rules(**rules))
        services.publish(path)
        membership = services.join(path, person())
        commit()
        return membership

    return make


def told(membership):
    session().expire_all()
    rows = session().scalars(
        select(Notice).where(Notice.person_id == membership.person_id, Notice.kind != "joined").order_by(Notice.id)
    )
    return [row.kind for row in rows]


def test_a_near_deadline_is_told_once(timed, clock, run_jobs):
    membership = timed(limit_count=10, limit_unit="days")
    run_jobs()
    assert told(membership) == []
    clock(now() + timedelta(days=8))
    run_jobs()
    run_jobs()
    assert told(membership) == ["deadline_near"]


def test_whoever_has_done_the_step_is_not_reminded(timed, clock, run_jobs):
    membership = timed(limit_count=10, limit_unit="days")
    services.hand_in(membership, membership.version.steps[0].key)
    commit()
    clock(now() + timedelta(days=9))
    run_jobs()
    assert "deadline_near" not in told(membership)


@pytest.mark.parametrize(("strict", "kind"), [(False, "overdue"), (True, "failed")])
def test_after_three_days_without_a_worker_what_is_late_is_told_once(timed, clock, run_jobs, strict, kind):
    membership = timed(limit_count=4, limit_unit="days", strict=strict)
    clock(now() + timedelta(days=7))
    run_jobs()
    run_jobs()
    assert told(membership) == [kind]


def test_more_time_is_a_new_deadline(timed, person, clock, run_jobs):
    membership = timed(limit_count=4, limit_unit="days", strict=True)
    clock(now() + timedelta(days=5))
    run_jobs()
    services.another_try(membership, person("administrator"), until=now() + timedelta(days=2))
    commit()
    run_jobs()
    clock(now() + timedelta(days=3))
    run_jobs()
    kinds = told(membership)
    assert kinds.count("failed") == 2
    assert "deadline_near" in kinds


@pytest.mark.parametrize(
    ("zone", "start", "hours"),
    [
        ("Europe/Helsinki", datetime(2026, 3, 27, 10, tzinfo=UTC), 7 * 24 - 1),
        ("Europe/Helsinki", datetime(2026, 10, 23, 10, tzinfo=UTC), 7 * 24 + 1),
        ("America/New_York", datetime(2026, 3, 5, 10, tzinfo=UTC), 7 * 24 - 1),
        ("Asia/Kolkata", datetime(2026, 3, 27, 10, tzinfo=UTC), 7 * 24),
        ("Pacific/Kiritimati", datetime(2026, 3, 27, 10, tzinfo=UTC), 7 * 24),
    ],
)
def test_a_week_ends_at_the_same_time_of_day_through_daylight_saving(
    make_path, person, clock, run_jobs, zone, start, hours
):
    clock(start)
    path = make_path(steps=(), publish=False)
    services.add_step(
        path, "page", title="In time", content={"text": "Read."}, rules=Rules(limit_count=1, limit_unit="weeks")
    )
    services.publish(path)
    learner = person()
    learner.timezone = zone
    membership = services.join(path, learner)
    commit()
    clock(membership.started_at + timedelta(hours=hours, minutes=-1))
    run_jobs()
    session().expire_all()
    assert membership.status == "in_progress"
    clock(membership.started_at + timedelta(hours=hours, minutes=1))
    run_jobs()
    session().expire_all()
    assert membership.status == "overdue"


def test_members_hear_that_a_path_is_deactivated(make_path, person):
    path = make_path()
    membership = services.join(path, person())
    services.deactivate(path)
    services.deactivate(path)
    commit()
    assert told(membership) == ["deactivated"]
