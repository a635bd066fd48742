"""Badges that a person holds: keeping a received one, finding, checking again, throwing away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from portal.accounts.services import verified_addresses
from portal.backpack.models import BackpackOwner, CollectionBadge, HeldBadge
from portal.backpack.receipt import Received, images
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web.badge_checks import rows_of

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.accounts.models import Person
from portal.openbadges.verifying import Report


def owner_of(person: Person) -> BackpackOwner | None:
    """Return the person's backpack, or None where they have never used one."""
    return session().scalar(select(BackpackOwner).where(BackpackOwner.person_id == person.id))


def own_backpack(person: Person) -> BackpackOwner:
    """Return the person's backpack; make it where there is none yet."""
    owner = owner_of(person)
    if owner is not None:
        return owner
    try:
        with session().begin_nested():
            owner = BackpackOwner(person_id=person.id)
            session().add(owner)
    except IntegrityError:  # made by another request at the same time
        owner = session().scalars(select(BackpackOwner).where(BackpackOwner.person_id == person.id)).one()
    return owner


def addresses_of(person: Person) -> list[str]:
    """Return the e-mail addresses that a badge may have been given to, the primary one first."""
    return [address.address for address in verified_addresses(person)]


def badge_at(owner: BackpackOwner | None, address: str) -> HeldBadge | None:
    """Return the held badge that is published at an address, or None."""
    if owner is None:
        return None
    return session().scalar(select(HeldBadge).where(HeldBadge.owner_id == owner.id, HeldBadge.assertion_url == address))


def shown_badge(person: Person, address: str) -> HeldBadge | None:
    """Return the person's badge of an assertion address; the address of another form of the same assertion counts too."""
    owner = owner_of(person)
    if owner is None or not address:
        return None
    exact = badge_at(owner, address)
    if exact is not None:
        return exact
    other = address.removesuffix("/v1.json") if address.endswith("/v1.json") else f"{address}/v1.json"
    return session().scalar(
        select(HeldBadge).where(
            HeldBadge.owner_id == owner.id, or_(HeldBadge.assertion_url == other, HeldBadge.uid == address)
        )
    )


def keep(person: Person, received: Received, recipient: str) -> tuple[HeldBadge, bool]:
    """Put a received badge into the person's backpack; return it, and whether it is new there.

    `recipient` is the verified address it was given to. Two requests at the same time make one badge.
    """
    if recipient not in addresses_of(person):
        raise Refused(_("This badge was given to somebody else."), field="address")
    owner = own_backpack(person)
    present = badge_at(owner, received.assertion_url)
    if present is not None:
        return present, False
    picture_key, baked_key = images.keep(received.image, received.assertion, received.assertion_url)
    badge = HeldBadge(
        owner_id=owner.id,
        recipient=recipient,
        picture_key=picture_key,
        baked_key=baked_key,
        **{name: getattr(received, name) for name in _COPIED},
    )
    try:
        with session().begin_nested():
            session().add(badge)
    except IntegrityError:  # kept by another request at the same time
        present = badge_at(owner, received.assertion_url)
        assert present is not None
        return present, False
    return badge, True


_COPIED = (
    "assertion_url", "uid", "standard", "assertion", "badge_class", "issuer", "name", "description", "criteria_url",
    "criteria", "evidence_url", "issuer_name", "issuer_url", "issued_at", "expires_at", "checks",
)  # fmt: skip


def record_check(badge: HeldBadge, report: Report) -> None:
    """Write down what a new check of a held badge found."""
    badge.checks = rows_of(report)
    badge.revoked = report.revoked
    badge.last_validated_at = now()
    session().flush()


def discard(badge: HeldBadge) -> None:
    """Throw a badge away; it leaves every collection, and can be received again."""
    for place in session().scalars(select(CollectionBadge).where(CollectionBadge.badge_id == badge.id)).all():
        session().delete(place)
        session().flush()
        _close_gap(place.collection_id, place.position)
    session().delete(badge)
    session().flush()


def _close_gap(collection_id: int, position: int) -> None:
    from portal.backpack.services.collections import close_gap

    close_gap(collection_id, position)


def badges_of(owner: BackpackOwner | None) -> Select[Any]:
    """Return a SELECT of the badges in a backpack, the newest first."""
    held = HeldBadge.owner_id == (owner.id if owner else None)
    return select(HeldBadge).where(held).order_by(HeldBadge.received_at.desc(), HeldBadge.id.desc())


def number_of(owner: BackpackOwner | None) -> int:
    """Return how many badges are in a backpack."""
    if owner is None:
        return 0
    return session().scalar(select(func.count()).select_from(HeldBadge).where(HeldBadge.owner_id == owner.id)) or 0
