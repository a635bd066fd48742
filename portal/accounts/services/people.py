"""What can be done with people and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask_login import current_user
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import selectinload

from portal.accounts.models import EmailAddress, MailedLink, Person
from portal.accounts.services import groups
from portal.core import ids
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web.policy import Role

if TYPE_CHECKING:
    from sqlalchemy import Select


def current_person() -> Person:
    """Return whoever is signed in; only views stamped @requires may ask."""
    return cast("Person", current_user._get_current_object())


def person_by_public_id(public_id: str) -> Person | None:
    """Return the person of a public id, or None."""
    return session().scalar(select(Person).where(Person.public_id == public_id))


def person_by_address(address: str) -> Person | None:
    """Return the person who verified an e-mail address, or None."""
    return session().scalar(
        select(Person).join(EmailAddress).where(EmailAddress.verified_address == address.strip().lower())
    )


def verified_addresses(person: Person) -> list[EmailAddress]:
    """Return the verified addresses of a person, the primary one first."""
    statement = (
        select(EmailAddress)
        .where(EmailAddress.person_id == person.id, EmailAddress.verified_at.is_not(None))
        .order_by(EmailAddress.is_primary.desc(), EmailAddress.id)
    )
    return list(session().scalars(statement))


def search_people(text: str = "", role: str | None = None) -> Select[Any]:
    """Return a SELECT of active people whose name or verified address contains a text, by name."""
    statement = select(Person).where(Person.active).order_by(Person.name, Person.id)
    if text.strip():
        matching = select(EmailAddress.person_id).where(
            EmailAddress.verified_address.contains(text.strip().lower(), autoescape=True)
        )
        statement = statement.where(or_(Person.name.icontains(text.strip(), autoescape=True), Person.id.in_(matching)))
    return statement if role is None else statement.where(Person.role == role)


def all_people(text: str = "", role: str = "", state: str = "") -> Select[Any]:
    """Return a SELECT of people for their administrator, with addresses, by name.

    Finds by name and by any address; `state` is active, invited or deactivated, or empty for all.
    """
    statement = select(Person).options(selectinload(Person.addresses)).order_by(Person.name, Person.id)
    if text.strip():
        matching = select(EmailAddress.person_id).where(
            EmailAddress.address.contains(text.strip().lower(), autoescape=True)
        )
        statement = statement.where(or_(Person.name.icontains(text.strip(), autoescape=True), Person.id.in_(matching)))
    if role:
        statement = statement.where(Person.role == role)
    states = {
        "active": Person.active & Person.password_hash.is_not(None),
        "invited": Person.active & Person.password_hash.is_(None),
        "deactivated": ~Person.active,
    }
    return statement.where(states[state]) if state in states else statement


def administrators() -> list[int]:
    """Return the numbers of everybody who can administer now, and let nobody else change that until the commit."""
    statement = (
        select(Person.id)
        .where(Person.role == Role.ADMINISTRATOR, Person.active, Person.password_hash.is_not(None))
        .order_by(Person.id)
        .with_for_update()
    )
    return list(session().scalars(statement))


def set_role(person: Person, role: Role) -> None:
    """Give a person another role; raise Refused for the last administrator."""
    if role != Role.ADMINISTRATOR:
        keep_an_administrator(person)
    person.role = role


def deactivate(person: Person, *, by: Person) -> None:
    """Close an account: sessions and links end at once; raise Refused for oneself and for the last administrator."""
    if person.id == by.id:
        raise Refused(_("You cannot deactivate yourself. Another administrator can."))
    keep_an_administrator(person)
    person.active = False
    person.session_epoch = ids.public_id()
    session().execute(delete(MailedLink).where(MailedLink.person_id == person.id))
    groups.went(person)


def reactivate(person: Person) -> None:
    """Open a closed account again; the person signs in with the same password."""
    person.active = True
    session().flush()
    groups.came(person)


def keep_an_administrator(person: Person) -> None:
    """Raise Refused, beside the field `role`, where a person is the only one left who can administer."""
    if administrators() == [person.id]:
        raise Refused(_("This is the last administrator. Make somebody else an administrator first."), field="role")
