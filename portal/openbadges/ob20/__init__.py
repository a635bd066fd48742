"""Open Badges 2.0: assertion, BadgeClass and Profile, hosted or signed."""

from portal.openbadges.ob20.composing import assertion, badge_class, profile, revoked
from portal.openbadges.ob20.endorsements import endorsement, sign_endorsement
from portal.openbadges.ob20.signed import cryptographic_key, revocation_list, sign

__all__ = [
    "assertion",
    "badge_class",
    "cryptographic_key",
    "endorsement",
    "profile",
    "revocation_list",
    "revoked",
    "sign",
    "sign_endorsement",
]
