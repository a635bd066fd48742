"""Open Badges 1.1, as a Mozilla Backpack reads it: assertion, badge class and issuer, each hosted at its own address."""

from portal.openbadges.ob11.composing import assertion, badge_class, issuer, revoked

__all__ = ["assertion", "badge_class", "issuer", "revoked"]
