"""Filling a backpack from a command: what `app` hands to the demo, since nobody else may know this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.backpack import services
from portal.backpack.receipt import handed_over
from portal.core.db import commit
from portal.core.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.accounts.models import Person


def hold(person: Person, assertion_urls: Sequence[str], *, collection: str | None = None, public: bool = True) -> int:
    """Put badges into a person's backpack, and all of them into a collection of a name; commits.

    `assertion_urls` are addresses of 1.1 assertions, which are fetched and checked as if another site had handed them
    over. Doing it again changes nothing. Returns how many were new; raises Refused where a badge cannot be received.
    """
    addresses = services.addresses_of(person)
    held, added = [], 0
    for url in assertion_urls:
        commit()
        offer = handed_over(url, addresses)
        if offer.received is None or not offer.recipient:
            raise Refused(offer.problem.message if offer.problem else f"{url} was given to somebody else.")
        badge, new = services.keep(person, offer.received, offer.recipient)
        held.append(badge)
        added += new
    if collection is not None and not _has(person, collection):
        services.create_collection(person, name=collection, public=public, badges=held)
    commit()
    return added


def _has(person: Person, name: str) -> bool:
    return any(each.name == name for each in services.collections_of(services.owner_of(person)))
