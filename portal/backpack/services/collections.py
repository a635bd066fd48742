"""Collections: making, naming, publishing them, and what stands in them in which order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.backpack.models import BackpackOwner, Collection, CollectionBadge, HeldBadge
from portal.backpack.services.badges import own_backpack
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from portal.accounts.models import Person

MOST_COLLECTIONS = 100
MOST_BADGES = 200


@dataclass(frozen=True)
class Filled:
    """A collection with how many badges it holds, and the first of them."""

    collection: Collection
    badges: list[HeldBadge]
    total: int

    @property
    def more(self) -> int:
        """How many badges are not among the first."""
        return self.total - len(self.badges)


def collections_of(owner: BackpackOwner | None, *, public_only: bool = False) -> list[Collection]:
    """Return the collections of a backpack, the oldest first."""
    if owner is None:
        return []
    statement = select(Collection).where(Collection.owner_id == owner.id).order_by(Collection.id)
    return list(session().scalars(statement.where(Collection.public) if public_only else statement))


def arrange(collections: Sequence[Collection], *, first: int | None = None) -> list[Filled]:
    """Return collections with their badges in order (at most the `first` few of each): two statements for all."""
    keys = [collection.id for collection in collections]
    counted = select(CollectionBadge.collection_id, func.count()).where(CollectionBadge.collection_id.in_(keys))
    grouped = counted.group_by(CollectionBadge.collection_id)
    totals = {row[0]: row[1] for row in session().execute(grouped)}
    statement = (
        select(CollectionBadge)
        .where(CollectionBadge.collection_id.in_(keys))
        .options(joinedload(CollectionBadge.badge, innerjoin=True))
        .order_by(CollectionBadge.collection_id, CollectionBadge.position)
    )
    if first is not None:
        statement = statement.where(CollectionBadge.position < first)
    badges: dict[int, list[HeldBadge]] = defaultdict(list)
    for place in session().scalars(statement):
        badges[place.collection_id].append(place.badge)
    return [Filled(each, badges[each.id], totals.get(each.id, 0)) for each in collections]


def contents_of(collection: Collection) -> list[HeldBadge]:
    """Return the badges of a collection in their order."""
    return arrange([collection])[0].badges


def member_collections(badge: HeldBadge) -> set[int]:
    """Return the inner numbers of the collections that a badge is in."""
    return set(session().scalars(select(CollectionBadge.collection_id).where(CollectionBadge.badge_id == badge.id)))


def shared_collection(share_id: str) -> Collection | None:
    """Return the public collection of a share address; None where there is none, or it is private."""
    return session().scalar(select(Collection).where(Collection.share_id == share_id, Collection.public))


def create_collection(
    person: Person, *, name: str, description: str = "", public: bool = False, badges: Iterable[HeldBadge] = ()
) -> Collection:
    """Make a collection in the person's backpack, with badges of theirs inside."""
    owner = own_backpack(person)
    held = session().scalar(select(func.count()).select_from(Collection).where(Collection.owner_id == owner.id)) or 0
    if held >= MOST_COLLECTIONS:
        raise Refused(
            _("A backpack holds at most %(most)s collections. Delete one that you do not need.", most=MOST_COLLECTIONS),
            field="name",
        )
    collection = Collection(owner_id=owner.id, name=name, description=description, public=public)
    session().add(collection)
    session().flush()
    for badge in badges:
        add_badge(collection, badge)
    return collection


def write_collection(collection: Collection, *, name: str, description: str, public: bool) -> None:
    """Change what a collection is called and says, and whether it is public."""
    collection.name, collection.description, collection.public = name, description, public
    session().flush()


def publish(collection: Collection, *, public: bool) -> None:
    """Show a collection to everybody who has its address, or to nobody else."""
    collection.public = public
    session().flush()


def delete_collection(collection: Collection) -> None:
    """Delete a collection; its badges stay in the backpack."""
    session().delete(collection)
    session().flush()


def add_badge(collection: Collection, badge: HeldBadge) -> bool:
    """Put a badge of the same backpack at the end of a collection; return False where it is in there already."""
    if badge.owner_id != collection.owner_id:
        raise Refused(_("This badge is not in your backpack."), field="badge")
    if session().get(CollectionBadge, (collection.id, badge.id)) is not None:
        return False
    counted = select(func.count()).where(CollectionBadge.collection_id == collection.id)
    position = session().scalar(counted.select_from(CollectionBadge)) or 0
    if position >= MOST_BADGES:
        raise Refused(_("A collection holds at most %(most)s badges.", most=MOST_BADGES), field="badge")
    try:
        with session().begin_nested():
            session().add(CollectionBadge(collection_id=collection.id, badge_id=badge.id, position=position))
    except IntegrityError:  # put there by another request at the same time
        return False
    return True


def remove_badge(collection: Collection, badge: HeldBadge) -> bool:
    """Take a badge out of a collection; it stays in the backpack."""
    place = session().get(CollectionBadge, (collection.id, badge.id))
    if place is None:
        return False
    session().delete(place)
    session().flush()
    close_gap(collection.id, place.position)
    return True


def close_gap(collection_id: int, position: int) -> None:
    """Move up what stood behind a place that is empty now."""
    session().execute(
        update(CollectionBadge)
        .where(CollectionBadge.collection_id == collection_id, CollectionBadge.position > position)
        .values(position=CollectionBadge.position - 1)
    )


def move_badge(collection: Collection, badge: HeldBadge, to: int) -> bool:
    """Move a badge to a place in its collection, counted from 0; return False where it is not in there."""
    places = list(
        session().scalars(
            select(CollectionBadge)
            .where(CollectionBadge.collection_id == collection.id)
            .order_by(CollectionBadge.position)
            .with_for_update()
        )
    )
    moved = next((place for place in places if place.badge_id == badge.id), None)
    if moved is None:
        return False
    places.remove(moved)
    places.insert(min(max(to, 0), len(places)), moved)
    for position, place in enumerate(places):
        place.position = position
    session().flush()
    return True


def place_of(collection: Collection, badge: HeldBadge) -> int | None:
    """Return a badge's place in a collection, counted from 0; None where it is not in there."""
    place = session().get(CollectionBadge, (collection.id, badge.id))
    return None if place is None else place.position
