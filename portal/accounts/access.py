"""Who may do what to which object of this room, and how an address finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.services import person_by_public_id
from portal.accounts.services.addresses import address_by_public_id
from portal.accounts.services.groups import group_by_public_id
from portal.accounts.services.lists import list_by_public_id
from portal.web.policy import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import EmailAddress, Person


def _own(person: Person, email: EmailAddress) -> bool:
    return email.person_id == person.id


LOADERS: dict[str, Callable[[str], Any]] = {
    "person": person_by_public_id,
    "email_address": address_by_public_id,
    "group": group_by_public_id,
    "people_list": list_by_public_id,
}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {Permission.PROFILE_EDIT: _own}
