"""Key pairs that sign: Ed25519 for Data Integrity, RSA-2048 for JWS.

Their private halves leave only as PEM text without a password: whoever stores it encrypts it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from portal.openbadges.errors import N_, Unreadable
from portal.openbadges.keys.public import PublicKey

_RSA_BITS = 2_048
_PADDING, _HASH = padding.PKCS1v15(), hashes.SHA256()


def _pem(private: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey) -> str:
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@dataclass(frozen=True, slots=True)
class Ed25519Pair:
    """A key pair for Data Integrity proofs."""

    private: ed25519.Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls) -> Ed25519Pair:
        """Make a new one."""
        return cls(ed25519.Ed25519PrivateKey.generate())

    @classmethod
    def of_pem(cls, pem: str) -> Ed25519Pair:
        """Read what `pem` wrote; raise `Unreadable`."""
        private = _load(pem)
        if not isinstance(private, ed25519.Ed25519PrivateKey):
            raise Unreadable(N_("The key is of a kind that is not known here."))
        return cls(private)

    def pem(self) -> str:
        """Write the private key as PKCS #8 without encryption."""
        return _pem(self.private)

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self.private.public_key())

    def sign(self, message: bytes) -> bytes:
        """Sign, 64 bytes (RFC 8032)."""
        return self.private.sign(message)


@dataclass(frozen=True, slots=True)
class RsaPair:
    """A key pair for JSON Web Signatures, algorithm RS256."""

    private: rsa.RSAPrivateKey = field(repr=False)

    @classmethod
    def generate(cls) -> RsaPair:
        """Make a new one, 2,048 bits."""
        return cls(rsa.generate_private_key(public_exponent=65_537, key_size=_RSA_BITS))

    @classmethod
    def of_pem(cls, pem: str) -> RsaPair:
        """Read what `pem` wrote; raise `Unreadable`."""
        private = _load(pem)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise Unreadable(N_("The key is of a kind that is not known here."))
        return cls(private)

    def pem(self) -> str:
        """Write the private key as PKCS #8 without encryption."""
        return _pem(self.private)

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self.private.public_key())

    def sign_jws(self, payload: bytes, **header: str) -> str:
        """Sign as a compact JWS with RS256 (RFC 7515; RFC 7518, section 3.3) and further header members."""
        message = _head(tuple(header.items())) + b"." + _base64url(payload)
        signature = self.private.sign(message, _PADDING, _HASH)
        return (message + b"." + _base64url(signature)).decode()


@lru_cache(maxsize=16)
def _head(members: tuple[tuple[str, str], ...]) -> bytes:
    """Return a header as it stands in a token: thousands that are signed with one key have the same."""
    return _base64url(json.dumps({"alg": "RS256", **dict(members)}, separators=(",", ":")).encode())


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _load(pem: str) -> object:
    try:
        return serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise Unreadable(N_("The key is damaged.")) from error
