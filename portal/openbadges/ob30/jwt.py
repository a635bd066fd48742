"""Credentials as JSON Web Tokens: composing and signing one, and reading the two ways in which others wrote theirs.

Sources: Open Badges 3.0 section 8.2 (JSON Web Token Proof Format); W3C Verifiable Credentials 1.1 section 6.3.1 for the
older way, with the credential inside `vc`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from portal.openbadges.documents import Document, stable_bytes, timestamp
from portal.openbadges.examining import members
from portal.openbadges.examining.moments import read_moment
from portal.openbadges.text import check_document

if TYPE_CHECKING:
    from portal.openbadges.keys import RsaPair

_MAX_UNIX = 253_402_300_799


def sign_jwt(credential: Document, pair: RsaPair, *, key_address: str) -> str:
    """Sign a credential as a compact JWS, RS256 (Open Badges 3.0, section 8.2.3).

    `key_address` goes into the header as `kid`: the address of the bare JWK. Raise `Unfit` for control characters.
    """
    check_document(credential)
    return pair.sign_jws(stable_bytes(claims_of(credential)), kid=key_address, typ="JWT")


def claims_of(credential: Document) -> Document:
    """Add the registered claims to a credential's own members (section 8.2.4.1)."""
    claims = {**credential, "iss": members.identifier(credential.get("issuer"))}
    subject = members.identifier(credential.get("credentialSubject"))
    begins, ends = read_moment(credential.get("validFrom")), read_moment(credential.get("validUntil"))
    if members.identifier(credential):
        claims["jti"] = members.identifier(credential)
    if subject:
        claims["sub"] = subject
    if begins:
        claims["nbf"] = int(begins.timestamp())
    if ends:
        claims["exp"] = int(ends.timestamp())
    return claims


def credential_of(claims: Document) -> Document:
    """Read the credential in a token's claims, at the top level or inside `vc`, completed from the registered claims."""
    inner = claims.get("vc")
    credential = dict(inner) if isinstance(inner, dict) else {**claims}
    for name in ("iss", "jti", "sub", "nbf", "exp", "iat", "vc"):
        credential.pop(name, None)
    if "jti" in claims:
        credential.setdefault("id", claims["jti"])
    if "iss" in claims:
        credential.setdefault("issuer", claims["iss"])
    older = "issuanceDate" in credential or isinstance(inner, dict)
    for claim, name in (
        ("nbf", "issuanceDate" if older else "validFrom"),
        ("exp", "expirationDate" if older else "validUntil"),
    ):
        moment = _moment(claims.get(claim))
        if moment:
            credential.setdefault(name, timestamp(moment))
    subject = credential.get("credentialSubject")
    if isinstance(subject, dict) and isinstance(claims.get("sub"), str):
        credential["credentialSubject"] = {"id": claims["sub"], **subject}
    return credential


def contradictions(claims: Document, credential: Document) -> list[str]:
    """List the registered claims that say something else than the credential (they must be the same)."""
    stated = {
        "iss": members.identifier(credential.get("issuer")),
        "jti": members.identifier(credential),
        "sub": members.identifier(credential.get("credentialSubject")),
    }
    return [name for name, value in stated.items() if name in claims and value and claims[name] != value]


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MAX_UNIX:
        return None
    return datetime.fromtimestamp(value, UTC)
