"""How fast the worker grants certificates where 10,000 learners finish at once, on one core, each of them told of it.

Prints one line a figure; run it with `make bench` or `.venv/bin/python benchmarks/granting.py`. Measured is processor time of
the whole job: weighing what was done, completing, granting, telling, ordering the PDFs, committing.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import func, insert, select

from portal.accounts.models import Person
from portal.app import create_app
from portal.badges import services as badges
from portal.certificates import services as certificates
from portal.certificates.models import Certificate
from portal.core.clock import now
from portal.core.db import Base, commit, db, session
from portal.learning import services as learning
from portal.learning.jobs import settle_members
from portal.learning.models import LearningPath, Membership, StepRecord
from portal.notices.models import Notice
from tests.conftest import test_settings

LEARNERS = 10_000
TARGET = 500


def academy() -> LearningPath:
    """Make a path of three steps that gives a certificate for two years, and learners who have done all of it."""
    badges.save_issuer(name="Academy", url="https://academy.example", email="badges@academy.example")
    owner = Person(name="Instructor", role="instructor")
    session().add(owner)
    session().flush()
    info = learning.Info(
        title="Data literacy", certification=True, validity_kind="period", validity_count=2, warning_count=30
    )
    path = learning.create_path(owner, info)
    for number in range(3):
        learning.add_step(path, "page", title=f"Step {number}", content={"text": "Read."}, minutes=10)
    learning.publish(path)
    session().execute(insert(Person), [{"name": f"Learner {n}", "role": "learner"} for n in range(LEARNERS)])
    people = session().scalars(select(Person.id).where(Person.role == "learner")).all()
    version = path.published
    assert version is not None
    session().execute(
        insert(Membership),
        [
            {"path_id": path.id, "person_id": number, "version_id": version.id, "to_settle": True, "started_at": now()}
            for number in people
        ],
    )
    members = session().scalars(select(Membership.id)).all()
    session().execute(
        insert(StepRecord),
        [
            {
                "membership_id": number,
                "step_key": step.key,
                "content_hash": step.content_hash,
                "state": "done",
                "done_at": now(),
            }
            for number in members
            for step in version.steps
        ],
    )
    commit()
    session().expunge_all()
    return path


def say(what: str, rate: float) -> bool:
    """Print a rate and whether it is enough."""
    print(f"{what}: {rate:,.0f} a second (target {TARGET} or more)")
    return rate >= TARGET


def main() -> int:
    """Measure, print, and say whether it is fast enough."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(test_settings(Path(folder)))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            path = academy()
            began = time.process_time()
            settle_members()
            whole = LEARNERS / (time.process_time() - began)
            granted = session().scalar(select(func.count()).select_from(Certificate))
            told = session().scalar(select(func.count()).select_from(Notice).where(Notice.kind == "achieved"))
            assert granted == told == LEARNERS, (granted, told)
            alone = _granting_alone(path.id)
            db.session.remove()
            db.engine.dispose()
    return (
        0
        if say("10,000 learners who finish at once are granted certificates", whole) & say("granting alone", alone)
        else 1
    )


def _granting_alone(path_id: int) -> float:
    path = session().get(LearningPath, path_id)
    assert path is not None
    version = path.published
    assert version is not None
    wanted = [
        certificates.Grant(
            holder_id=number, holder_name="Learner", title=version.title, path_public_id=path.public_id,
            path_version=1, source=f"benchmark:{number}",
        )
        for number in session().scalars(select(Person.id).where(Person.role == "learner"))
    ]  # fmt: skip
    began = time.process_time()
    certificates.grant_many(version.certification, wanted)
    commit()
    return LEARNERS / (time.process_time() - began)


if __name__ == "__main__":
    sys.exit(main())
