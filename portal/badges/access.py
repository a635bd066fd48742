"""Who may do what to which object of this room, and how an address finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.badges import providers, services
from portal.badges.models import Endorsement
from portal.badges.services import ordering
from portal.web.policy import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import Person
    from portal.badges.models import Award, AwardBatch, BadgeClass


def _is_holder(person: Person, award: Award) -> bool:
    return award.person_id == person.id


def _asked_for_it(person: Person, batch: AwardBatch) -> bool:
    return batch.by_id == person.id or person.may(Permission.ADMIN_PEOPLE)


def may_endorse(person: Person, what: BadgeClass | Endorsement) -> bool:
    """Whether somebody says which endorsements are shown: of their own badges; of the issuer itself administrators."""
    if not person.may(Permission.BADGE_ENDORSE):
        return False
    if person.may(Permission.ADMIN_OPEN_BADGES):
        return True
    badge = what.badge_class if isinstance(what, Endorsement) else what
    return badge is not None and providers.keepers().keeps(person, badge.series)


LOADERS: dict[str, Callable[[str], Any]] = {
    "award": services.award_by_public_id,
    "award_batch": ordering.batch_by_public_id,
    "badge_class": services.badge_class_by_public_id,
    "endorsement": services.endorsement_by_public_id,
}
RULES: dict[Permission, Callable[[Any, Any], bool]] = {
    Permission.AWARD_MANAGE_OWN: _is_holder,
    Permission.AWARD_REVOKE: services.may_revoke,
    Permission.AWARD_GIVE: _asked_for_it,
    Permission.BADGE_ENDORSE: may_endorse,
}
