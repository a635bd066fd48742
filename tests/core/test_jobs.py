"""A row is taken by one worker at a time, and nothing is lost when a worker dies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import jobs
from portal.core.clock import now
from portal.core.db import Base, commit, session


class Errand(jobs.Leased, Base):
    """A row of work for these tests alone."""

    __tablename__ = "errand_of_a_test"
    __table_args__ = {"info": {"test_only": True}}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)


@pytest.fixture
def errands(app):
    Base.metadata.create_all(session().get_bind(), tables=[Errand.__table__])
    session().add_all([Errand() for _ in range(5)])
    commit()


def test_two_workers_never_hold_the_same_row(errands):
    first = {row.id for row in jobs.claim(Errand, limit=3, seconds=60)}
    second = {row.id for row in jobs.claim(Errand, limit=3, seconds=60)}
    assert len(first) == 3
    assert len(second) == 2
    assert not first & second
    assert jobs.claim(Errand, limit=3, seconds=60) == []


def test_a_dead_workers_rows_come_back_when_its_lease_has_run_out(errands, clock):
    taken = jobs.claim(Errand, limit=5, seconds=60)
    assert all(row.attempts == 1 for row in taken)
    clock(now() + timedelta(seconds=61))
    again = jobs.claim(Errand, limit=5, seconds=60)
    assert len(again) == 5
    assert all(row.attempts == 2 for row in again)


def test_the_only_worker_takes_back_what_a_killed_one_held(errands):
    held = jobs.claim(Errand, limit=5, seconds=600)
    commit()
    jobs.forget_leases()
    assert {row.id for row in jobs.claim(Errand, limit=5, seconds=60)} == {row.id for row in held}


def test_a_worker_that_was_too_slow_may_not_record_its_answer(errands, clock):
    slow = jobs.claim(Errand, limit=1, seconds=60)[0]
    old = slow.lease
    commit()
    clock(now() + timedelta(seconds=61))
    jobs.claim(Errand, limit=1, seconds=60)
    commit()
    slow.lease = old
    session().expunge_all()
    slow.lease = old
    assert not jobs.still_mine(slow)


def test_a_row_is_not_taken_before_its_time(errands, clock):
    for row in jobs.claim(Errand, limit=5, seconds=60):
        jobs.release(row, again_at=now() + timedelta(minutes=5))
    commit()
    assert jobs.claim(Errand, limit=5, seconds=60) == []
    clock(now() + timedelta(minutes=5, seconds=1))
    assert len(jobs.claim(Errand, limit=5, seconds=60)) == 5


rung = []


@jobs.job(every=3600)
def noted():
    """Note that the bell rang."""
    rung.append(now())


def test_the_bell_rings_after_the_commit_and_not_after_a_rollback(app, run_jobs):
    queue = jobs.bell(app)._queue
    queue.flush()
    jobs.ring(noted)
    session().rollback()
    assert queue.dequeue() is None
    jobs.ring(noted)
    assert queue.dequeue() is None
    commit_something()
    task = queue.dequeue()
    assert task is not None
    rung.clear()
    queue.execute(task)
    assert len(rung) == 1


def commit_something():
    session().connection()
    commit()
