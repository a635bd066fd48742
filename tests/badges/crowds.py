"""A learning path with a badge, and as many holders of its certificate as a test or a benchmark asks for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from portal.accounts.models import EmailAddress, Person
from portal.badges import services as badges
from portal.badges.providers import Givable, keepers
from portal.certificates.models import Certificate
from portal.core import ids, pictures
from portal.core.clock import now
from portal.core.db import commit, session
from portal.learning import services as learning
from portal.learning.models import LearningPath
from tests.conftest import picture_bytes

AT_ONCE = 1_000


def path_with_badge(owner: Person, title: str = "First aid") -> tuple[LearningPath, Givable]:
    """Publish a path whose certificate has a badge, and return it with the badge as its instructor may give it."""
    if badges.issuer() is None:
        badges.save_issuer(name="Academy of Fjords", url="https://academy.example/", email="badges@academy.example")
    key = pictures.keep(pictures.check(picture_bytes()))
    path = learning.create_path(
        owner,
        learning.Info(
            title=title, certification=True, open_badges=True, badge_name=title, badge_description="Knows it.",
            cover_key=key,
        ),
    )  # fmt: skip
    learning.add_step(path, "page", title="Read", content={"text": "Read this."}, minutes=10)
    learning.publish(path)
    commit()
    return path, next(one for one in keepers().givable_by(owner) if one.title == title)


def holders(path: LearningPath, chosen: Givable, number: int, *, first: int = 0) -> None:
    """Make people with a verified address, each with a certificate of a path; committed."""
    moment = now()
    for start in range(first, first + number, AT_ONCE):
        names = [f"Learner {n}" for n in range(start, min(start + AT_ONCE, first + number))]
        rows: list[dict[str, Any]] = [{"name": name, "role": "learner", "public_id": ids.public_id()} for name in names]
        session().execute(insert(Person), rows)
        keys = [row["public_id"] for row in rows]
        people = list(session().execute(select(Person.id, Person.name).where(Person.public_id.in_(keys))))
        session().execute(
            insert(EmailAddress),
            [
                {
                    "person_id": number_of, "address": (text := f"{name.replace(' ', '').lower()}@example.org"),
                    "verified_address": text, "verified_at": moment, "is_primary": True,
                }
                for number_of, name in people
            ],
        )  # fmt: skip
        session().execute(
            insert(Certificate),
            [
                {
                    "source": f"crowd:{number_of}", "holder_id": number_of, "holder_name": name,
                    "path_title": chosen.title, "path_public_id": path.public_id, "path_version": 1,
                    "issuer_name": "Academy", "badge_class_id": chosen.badge_class_id, "issued_at": moment,
                }
                for number_of, name in people
            ],
        )  # fmt: skip
        commit()
