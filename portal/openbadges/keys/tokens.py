"""Compact JSON Web Signatures: reading their parts, and checking them under a closed list of algorithms."""

from __future__ import annotations

from dataclasses import dataclass

from joserfc import jws
from joserfc.errors import JoseError

from portal.openbadges.documents import Document, read_document
from portal.openbadges.errors import N_, Unreadable
from portal.openbadges.keys.public import PublicKey, read_base64url

ALGORITHMS = ("RS256", "ES256", "ES384", "EdDSA", "Ed25519")
"""What may stand as `alg`: signatures by a public key alone, never `none` or a shared secret."""

_FITS = {"RS256": "RSA", "ES256": "P-256", "ES384": "P-384", "EdDSA": "Ed25519", "Ed25519": "Ed25519"}
_PARTS = 3
_MAX_TOKEN = 1_500_000


class Registry(jws.JWSRegistry):
    """The JOSE library's rules, with room for a key in the header and a picture in the payload."""

    max_header_length = 16_384
    max_payload_length = _MAX_TOKEN
    max_signature_length = 2_048


_REGISTRY = Registry(algorithms=list(ALGORITHMS), strict_check_header=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A compact JWS whose signature was not checked yet."""

    text: str
    header: Document
    payload: Document

    @property
    def algorithm(self) -> str:
        """The algorithm it claims."""
        algorithm = self.header.get("alg")
        return algorithm if isinstance(algorithm, str) else ""


def read_token(text: str) -> Token:
    """Take a compact JWS of a JSON object apart; raise `Unreadable`."""
    parts = text.split(".")
    if len(parts) != _PARTS or len(text) > _MAX_TOKEN:
        raise Unreadable(N_("This is not a signed token."))
    try:
        head, body, _signature = (read_base64url(part, strict=True) for part in parts)
    except ValueError as error:
        raise Unreadable(N_("This is not a signed token.")) from error
    header, payload = read_document(head), read_document(body)
    if "crit" in header:
        raise Unreadable(N_("The token demands an extension that is not known here."))
    return Token(text, header, payload)


def is_signed_by(token: Token, key: PublicKey) -> bool:
    """Whether a token's signature is right under this key, with an algorithm that goes with the key."""
    if token.algorithm not in ALGORITHMS or _FITS[token.algorithm] != key.kind:
        return False
    if key.kind == "Ed25519":  # the JOSE library warns of the name `EdDSA`, which is the one that badges use
        message, _dot, signature = token.text.rpartition(".")
        return key.accepts(read_base64url(signature), message.encode())
    try:
        jws.deserialize_compact(token.text, key.jose(), registry=_REGISTRY)
    except (JoseError, ValueError):
        return False
    return True
