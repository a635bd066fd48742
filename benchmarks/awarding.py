"""How long the worker takes to give a badge to 10,000 learners, against the floor of signing, and how much memory.

The floor is one Ed25519 and one RSA-2048 signature of the same bytes; an award is its row, its place in a status list, the
hosted forms 1.1 and 2.0, both signed forms 3.0 and the signed form 2.0, and what its holder is told. Seeds a portal of its
own on SQLite, or on the empty PostgreSQL database that LAUREL_BENCH_DATABASE_URL names, and works in a fresh process.
Both are measured in the CPU time of that process, in turns, on one core.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FEW, MANY = 1_000, 10_000
ROUNDS = 100
TARGET, MOST_GROWTH = 3.0, 1.1


def portal(folder: Path) -> object:
    """Make the portal whose files lie in a folder."""
    from config import Settings
    from portal.app import create_app

    known = {"LAUREL_ENV": "development", "LAUREL_DATA": str(folder), "LAUREL_BASE_URL": "http://localhost:8000"}
    database = os.environ.get("LAUREL_BENCH_DATABASE_URL")
    return create_app(Settings.from_environment(known | ({"LAUREL_DATABASE_URL": database} if database else {})))


def seed(folder: Path) -> None:
    """Publish a path with a badge, and certify as many learners as are needed."""
    from portal.accounts.models import Person
    from portal.core.db import Base, commit, db, session
    from tests.badges.crowds import holders, path_with_badge

    with portal(folder).app_context():
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        owner = Person(name="Instructor", role="instructor")
        session().add(owner)
        commit()
        path, chosen = path_with_badge(owner)
        holders(path, chosen, FEW + MANY)


def floor() -> Callable[[], None]:
    """Return one Ed25519 and one RSA-2048 signature of the same bytes, of an award's size."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    from portal.openbadges.keys import Ed25519Pair, RsaPair

    ed25519, rsa, body = Ed25519Pair.generate(), RsaPair.generate(), b"x" * 2_500

    def sign() -> None:
        ed25519.private.sign(body)
        rsa.private.sign(body, padding.PKCS1v15(), hashes.SHA256())

    return sign


def order(number: int | None) -> int:
    """Order the badge for some of those who may have it, or for all; return for how many."""
    from sqlalchemy import delete, func, select

    from portal.accounts.models import Person
    from portal.badges.models import AwardOrder
    from portal.badges.providers import keepers
    from portal.badges.services import ordering
    from portal.core.db import commit, session

    owner = session().scalars(select(Person).where(Person.role == "instructor")).one()
    batch = ordering.start(keepers().givable_by(owner)[0], by=owner, key="")
    if number is not None:
        kept = select(AwardOrder.id).where(AwardOrder.batch_id == batch.id).order_by(AwardOrder.id).limit(number)
        session().execute(delete(AwardOrder).where(AwardOrder.id.not_in(kept)))
    commit()
    return session().scalar(select(func.count()).where(AwardOrder.batch_id == batch.id)) or 0


def memory() -> float:
    """Return how much memory this process has now, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576


def work(folder: Path) -> int:
    """Give the badges, print the figures; the answer is 0 where the targets are met."""
    from portal.badges.jobs import give_to_many
    from portal.badges.services import bulk
    from portal.core.db import session

    with suppress(AttributeError):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with portal(folder).app_context():
        kind = session().get_bind().dialect.name
        clock = Clock(floor())
        order(FEW)
        bulk.prepare, bulk.keep = clock.between(bulk.prepare), clock.watched(bulk.keep)
        give_to_many()
        at_few, clock.spent, clock.signed = clock.most, 0.0, 0
        many = order(None)
        begun = time.process_time()
        give_to_many()
        taken = (time.process_time() - begun - clock.spent) / many * 1_000
        at_many = clock.most
    least = clock.spent / clock.signed * 1_000
    ratio, growth = taken / least, at_many / at_few
    print(f"{kind}: floor, Ed25519 + RSA-2048       {least:8.3f} ms")
    print(f"{kind}: an award from the worker        {taken:8.3f} ms   ({1_000 / taken:,.0f} a second)")
    print(f"{kind}: ratio to the floor              {ratio:8.2f}      (target: at most {TARGET})")
    print(f"{kind}: peak memory after {FEW:>6,}       {at_few:8.1f} MB")
    print(f"{kind}: peak memory after {FEW + many:>6,}       {at_many:8.1f} MB   (target: at most {MOST_GROWTH} times)")
    return 0 if ratio <= TARGET and growth <= MOST_GROWTH else 1


class Clock:
    """Signs at the floor between the batches of the worker, so that a busy machine slows both alike; CPU time counts."""

    def __init__(self, sign: Callable[[], None]) -> None:
        self._sign, self.signed, self.spent, self.most = sign, 0, 0.0, 0.0

    def watched(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        """Return a verb after which the memory is looked at: a batch is signed and kept then, and not let go yet."""

        def look_after(*given: Any) -> Any:
            found = verb(*given)
            self.most = max(self.most, memory())
            return found

        return look_after

    def between(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        """Return a verb that signs at the floor before it does its work."""

        def sign_first(*given: Any) -> Any:
            begun = time.process_time()
            for _round in range(ROUNDS):
                self._sign()
            self.spent += time.process_time() - begun
            self.signed += ROUNDS
            return verb(*given)

        return sign_first


def main() -> int:
    """Seed and measure, each in a process of its own."""
    if len(sys.argv) == 3:
        return work(Path(sys.argv[2])) if sys.argv[1] == "work" else seed(Path(sys.argv[2])) or 0
    with tempfile.TemporaryDirectory() as folder:
        for step in ("seed", "work"):
            done = subprocess.run([sys.executable, __file__, step, folder], cwd=ROOT, check=False)
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
