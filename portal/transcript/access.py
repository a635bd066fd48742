"""Who may do what to which object of this room, and how an address finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.web.policy import Permission

LOADERS: dict[str, Callable[[str], Any]] = {}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {}
