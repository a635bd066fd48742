"""Erasing a person: everything that names them goes, and what others rely on stays without a name."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import JSON, String, Text, cast, delete, exists, or_, select

from portal.accounts import providers
from portal.accounts.models import ForgottenFile, PasswordWish, PeopleList, Person
from portal.accounts.services.people import keep_an_administrator
from portal.core import storage
from portal.core.db import Base, session
from portal.core.errors import Refused
from portal.core.i18n import _

log = logging.getLogger(__name__)


def obstacles(person: Person) -> list[str]:
    """Return the titles of what a person has to hand over before they can be erased."""
    return [title for erasure in providers.erasures() for title in erasure.obstacles(person)]


def check_erasable(person: Person) -> None:
    """Raise Refused, naming no field, for the last administrator and for whoever still looks after something."""
    keep_an_administrator(person)
    found = obstacles(person)
    if found:
        raise Refused(
            _("These have to be handed over to somebody else first: %(titles)s.", titles=", ".join(found[:20]))
        )


def erase(person: Person, *, revoke_badges: bool) -> None:
    """Erase a person for good, in the caller's transaction; flushed.

    Badges they gave out stay verifiable, since their documents hold a salted hash and no name, or end with
    `revoke_badges`. Files that nothing else refers to are deleted by the worker. Raises Refused as `check_erasable` does.
    """
    check_erasable(person)
    addresses = [row.address for row in person.addresses]
    keys = {person.picture_key} if person.picture_key else set()
    for erasure in providers.erasures():
        keys |= {key for key in erasure.forget(person, revoke_badges=revoke_badges) if key}
    session().execute(delete(PasswordWish).where(PasswordWish.address.in_(addresses)))
    if addresses:
        named = or_(*(PeopleList.text.icontains(address, autoescape=True) for address in addresses))
        session().execute(delete(PeopleList).where(named))
    session().add_all([ForgottenFile(key=key) for key in sorted(keys)])
    session().flush()
    session().expunge(person)
    session().execute(delete(Person).where(Person.id == person.id))
    log.info("The account %s was erased.", person.public_id)


def delete_file(row: ForgottenFile) -> None:
    """Delete a file, unless a row of any room still refers to it; its own row goes either way."""
    if not _is_used(row.key):
        storage.remove(row.key)
    session().delete(row)
    session().flush()


def _is_used(key: str) -> bool:
    for table in Base.metadata.sorted_tables:
        if table.name == ForgottenFile.__tablename__:
            continue
        conditions: list[Any] = []
        for column in table.columns:
            if isinstance(column.type, JSON):
                conditions.append(cast(column, Text).contains(key, autoescape=True))
            elif isinstance(column.type, String) and (column.name == "key" or column.name.endswith("_key")):
                conditions.append(column == key)
        if conditions and session().scalar(select(exists().where(or_(*conditions)))):
            return True
    return False
