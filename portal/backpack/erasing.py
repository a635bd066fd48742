"""What goes with a person who is erased: the files of the badges in their backpack, whose rows go with the person."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Person
from portal.backpack.models import BackpackOwner, HeldBadge
from portal.core.db import session


def obstacles(person: Person) -> list[str]:  # noqa: ARG001
    """Return nothing: a backpack is its owner's alone."""
    return []


def forget(person: Person, *, revoke_badges: bool) -> list[str]:  # noqa: ARG001
    """Return the files of a person's backpack; collections, permissions and badges go with the row of the person."""
    rows = session().execute(
        select(HeldBadge.picture_key, HeldBadge.baked_key)
        .join(BackpackOwner, BackpackOwner.id == HeldBadge.owner_id)
        .where(BackpackOwner.person_id == person.id)
    )
    return [key for row in rows for key in row]
