"""The verbs of this room: name the issuer, freeze what a badge says, give it, replace it, take it back."""

from portal.badges.services.awards import (
    accept,
    assertion_url,
    assertion_v1_url,
    award,
    award_by_public_id,
    awards_of,
    baked_png,
    decline,
    last_award,
    live_award,
    rebind,
    rebindings_of,
    reinstate,
    replace,
    revoke,
    withdraw,
)
from portal.badges.services.classes import (
    Definition,
    badge_class_by_public_id,
    check_alignments,
    check_definition,
    check_type,
    freeze,
)
from portal.badges.services.endorsements import endorsement_by_public_id
from portal.badges.services.history import Version, changed, versions_in, versions_of
from portal.badges.services.identifiers import own_identifier, say_identifier
from portal.badges.services.issuer import (
    BaseUrlChanged,
    check_base_url,
    issuer,
    missing_for_issuing,
    save_issuer,
)
from portal.badges.services.keys import ensure_keys
from portal.badges.services.revocations import forget, kept_by, may_revoke, revoke_and_tell
from portal.badges.services.stories import Story, percent

__all__ = [
    "BaseUrlChanged",
    "Definition",
    "Story",
    "Version",
    "accept",
    "assertion_url",
    "assertion_v1_url",
    "award",
    "award_by_public_id",
    "awards_of",
    "badge_class_by_public_id",
    "baked_png",
    "changed",
    "check_alignments",
    "check_base_url",
    "check_definition",
    "check_type",
    "decline",
    "endorsement_by_public_id",
    "ensure_keys",
    "forget",
    "freeze",
    "issuer",
    "kept_by",
    "last_award",
    "live_award",
    "may_revoke",
    "missing_for_issuing",
    "own_identifier",
    "percent",
    "rebind",
    "rebindings_of",
    "reinstate",
    "replace",
    "revoke",
    "revoke_and_tell",
    "save_issuer",
    "say_identifier",
    "versions_in",
    "versions_of",
    "withdraw",
]
