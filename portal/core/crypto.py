"""Encryption at rest, under the key that the environment holds."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from portal.core.errors import LaurelError
from portal.core.settings import settings


class KeyLost(LaurelError):
    """What is stored was encrypted under a key that the environment no longer holds."""


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key.strip().encode()) for key in settings().encryption_key.split(",")])


def encrypt(data: bytes) -> bytes:
    """Encrypt and authenticate data under the newest key."""
    return _box().encrypt(data)


def decrypt(data: bytes) -> bytes:
    """Return what `encrypt` was given; raise KeyLost where no key of the environment fits."""
    try:
        return _box().decrypt(data)
    except InvalidToken as error:
        message = "LAUREL_ENCRYPTION_KEY does not open what is stored. See docs/deploy.md, 'When the key is lost'."
        raise KeyLost(message) from error
