"""Loading the demo academy, once: through the same services that people use, at moments in the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from portal.accounts.models import EmailAddress, Person
from portal.accounts.services import passwords, person_by_address, verified_addresses
from portal.badges import services as badges
from portal.certificates import services as certificates
from portal.certificates.models import Certificate
from portal.core import pictures
from portal.core.clock import now, standing_at
from portal.core.db import commit, session
from portal.delivery import services as delivery
from portal.delivery.reading import services as reading
from portal.delivery.reading.jobs import read_collections
from portal.demo.courses import COURSES, Course
from portal.learning import services as learning
from portal.learning.models import LearningPath, Membership
from portal.web.policy import Role

PASSWORD = "laurel-demo"  # noqa: S105 - printed at the start, and refused in production
ADMINISTRATOR, INSTRUCTOR, LEARNER = "admin@laurel.example", "instructor@laurel.example", "learner@laurel.example"
ACCOUNTS = (ADMINISTRATOR, INSTRUCTOR, LEARNER)
ACADEMY = "Harbour Academy"
COLLECTION = "Valamis collection"
BADGES = Path(__file__).parent / "badges"
OTHERS = (
    ("Aino-Sofia Mäkelä", "aino@laurel.example"),
    ("Lukas Brandt", "lukas@laurel.example"),
    ("Farah Haddad", "farah@laurel.example"),
    ("Kwame Mensah", "kwame@laurel.example"),
    ("Ingrid Solberg", "ingrid@laurel.example"),
    ("山田 花子", "hanako@laurel.example"),
)


class Backpack(Protocol):
    """What the demo needs of a backpack: to take badges by their addresses into a public collection."""

    def __call__(self, person: Person, addresses: Sequence[str], collection: str) -> None:
        """Fetch, check and keep the badges for a person, and show them in a public collection of this name."""


class Designs(Protocol):
    """What the demo needs of the badge designer: to keep a design with its picture."""

    def __call__(self, owner: Person, name: str, document: bytes, picture_key: str) -> None:
        """Keep a design document and its picture in the badge library."""


def is_loaded() -> bool:
    """Whether the demo academy, or anybody else, is already here."""
    return session().query(Person.id).first() is not None


def load(backpack: Backpack, designs: Designs) -> None:
    """Load the academy into an empty portal: people, paths, certificates, badges, a public collection."""
    if is_loaded():
        return
    beginning = now() - timedelta(days=200)
    with standing_at(beginning):
        admin = _person("Marja Korhonen", ADMINISTRATOR, Role.ADMINISTRATOR)
        instructor = _person("Tomas Lindqvist", INSTRUCTOR, Role.INSTRUCTOR)
        learner = _person("Elena Rossi", LEARNER, Role.LEARNER)
        others = [_person(name, address, Role.LEARNER) for name, address in OTHERS]
        _settings()
        paths = {course.slug: _path(course, instructor) for course in COURSES}
        for course in COURSES:
            _design(designs, instructor, course)
    commit()
    awarded = _history(paths, instructor, learner, others)
    commit()
    del admin
    backpack(learner, awarded, COLLECTION)
    commit()
    reading.refresh(learner)
    commit()
    read_collections()


def _person(name: str, address: str, role: Role) -> Person:
    person = Person(name=name, role=role, timezone="Europe/Helsinki")
    person.addresses.append(
        EmailAddress(address=address, verified_address=address, verified_at=now(), is_primary=True, created_at=now())
    )
    passwords.store(person, passwords.hashed(PASSWORD))
    session().add(person)
    session().flush()
    return person


def _settings() -> None:
    badges.save_issuer(
        name=ACADEMY,
        url="https://harbour-academy.example",
        email="badges@harbour-academy.example",
        description="A training academy for people who work in ports, offices and workshops.",
    )


def _picture(course: Course) -> str:
    return pictures.keep(pictures.check((BADGES / f"{course.slug}.png").read_bytes(), pictures.BADGE_RULES))


def _design(designs: Designs, owner: Person, course: Course) -> None:
    name = course.title.partition(",")[0]
    designs(owner, name, (BADGES / f"{course.slug}.json").read_bytes(), _picture(course))


def _path(course: Course, owner: Person) -> LearningPath:
    validity = course.validity
    path = learning.create_path(
        owner,
        learning.Info(
            title=course.title,
            description=course.description,
            cover_key=_picture(course),
            certification=course.certification,
            validity_kind="period" if validity else "permanent",
            validity_count=validity[0] if validity else None,
            validity_unit=validity[1] if validity else "years",
            open_badges=course.open_badges,
            badge_name=course.badge_name,
            badge_description=course.badge_description,
            badge_criteria=course.criteria,
            badge_tags=course.tags,
        ),
    )
    for lesson in course.lessons:
        learning.add_step(
            path,
            lesson.kind,
            title=lesson.title,
            content={"text" if lesson.kind == "page" else "task": lesson.text},
            mandatory=lesson.mandatory,
            minutes=lesson.minutes,
        )
    if course.state != "draft":
        learning.publish(path)
    if course.state == "inactive":
        with standing_at(now() + timedelta(days=60)):
            learning.deactivate(path)
    return path


def _history(
    paths: dict[str, LearningPath], instructor: Person, learner: Person, others: list[Person]
) -> list[str]:
    aino, lukas, farah, kwame, ingrid, hanako = others
    sent = [
        _sent(_completed(paths["data-literacy"], learner, instructor, days_ago=96)),
        _sent(_completed(paths["workplace-safety"], learner, instructor, days_ago=41)),
    ]
    _completed(paths["python-basics"], learner, instructor, days_ago=9)
    _begun(paths["green-office"], learner, instructor, days_ago=6, steps=2)
    _completed(paths["data-literacy"], aino, instructor, days_ago=60)
    _completed(paths["workplace-safety"], lukas, instructor, days_ago=150)
    _completed(paths["customer-care"], hanako, instructor, days_ago=20)
    _completed(paths["team-leadership"], ingrid, instructor, days_ago=33)
    _begun(paths["data-literacy"], farah, instructor, days_ago=12, steps=2)
    _begun(paths["data-literacy"], lukas, instructor, days_ago=30, steps=1)
    _begun(paths["green-office"], kwame, instructor, days_ago=15, steps=2, asks=True)
    _begun(paths["team-leadership"], hanako, instructor, days_ago=4, steps=2, asks=True)
    _begun(paths["python-basics"], ingrid, instructor, days_ago=2, steps=1)
    return sent


def _begun(
    path: LearningPath, person: Person, instructor: Person, *, days_ago: int, steps: int, asks: bool = False
) -> Membership:
    beginning = now() - timedelta(days=days_ago)
    with standing_at(beginning):
        membership = learning.join(path, person)
    for number, step in enumerate(membership.version.steps[:steps]):
        with standing_at(beginning + timedelta(hours=3 * number + 1)):
            _do(membership, step.key, step.kind, instructor)
    if asks:
        with standing_at(beginning + timedelta(days=1)):
            waiting = membership.version.steps[steps]
            learning.hand_in(membership, waiting.key, {"note": "I think this is done. Would you have a look?"})
    return membership


def _do(membership: Membership, key: str, kind: str, instructor: Person) -> None:
    if kind == "confirmation":
        learning.confirm(membership, key, instructor, "Well done, and well told.")
    else:
        learning.hand_in(membership, key)


def _completed(path: LearningPath, person: Person, instructor: Person, *, days_ago: int) -> Certificate:
    membership = _begun(path, person, instructor, days_ago=days_ago + 5, steps=len(COURSES[0].lessons))
    certificate = membership.certificate
    if certificate is None:  # pragma: no cover - the courses above say otherwise
        message = f"{person.name} did everything of {path.title} and got no certificate."
        raise RuntimeError(message)
    return certificate


def _sent(certificate: Certificate) -> str:
    with standing_at(certificate.issued_at + timedelta(hours=1)):
        award = certificates.award_badge(certificate, verified_addresses(certificate.holder)[0])
        delivery.record_sent(award)
    return badges.assertion_v1_url(award)


def known_passwords() -> list[str]:
    """Return the demo's accounts that can still be entered with the password everybody knows."""
    people = {address: person_by_address(address) for address in ACCOUNTS}
    return [
        address
        for address, person in people.items()
        if person and person.active and passwords.fits(person.password_hash, PASSWORD)
    ]
