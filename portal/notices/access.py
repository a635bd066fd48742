"""Who may do what to which object of this room, and how an address finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.notices.services import mail_by_public_id, notice_by_public_id
from portal.web.policy import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import Person
    from portal.notices.models import Notice


def _own(person: Person, notice: Notice) -> bool:
    return notice.person_id == person.id


LOADERS: dict[str, Callable[[str], Any]] = {"mail": mail_by_public_id, "notice": notice_by_public_id}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {
    Permission.ADMIN_MAIL: lambda _person, _mail: True,
    Permission.NOTICE_SEE: _own,
}
