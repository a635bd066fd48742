"""The verbs of this room: name the issuer, freeze what a badge says, give it, replace it, take it back."""

from portal.badges.services.awards import (
    assertion_url,
    assertion_v1_url,
    award,
    award_by_public_id,
    awards_of,
    baked_png,
    last_award,
    live_award,
    rebind,
    reinstate,
    replace,
    revoke,
    withdraw,
)
from portal.badges.services.classes import (
    Definition,
    badge_class_by_public_id,
    check_definition,
    freeze,
)
from portal.badges.services.issuer import (
    BaseUrlChanged,
    check_base_url,
    issuer,
    missing_for_issuing,
    save_issuer,
)
from portal.badges.services.keys import ensure_keys
from portal.badges.services.revocations import forget, kept_by, may_revoke, revoke_and_tell

__all__ = [
    "BaseUrlChanged",
    "Definition",
    "assertion_url",
    "assertion_v1_url",
    "award",
    "award_by_public_id",
    "awards_of",
    "badge_class_by_public_id",
    "baked_png",
    "check_base_url",
    "check_definition",
    "ensure_keys",
    "forget",
    "freeze",
    "issuer",
    "kept_by",
    "last_award",
    "live_award",
    "may_revoke",
    "missing_for_issuing",
    "rebind",
    "reinstate",
    "replace",
    "revoke",
    "revoke_and_tell",
    "save_issuer",
    "withdraw",
]
