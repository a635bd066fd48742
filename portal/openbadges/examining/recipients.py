"""Whether a badge was given to one of some e-mail addresses."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from portal.openbadges.examining import members

if TYPE_CHECKING:
    from portal.openbadges.documents import Document
    from portal.openbadges.examining.case import Case

_HASHES = frozenset({"sha256", "md5"})


def examine_recipient(case: Case, identities: list[Document], *, named: bool) -> None:
    """Add the check of the recipient.

    `identities` are objects with `identity`, `hashed` and `salt`; `named` tells whether the badge names a recipient by
    e-mail address at all.
    """
    if not case.addresses:
        case.not_possible("recipient", "recipient.not_asked")
        return
    if not named:
        case.not_possible("recipient", "recipient.not_email")
        return
    for address in case.addresses:
        if any(identity_matches(identity, address) for identity in identities):
            case.recipient = address
            case.passed("recipient", "recipient.match", address=address)
            return
    case.failed("recipient", "recipient.other")


def identity_matches(identity: Document, address: str) -> bool:
    """Whether an identity, hashed or plain, is this e-mail address (Open Badges 2.0, IdentityObject)."""
    stated = members.text(identity, "identity").removeprefix("mailto:")
    if not stated:
        return False
    address = address.strip()
    kind, dollar, digest = stated.partition("$")
    if not dollar or kind.lower() not in _HASHES:
        return identity.get("hashed") is not True and stated.strip().lower() == address.lower()
    salt = members.text(identity, "salt")
    return any(
        hmac.compare_digest(_digest(kind.lower(), spelling + salt), digest.lower().encode("ascii", "replace"))
        for spelling in {address.lower(), address}
    )


def _digest(kind: str, text: str) -> bytes:
    body = text.encode("utf-8", "surrogatepass")
    machine = hashlib.sha256(body) if kind == "sha256" else hashlib.md5(body, usedforsecurity=False)
    return machine.hexdigest().encode()
