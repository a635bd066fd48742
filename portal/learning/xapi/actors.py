"""Whom a statement speaks of: an actor written in one way, and the person whom it names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from portal.accounts.models import EmailAddress, Person
from portal.accounts.services import person_by_address, person_by_public_id, verified_addresses
from portal.core.db import session
from portal.core.settings import settings
from portal.learning.models import Membership

NOBODY = ""


def written(actor: Mapping[str, Any]) -> str:
    """Return an actor in one way of writing, or an empty text where it names no single person; at most 600 signs."""
    if actor.get("objectType", "Agent") != "Agent":
        return NOBODY
    if "mbox" in actor:
        found = "mbox:" + str(actor["mbox"]).removeprefix("mailto:").lower()
    elif "mbox_sha1sum" in actor:
        found = "sha1:" + str(actor["mbox_sha1sum"]).lower()
    elif "account" in actor:
        account = actor["account"]
        found = f"account:{str(account['homePage']).rstrip('/')}|{account['name']}"
    else:
        found = NOBODY
    return found if len(found) <= 600 else NOBODY


def agent_of(person: Person) -> dict[str, Any]:
    """Return how a learner is named to content that they open: by a number of this portal, and their name."""
    return {
        "objectType": "Agent",
        "name": person.name,
        "account": {"homePage": settings().base_url, "name": person.public_id},
    }


def names_of(person: Person) -> list[str]:
    """Return every way in which a statement can name a person: their verified addresses, and their number here."""
    names = [written(agent_of(person))]
    for entry in verified_addresses(person):
        names += [f"mbox:{entry.address.lower()}", *(f"sha1:{each}" for each in _sums(entry.address))]
    return list(dict.fromkeys(names))


def _sums(address: str) -> Iterable[str]:
    for spelt in dict.fromkeys((address, address.lower())):
        yield hashlib.sha1(f"mailto:{spelt}".encode(), usedforsecurity=False).hexdigest()


def person_named(actor: str, path_id: int) -> Person | None:
    """Return whom an actor, as `written`, names, or None; a hashed address is looked for among the members of a path."""
    scheme, _colon, value = actor.partition(":")
    if scheme == "mbox":
        return person_by_address(value)
    if scheme == "account":
        home, _bar, name = value.rpartition("|")
        return person_by_public_id(name) if home == settings().base_url else None
    if scheme == "sha1":
        return _by_sum(value, path_id)
    return None


def _by_sum(value: str, path_id: int) -> Person | None:
    statement = (
        select(EmailAddress.person_id, EmailAddress.address)
        .join(Membership, Membership.person_id == EmailAddress.person_id)
        .where(Membership.path_id == path_id, Membership.left_at.is_(None), EmailAddress.verified_address.is_not(None))
    )
    for person_id, address in session().execute(statement):
        if value in _sums(address):
            return session().get(Person, person_id)
    return None
