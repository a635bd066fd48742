"""Checking a signed badge of 1.0 or 1.1: its `verify.url` is the issuer's key as PEM, on the issuer's own host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.examining import members
from portal.openbadges.examining.hosted import revoked
from portal.openbadges.examining.lookups import look_up_key, look_up_listing
from portal.openbadges.keys import PublicKey
from portal.openbadges.keys.tokens import Token, is_signed_by

if TYPE_CHECKING:
    from portal.openbadges.documents import Document
    from portal.openbadges.examining.case import Case

_ACCEPT_PEM = "application/x-pem-file, text/plain, */*;q=0.1"


def prove(case: Case, token: Token) -> None:
    """Add the check `signature`; that key and issuer stand on one host is the check `issuer`."""
    key = look_up_key(case, case.address, lambda: _key(case))
    if key is None:
        return
    if is_signed_by(token, key):
        case.passed("signature", "signature.ok", algorithm=token.algorithm)
    else:
        case.failed("signature", "signature.wrong")


def _key(case: Case) -> PublicKey:
    return PublicKey.of_pem(case.visits.body(case.address, _ACCEPT_PEM).decode("ascii", "replace"))


def examine_revocations(case: Case, document: Document, issuer: Document) -> None:
    """Add the check `status`, over the issuer's list from `uid` to reason."""
    url = members.identifier(issuer.get("revocationList"))
    if not url:
        case.passed("status", "status.none")
        return
    listing = look_up_listing(case, url, lambda: case.visits.document(url))
    if listing is None:
        return
    uid = str(document["uid"])
    if uid in listing:
        revoked(case, {"reason": listing[uid]})
    else:
        case.passed("status", "status.ok")
