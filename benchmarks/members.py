"""How long the Members page of a path with 10,000 members takes, against one with 10: statements, and time in turns.

Seeds a portal of its own on SQLite, and asks for the page as its instructor would: by name, by progress, by status and by a
search. Also how long it takes to put a group of 10,000 people on a path, which the worker does.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FEW, MANY = 10, 10_000
ROUNDS = 15
MOST_MILLISECONDS = 400.0
ASKED = ("", "?sort=-progress", "?status=in_progress&sort=joined", "?q=Person%20007", "/export.csv")


def portal(folder: Path) -> Any:
    """Make the portal whose files lie in a folder, with its tables."""
    from config import Settings
    from portal.app import create_app
    from portal.core.db import Base, db

    known = {"LAUREL_ENV": "development", "LAUREL_DATA": str(folder), "LAUREL_BASE_URL": "http://localhost:8000"}
    app = create_app(Settings.from_environment(known))
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


def seed(instructor: Any, number: int) -> str:
    """Publish a path, put a group of so many people on it, and return the path's public id."""
    from sqlalchemy import insert, select

    from portal.accounts.models import EmailAddress, GroupKind, Person
    from portal.accounts.services import groups
    from portal.core import ids
    from portal.core.clock import now
    from portal.core.db import commit, session
    from portal.learning import jobs, services
    from portal.learning.services import audiences

    path = services.create_path(instructor, services.Info(title=f"Path of {number}"))
    for place in range(5):
        services.add_step(path, "page", title=f"Step {place}", content={"text": "Read."})
    services.publish(path)
    names = [f"Person {n:05} of {number}" for n in range(number)]
    session().execute(insert(Person), [{"name": name, "public_id": ids.public_id()} for name in names])
    people = session().scalars(select(Person.id).where(Person.name.in_(names)).order_by(Person.name)).all()
    rows = [
        {
            "person_id": person, "address": f"p{n}-{number}@example.org", "is_primary": True, "verified_at": now(),
            "verified_address": f"p{n}-{number}@example.org", "public_id": ids.public_id(),
        }
        for n, person in enumerate(people)
    ]  # fmt: skip
    session().execute(insert(EmailAddress), rows)
    group = groups.create_group(f"Group of {number}", GroupKind.GROUP)
    groups.add_to_group(group, people)
    commit()
    began = time.process_time()
    audiences.add_group(path, group, by=instructor)
    commit()
    jobs.see_to_audiences()
    took = time.process_time() - began
    print(f"  {number:6} people come to a path through a group: {took:6.2f} s of CPU, {number / took:6.0f} a second")
    return path.public_id


def main() -> int:
    """Measure, print, and return 1 where a page takes more statements or too much time."""
    from sqlalchemy import event

    from portal.accounts.models import Person
    from portal.core.db import commit, db, session

    statements: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        app = portal(Path(folder))
        with app.test_request_context("/", method="POST"):
            instructor = Person(name="Nadia", role="instructor")
            session().add(instructor)
            commit()
            identity = instructor.get_id()
            paths = {number: seed(session().get(Person, 1), number) for number in (FEW, MANY)}
            event.listen(db.engine, "before_cursor_execute", lambda _c, _u, text, *_: statements.append(text))
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = identity, True
        kept = [measure(client, paths, asked, statements) for asked in ASKED]
        return int(not all(kept))


def measure(client: Any, paths: dict[int, str], asked: str, statements: list[str]) -> bool:
    """Ask for one form of the page for both paths in turns; whether it keeps to the limits."""
    times: dict[int, list[float]] = {number: [] for number in paths}
    counts: dict[int, int] = {}
    for _round in range(ROUNDS):
        for number, public_id in paths.items():
            statements.clear()
            began = time.perf_counter()
            answer = client.get(f"/authoring/learning-paths/{public_id}/members{asked}", buffered=True)
            times[number].append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.status
            counts[number] = len([text for text in statements if not text.startswith(("BEGIN", "PRAGMA"))])
    few, many = (statistics.median(times[number]) for number in (FEW, MANY))
    print(
        f"  {asked or 'by name':32} {counts[FEW]:3} → {counts[MANY]:3} statements, {few:6.1f} → {many:6.1f} ms, "
        f"ratio {many / few:5.2f}"
    )
    return asked.startswith("/export") or (counts[MANY] <= counts[FEW] and many <= MOST_MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main())
