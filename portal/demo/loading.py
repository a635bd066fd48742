"""Loading the demo academy, once: through the same services that people use, at moments in the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from portal.accounts.models import EmailAddress, Person
from portal.accounts.services import groups, passwords, person_by_address, verified_addresses
from portal.badges import services as badges
from portal.certificates import services as certificates
from portal.certificates.models import Certificate
from portal.core.clock import now, standing_at
from portal.core.db import commit, session
from portal.delivery import services as delivery
from portal.delivery.jobs import carry_badges
from portal.delivery.reading import services as reading
from portal.delivery.reading.jobs import read_collections
from portal.demo import history, teaching
from portal.learning import services as learning
from portal.learning.jobs import remind_of_deadlines, settle_members
from portal.web.policy import Role

PASSWORD = "laurel-demo"  # noqa: S105 - printed at the start, and refused in production
ADMINISTRATOR, INSTRUCTOR, LEARNER = "admin@laurel.example", "instructor@laurel.example", "learner@laurel.example"
SECOND_INSTRUCTOR = "sofia@laurel.example"
ACCOUNTS = (ADMINISTRATOR, INSTRUCTOR, LEARNER)
ACADEMY = "Harbour Academy"
COLLECTION = "Valamis collection"
BEFORE = timedelta(days=430)
NARRATIVE = "I lead a team of nine at the container berth. The talk I had put off was the best thing I did this spring."
OTHERS = (
    ("Aino-Sofia Mäkelä", "aino@laurel.example"),
    ("Lukas Brandt", "lukas@laurel.example"),
    ("Farah Haddad", "farah@laurel.example"),
    ("Kwame Mensah", "kwame@laurel.example"),
    ("Ingrid Solberg", "ingrid@laurel.example"),
    ("山田 花子", "hanako@laurel.example"),
)


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
    stored = passwords.hashed(PASSWORD)
    with standing_at(now() - BEFORE):
        _person("Marja Korhonen", ADMINISTRATOR, Role.ADMINISTRATOR, stored)
        instructor = _person("Tomas Lindqvist", INSTRUCTOR, Role.INSTRUCTOR, stored)
        second = _person("Sofia Nyman", SECOND_INSTRUCTOR, Role.INSTRUCTOR, stored)
        learner = _person("Elena Rossi", LEARNER, Role.LEARNER, stored)
        people = {address.partition("@")[0]: _person(name, address, Role.LEARNER, stored) for name, address in OTHERS}
        people["elena"] = learner
        _settings()
        crew = teaching.make_groups(people)
        paths = teaching.offer(instructor, crew)
        learning.add_instructor(paths["harbour-induction"], second, may_edit=False, may_review=True)
    commit()
    earned = history.tell(history.Telling(paths, people, instructor, crew))
    commit()
    for person in (learner, people["ingrid"]):
        _allow(backpack, person)
    for certificate in earned:
        _send(certificate)
    commit()
    carry_badges()
    backpack.show_all(learner, COLLECTION)
    commit()
    reading.refresh(learner)
    commit()
    read_collections()
    settle_members()
    remind_of_deadlines()


def _person(name: str, address: str, role: Role, stored: str) -> Person:
    """Make a person with a password; everybody has the same one, so its hash too is made once."""
    person = Person(name=name, role=role, timezone="Europe/Helsinki")
    person.addresses.append(
        EmailAddress(address=address, verified_address=address, verified_at=now(), is_primary=True, created_at=now())
    )
    passwords.store(person, stored)
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


def _allow(backpack: Backpack, person: Person) -> None:
    """Let the portal push to a person's backpack: the same request and return as through the consent page."""
    address, _digest = delivery.begin_consent(person, backpack_url=delivery.backpack_address(), back_to="/")
    nonce = parse_qs(urlsplit(address).query)["callback"][0].rpartition("/")[2]
    delivery.finish_consent(person, nonce, backpack.allow(person))


def _send(certificate: Certificate) -> None:
    """Earn a badge and send it to the built-in backpack, with the reviewed work where there is some."""
    works = tuple(work.key for work in certificates.submissions_of(certificate))
    said = certificates.Said(narrative=NARRATIVE if works else "", works=works)
    with standing_at(certificate.issued_at + timedelta(hours=1)):
        address = verified_addresses(certificate.holder)[0]
        certificates.earn(certificate, address=address, through=delivery.offered().key, said=said)


def known_passwords() -> list[str]:
    """Return the demo's accounts that can still be entered with the password everybody knows."""
    people = {address: person_by_address(address) for address in ACCOUNTS}
    return [
        address
        for address, person in people.items()
        if person and person.active and passwords.fits(person.password_hash, PASSWORD)
    ]
