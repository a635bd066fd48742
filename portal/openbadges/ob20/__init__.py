"""Open Badges 2.0: assertion, BadgeClass and Profile, hosted or signed."""

from portal.openbadges.ob20.composing import assertion, badge_class, profile, revoked

__all__ = ["assertion", "badge_class", "profile", "revoked"]
