"""What can be done with people and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask_login import current_user
from sqlalchemy import or_, select

from portal.accounts.models import EmailAddress, Person
from portal.core.db import session

if TYPE_CHECKING:
    from sqlalchemy import Select


def current_person() -> Person:
    """Return whoever is signed in; only views stamped @requires may ask."""
    return cast("Person", current_user._get_current_object())  # noqa: SLF001 - the row behind Flask-Login's proxy


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
