"""Who may do what to which object of this room, and how an address finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.core.db import session
from portal.delivery.models import Connection, Sending
from portal.web.policy import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import Person


def _sending(public_id: str) -> Sending | None:
    return session().scalar(select(Sending).where(Sending.public_id == public_id))


def _connection(public_id: str) -> Connection | None:
    return session().scalar(select(Connection).where(Connection.public_id == public_id))


def _is_theirs(person: Person, row: Sending | Connection) -> bool:
    return row.person_id == person.id


LOADERS: dict[str, Callable[[str], Any]] = {"sending": _sending, "connection": _connection}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {
    Permission.SENDING_SEE: _is_theirs,
    Permission.CONNECTION_MANAGE: _is_theirs,
}
