"""Work that happens later: the row is the truth, the queue is only the bell.

A job is a function without arguments that drains whatever rows are due. `ring` wakes it after the commit; a sweep wakes every
job again and again, so that what was missed is found. The queue itself (huey) is known to this module alone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

from huey import RedisHuey, SqliteHuey, crontab
from sqlalchemy import String, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import ids
from portal.core.clock import now
from portal.core.db import Base, commit, session

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from huey.api import Huey
    from huey.consumer import Consumer

log = logging.getLogger(__name__)
WORKERS = 2
DUE = "due"


class Leased:
    """A row that is work to do: at most one worker holds it at a time, and a killed worker's lease runs out.

    `state` is 'due' while there is something to do, whatever else a room calls the ends of it.
    """

    id: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default=DUE, index=True)
    not_before: Mapped[datetime] = mapped_column(default=now)
    leased_until: Mapped[datetime] = mapped_column(default=now)
    lease: Mapped[str | None] = mapped_column(String(22))
    attempts: Mapped[int] = mapped_column(default=0)


Row = TypeVar("Row", bound=Leased)


@dataclass(frozen=True)
class Job:
    """A registered job: what to run, and how often the sweep wakes it, in seconds."""

    name: str
    run: Callable[[], None]
    every: int


_registry: dict[str, Job] = {}


def job(*, every: int = 60) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function without arguments as a job that the sweep wakes every so many seconds."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        name = f"{function.__module__}.{function.__name__}"
        _registry[name] = Job(name, function, every)
        return function

    return register


def registered() -> list[Job]:
    """Return every job of the portal."""
    return list(_registry.values())


def ring(function: Callable[[], None], *, after: int = 0) -> None:
    """Wake a job once the running unit of work is committed, so many seconds later; forgotten if it is rolled back."""
    name = f"{function.__module__}.{function.__name__}"
    session().info.setdefault("rings", set()).add((_registry[name].name, after))


def claim(model: type[Row], *, limit: int, seconds: int, state: str = DUE) -> list[Row]:
    """Take up to `limit` due rows for `seconds`, in one statement, and commit.

    Returns the rows, each with `lease` set; finish with `finish` or `still_mine`, which hold only while the lease does.
    """
    moment = now()
    lease = ids.public_id()
    table = cast("Any", model)
    due = (
        select(table.id)
        .where(table.state == state, table.not_before <= moment, table.leased_until <= moment)
        .order_by(table.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(table)
        .where(table.id.in_(due))
        .values(leased_until=moment + timedelta(seconds=seconds), lease=lease, attempts=table.attempts + 1)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    taken = list(session().scalars(statement))
    commit()
    if not taken:
        return []
    rows = session().scalars(
        select(table).where(table.id.in_(taken)).order_by(table.id).execution_options(populate_existing=True)
    )
    return cast("list[Row]", list(rows.unique()))


def still_mine(row: Leased) -> bool:
    """Lock a claimed row for the running transaction and say whether the lease is still ours."""
    table = cast("Any", type(row))
    held = session().scalar(select(table.lease).where(table.id == row.id).with_for_update())
    return bool(held == row.lease)


def release(row: Leased, *, state: str = DUE, again_at: datetime | None = None) -> None:
    """Give a claimed row back with its new state, to be taken again at `again_at` where it is still due."""
    row.state = state
    row.lease = None
    row.leased_until = now()
    if again_at is not None:
        row.not_before = again_at


def forget_leases() -> None:
    """Take back every lease: for the one worker of an installation, which has just started and so holds none.

    What a killed worker held is due again at once, instead of when its lease has run out.
    """
    moment = now()
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Leased):
            table = cast("Any", mapper.class_)
            session().execute(update(table).where(table.leased_until > moment).values(leased_until=moment, lease=None))
    commit()


def _ring_committed(held: Session) -> None:
    rings = held.info.pop("rings", None)
    if rings:
        bell = held.info.get("bell")
        for name, after in sorted(rings):
            if bell is not None:
                bell(name, after)


def _forget_rings(held: Session) -> None:
    held.info.pop("rings", None)


event.listen(Session, "after_commit", _ring_committed)
event.listen(Session, "after_rollback", _forget_rings)


def run(app: Flask, name: str) -> None:
    """Run one job now, in an app context of its own; what it could not finish stays due."""
    with app.app_context():
        try:
            _registry[name].run()
        except Exception:
            session().rollback()
            log.exception("The job %s failed; what it had not finished stays due.", name)
            if app.testing:
                raise


class Bell:
    """The queue of one app: rings jobs, and runs the worker where this process is asked to."""

    def __init__(self, app: Flask, queue: Huey) -> None:
        self._app = app
        self._queue = queue
        self._consumer: Consumer | None = None
        self._swept: dict[str, datetime] = {}
        self._task = queue.task(name="laurel.run")(self._run)
        queue.periodic_task(crontab(minute="*"), name="laurel.sweep")(self.sweep)

    def _run(self, name: str) -> None:
        run(self._app, name)

    def ring(self, name: str, after: int = 0) -> None:
        """Put a wake-up into the queue, due in so many seconds; a queue that cannot be reached is no error, since the sweep finds the row."""
        try:
            if after:
                self._task.schedule((name,), delay=after)
            else:
                self._task(name)
        except Exception:
            log.exception("The queue could not be rung for %s; the sweep will find it.", name)

    def sweep(self) -> None:
        """Ring every job whose interval has passed."""
        moment = now()
        for entry in registered():
            last = self._swept.get(entry.name)
            if last is None or (moment - last).total_seconds() >= entry.every - 1:
                self._swept[entry.name] = moment
                self.ring(entry.name)

    def start(self) -> None:
        """Start the worker threads in this process, and sweep at once for what an earlier process left."""
        consumer = self._queue.create_consumer(
            workers=WORKERS, worker_type="thread", initial_delay=0.05, backoff=1.2, max_delay=0.5,
            check_worker_health=True,
        )  # fmt: skip
        consumer._set_signal_handlers = lambda: None
        consumer.start()
        self._consumer = consumer
        self.sweep()

    def stop(self) -> None:
        """Let running jobs end, then stop the worker."""
        if self._consumer is not None:
            self._consumer.stop(graceful=True)
            self._consumer = None

    def run_forever(self) -> None:
        """Be nothing but a worker, until the process is told to end: for `flask laurel work`."""
        stopped = threading.Event()
        self.start()
        try:
            stopped.wait()
        except KeyboardInterrupt:
            self.stop()


def bell(app: Flask) -> Bell:
    """Return the app's bell."""
    return cast("Bell", app.extensions["laurel_bell"])


def init_app(app: Flask, *, queue_file: Path, redis_url: str | None, in_memory: bool) -> None:
    """Give the app its queue: a file of its own beside the data, or Redis where many machines share it."""
    queue: Any
    if in_memory:
        from huey import MemoryHuey

        queue = MemoryHuey("laurel")
    elif redis_url:
        queue = RedisHuey("laurel", url=redis_url)
    else:
        queue = SqliteHuey("laurel", filename=str(queue_file))
    app.extensions["laurel_bell"] = Bell(app, queue)
