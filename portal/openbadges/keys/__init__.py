"""Keys that sign badges, and every public form in which the standards publish them."""

from portal.openbadges.keys.pairs import Ed25519Pair, RsaPair
from portal.openbadges.keys.public import PublicKey

__all__ = ["Ed25519Pair", "PublicKey", "RsaPair"]
