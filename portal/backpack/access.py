"""Who may do what to which object of this room, and how an address finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.backpack.models import Collection, HeldBadge, PortalGrant
from portal.core.db import session
from portal.web.policy import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import Person

Owned = HeldBadge | Collection | PortalGrant


def _loader(model: type[Any]) -> Callable[[str], Any]:
    def load(public_id: str) -> Any:
        return session().scalar(
            select(model).where(model.public_id == public_id).options(joinedload(model.owner, innerjoin=True))
        )

    return load


def _is_theirs(person: Person, owned: Owned) -> bool:
    return owned.owner.person_id == person.id


LOADERS: dict[str, Callable[[str], Any]] = {
    "held_badge": _loader(HeldBadge),
    "collection": _loader(Collection),
    "allowed_portal": _loader(PortalGrant),
}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {
    Permission.BACKPACK_BADGE: _is_theirs,
    Permission.BACKPACK_COLLECTION: _is_theirs,
    Permission.BACKPACK_PORTAL: _is_theirs,
}
