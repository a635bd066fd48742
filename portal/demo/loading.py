"""Loading the demo academy, once: through the same services that people use, at moments in the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from portal.accounts.models import EmailAddress, GroupKind, Person
from portal.accounts.services import groups, passwords, person_by_address, verified_addresses
from portal.badges import services as badges
from portal.badges.designer import documents
from portal.badges.designer import services as designer
from portal.certificates import services as certificates
from portal.certificates.models import Certificate
from portal.core import pictures
from portal.core.clock import now, standing_at
from portal.core.db import commit, session
from portal.delivery import services as delivery
from portal.delivery.jobs import carry_badges
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

CREW = "Harbour crew"


class Backpack(Protocol):
    """What the demo needs of the built-in backpack: what its consent page and its collection form would do."""

    def allow(self, person: Person) -> Mapping[str, str]:
        """Let this portal push badges to a person; return the query that the consent page would send back."""

    def show_all(self, person: Person, collection: str) -> None:
        """Put every badge that a person holds into a new public collection of this name."""


def is_loaded() -> bool:
    """Whether the demo academy, or anybody else, is already here."""
    return session().query(Person.id).first() is not None


def load(backpack: Backpack) -> None:
    """Load the academy into an empty portal: people, paths, certificates, badges, a public collection."""
    if is_loaded():
        return
    beginning = now() - timedelta(days=200)
    with standing_at(beginning):
        _person("Marja Korhonen", ADMINISTRATOR, Role.ADMINISTRATOR)
        instructor = _person("Tomas Lindqvist", INSTRUCTOR, Role.INSTRUCTOR)
        learner = _person("Elena Rossi", LEARNER, Role.LEARNER)
        others = [_person(name, address, Role.LEARNER) for name, address in OTHERS]
        groups.add_to_group(groups.create_group(CREW, GroupKind.GROUP), [person.id for person in others])
        _settings()
        paths = {course.slug: _path(course, instructor) for course in COURSES}
        for course in COURSES:
            _design(instructor, course)
    commit()
    earned = _history(paths, instructor, learner, others)
    commit()
    _allow(backpack, learner)
    for certificate in earned:
        _send(certificate)
    commit()
    carry_badges()
    backpack.show_all(learner, COLLECTION)
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
    groups.came(person)
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


def _document(course: Course) -> documents.Document:
    return documents.read((BADGES / f"{course.slug}.json").read_bytes())


def _design(owner: Person, course: Course) -> None:
    picture = (BADGES / f"{course.slug}.png").read_bytes()
    designer.create(designer.Saving(document=_document(course), picture=picture, deliberate=True), owner)


def _path(course: Course, owner: Person) -> LearningPath:
    validity = course.validity
    path = learning.create_path(
        owner,
        learning.Info(
            title=course.title,
            description=course.description,
            cover_key=_picture(course),
            cover_alt=_document(course)["alt"],
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
) -> list[Certificate]:
    aino, lukas, farah, kwame, ingrid, hanako = others
    earned = [
        _completed(paths["data-literacy"], learner, instructor, days_ago=96),
        _completed(paths["workplace-safety"], learner, instructor, days_ago=41),
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
    return earned


def _begun(
    path: LearningPath, person: Person, instructor: Person, *, days_ago: int, steps: int, asks: bool = False
) -> Membership:
    beginning = now() - timedelta(days=days_ago)
    with standing_at(beginning):
        membership = learning.join(path, person)
    for number, step in enumerate(membership.version.tasks[:steps]):
        with standing_at(beginning + timedelta(hours=3 * number + 1)):
            _do(membership, step.key, step.kind, instructor)
    if asks:
        with standing_at(beginning + timedelta(days=1)):
            waiting = membership.version.tasks[steps]
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


def _allow(backpack: Backpack, person: Person) -> None:
    """Let the portal push to a person's backpack: the same request and return as through the consent page."""
    address, _digest = delivery.begin_consent(person, backpack_url=delivery.backpack_address(), back_to="/")
    nonce = parse_qs(urlsplit(address).query)["callback"][0].rpartition("/")[2]
    delivery.finish_consent(person, nonce, backpack.allow(person))


def _send(certificate: Certificate) -> None:
    with standing_at(certificate.issued_at + timedelta(hours=1)):
        address = verified_addresses(certificate.holder)[0]
        certificates.earn(certificate, address=address, through=delivery.offered().key)


def known_passwords() -> list[str]:
    """Return the demo's accounts that can still be entered with the password everybody knows."""
    people = {address: person_by_address(address) for address in ACCOUNTS}
    return [
        address
        for address, person in people.items()
        if person and person.active and passwords.fits(person.password_hash, PASSWORD)
    ]
