"""What goes with a person who is erased: their name on awards; with it, where they wish so, the awards themselves."""

from __future__ import annotations

from portal.accounts.models import Person
from portal.badges.services import revocations


def obstacles(person: Person) -> list[str]:  # noqa: ARG001
    """Return nothing: awards have not to be handed over."""
    return []


def forget(person: Person, *, revoke_badges: bool) -> list[str]:
    """Take a person out of the rows of their awards; `revoke_badges` ends these and empties their documents."""
    revocations.forget(person, revoke_all=revoke_badges)
    return []
