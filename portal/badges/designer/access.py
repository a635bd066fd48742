"""Who may do what with designs: the library belongs to all instructors of the organisation together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.badges.designer import services
from portal.web.policy import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import Person
    from portal.badges.designer.models import BadgeDesign


def _shared(_person: Person, design: BadgeDesign) -> bool:
    """Every instructor may work on every design; the permission has already asked for the role."""
    return design.id is not None


LOADERS: dict[str, Callable[[str], Any]] = {"design": services.design_by_public_id}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {Permission.BADGE_DESIGN_EDIT: _shared}
