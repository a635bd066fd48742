"""Who may do what to which object of this room, and how an address finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.badges import services
from portal.web.policy import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import Person
    from portal.badges.models import Award


def _is_holder(person: Person, award: Award) -> bool:
    return award.person_id == person.id


LOADERS: dict[str, Callable[[str], Any]] = {"award": services.award_by_public_id}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {Permission.AWARD_MANAGE_OWN: _is_holder}
