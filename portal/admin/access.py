"""Who may do what to which object of this room, and how an address finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.web.policy import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

LOADERS: dict[str, Callable[[str], Any]] = {}
# Every administrator may manage everybody; what may not be done to oneself or to the last of them, the services refuse.
RULES: dict[Permission, Callable[[Any, Any], bool]] = {
    Permission.ADMIN_PERSON: lambda _administrator, _person: True,
    Permission.ADMIN_GROUP: lambda _administrator, _group: True,
}
