"""Names that cannot be guessed: public ids, protocol numbers, secrets."""

from __future__ import annotations

import hashlib
import secrets

_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
_PUBLIC_IDS = len(_ALPHABET) ** 22
_CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def public_id() -> str:
    """Return 22 random letters and digits (about 127 bits) for an address."""
    number, letters = secrets.randbelow(_PUBLIC_IDS), ""
    for _place in range(22):
        number, letter = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[letter]
    return letters


def code(groups: int = 4, size: int = 4) -> str:
    """Return a code that people can read aloud, such as 7F3K-92QD-…: 5 bits a character, no look-alikes."""
    return "-".join("".join(secrets.choice(_CODE_ALPHABET) for _ in range(size)) for _ in range(groups))


def number53() -> int:
    """Return a random positive integer that a JavaScript number holds exactly."""
    return secrets.randbelow(2**53 - 1) + 1


def secret() -> str:
    """Return 256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """Return the SHA-256 of a secret in hex: what is stored in place of the secret."""
    return hashlib.sha256(text.encode()).hexdigest()
