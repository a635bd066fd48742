"""How long a path's page with 200 goals and a transcript with 300 certificates take, against small ones: statements, and time in turns.

Seeds a portal of its own on SQLite and asks as the learner would: the path, one of its steps, the achieved certificates, the
transcript and its PDF.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.members import portal

FEW_GOALS, MANY_GOALS = 5, 200
FEW_CERTIFICATES, MANY_CERTIFICATES = 3, 300
ROUNDS = 9


def seed(learner: Any, instructor: Any, goals: int, number: int) -> dict[str, str]:
    """Put a learner on a path of so many goals, half of them in groups, with so many certificates; return the pages."""
    from portal.certificates import services as certificates
    from portal.core.db import commit
    from portal.learning import services
    from portal.learning.rules import Rules

    path = services.create_path(instructor, services.Info(title=f"Path of {goals}", certification=True))
    group = None
    for place in range(goals):
        if place % 10 == 0:
            group = (
                services.add_step(path, "group", title=f"Group {place}", rules=Rules(needed=1)) if place % 20 else None
            )
        else:
            parent = group.key if group is not None else None
            services.add_step(path, "page", title=f"Step {place}", content={"text": "Read."}, parent=parent)
    services.publish(path)
    membership = services.join(path, learner)
    step = path.published.tasks[0]
    services.hand_in(membership, step.key)
    grants = [
        certificates.Grant(
            holder_id=learner.id, holder_name=learner.name, title=f"Course {place}", path_public_id=path.public_id,
            path_version=1, source=f"benchmark:{learner.id}:{place}", language="en",
        )
        for place in range(number)
    ]  # fmt: skip
    certificates.grant_many(path.published.certification, grants)
    commit()
    base = f"/learning-paths/{path.public_id}"
    return {
        "a path": base,
        "a step": f"{base}/steps/{step.key}",
        "achieved certificates": "/certificates",
        "transcript": "/transcript",
        "transcript as PDF": "/transcript/transcript.pdf",
    }


def main() -> int:
    """Measure, print, and return 1 where a large page takes more statements than a small one."""
    from sqlalchemy import event

    from portal.accounts.models import Person
    from portal.core.db import commit, db, session

    statements: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        app = portal(Path(folder))
        with app.test_request_context("/", method="POST"):
            people = [
                Person(name=name, role=role) for name, role in (("I", "instructor"), ("A", "learner"), ("B", "learner"))
            ]
            session().add_all(people)
            commit()
            instructor, few, many = people
            sizes = ((few, FEW_GOALS, FEW_CERTIFICATES), (many, MANY_GOALS, MANY_CERTIFICATES))
            pages = [(learner.get_id(), seed(learner, instructor, goals, number)) for learner, goals, number in sizes]
            event.listen(db.engine, "before_cursor_execute", lambda _c, _u, text, *_: statements.append(text))
        kept = [measure(app, pages, name, statements) for name in pages[0][1]]
        return int(not all(kept))


def measure(app: Any, pages: list[tuple[str, dict[str, str]]], name: str, statements: list[str]) -> bool:
    """Ask for one page of both learners in turns; whether the large one takes no more statements."""
    times: list[list[float]] = [[], []]
    counts = [0, 0]
    for _round in range(ROUNDS):
        for place, (identity, addresses) in enumerate(pages):
            client = app.test_client()
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = identity, True
            statements.clear()
            began = time.perf_counter()
            answer = client.get(addresses[name], buffered=True)
            times[place].append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, (addresses[name], answer.status)
            counts[place] = len([text for text in statements if not text.startswith(("BEGIN", "PRAGMA"))])
    few, many = (statistics.median(taken) for taken in times)
    print(f"  {name:24} {counts[0]:3} → {counts[1]:3} statements, {few:6.1f} → {many:6.1f} ms, ratio {many / few:5.2f}")
    return counts[1] <= counts[0]


if __name__ == "__main__":
    sys.exit(main())
