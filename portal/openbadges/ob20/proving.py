"""Checking a signed badge of 2.0: whose key, whether the signature is right, and whether the issuer lists it as revoked.

Source: Open Badges 2.0, Signed Verification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.errors import N_, Unreadable
from portal.openbadges.examining import members
from portal.openbadges.examining.lookups import look_up_key, look_up_listing
from portal.openbadges.keys import PublicKey
from portal.openbadges.keys.did import key_of_method
from portal.openbadges.keys.tokens import ALGORITHMS, Token, is_signed_by

if TYPE_CHECKING:
    from portal.openbadges.documents import Document
    from portal.openbadges.examining.case import Case


def prove(case: Case, token: Token, document: Document, issuer: Document) -> None:
    """Add the checks `signature` and `issuer` of a signed badge."""
    identifier = members.identifier(issuer)
    own = [members.identifier(item) for item in members.listed(issuer.get("publicKey"))]
    reference = members.identifier(members.part(document, "verification").get("creator")) or next(iter(own), "")
    if token.algorithm not in ALGORITHMS:
        case.not_possible("signature", "signature.unsupported", algorithm=token.algorithm[:80] or "?")
        return
    found = look_up_key(case, reference, lambda: _key(case, issuer, reference))
    if found is None:
        return
    key, owner = found
    if not is_signed_by(token, key):
        case.failed("signature", "signature.wrong")
        return
    case.passed("signature", "signature.ok", algorithm=token.algorithm)
    if owner == identifier and reference in own:
        case.passed("issuer", "issuer.key_owned", name=members.text(issuer, "name"), id=identifier)
    else:
        case.failed("issuer", "issuer.key_foreign", owner=owner or "?", id=identifier)


def _key(case: Case, issuer: Document, reference: str) -> tuple[PublicKey, str]:
    """Find a CryptographicKey, in the issuer's profile or at its address, and its owner."""
    if not reference:
        raise Unreadable(N_("The badge and its issuer name no key."))
    embedded = members.objects(issuer.get("publicKey"))
    method = next((item for item in embedded if members.identifier(item) == reference), None)
    if method is None:
        method = case.visits.document(reference)
    if members.identifier(method) not in ("", reference):
        raise Unreadable(N_("It is not in the document that should hold it."))
    return key_of_method(method), members.identifier(method.get("owner"))


def examine_revocations(case: Case, document: Document, issuer: Document) -> None:
    """Add the check `status`, over the issuer's RevocationList."""
    url = members.identifier(issuer.get("revocationList"))
    if not url:
        case.passed("status", "status.none")
        return
    listing = look_up_listing(case, url, lambda: case.visits.document(url))
    if listing is None:
        return
    for item in members.listed(listing.get("revokedAssertions")):
        names = {members.identifier(item), members.text(item, "uid") if isinstance(item, dict) else ""} - {""}
        if names & {members.identifier(document), members.text(document, "uid")}:
            reason = members.text(item, "revocationReason") if isinstance(item, dict) else ""
            if reason:
                case.failed("status", "status.revoked_because", reason=reason[:500])
            else:
                case.failed("status", "status.revoked")
            return
    case.passed("status", "status.ok")
