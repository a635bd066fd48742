"""Checking a signed badge of 1.0 or 1.1: its `verify.url` is the issuer's key as PEM, on the issuer's own host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.errors import Unreadable
from portal.openbadges.examining import members
from portal.openbadges.examining.fetching import CannotFetch, NotServed
from portal.openbadges.examining.hosted import revoked
from portal.openbadges.keys import PublicKey
from portal.openbadges.keys.tokens import Token, is_signed_by

if TYPE_CHECKING:
    from portal.openbadges.documents import Document
    from portal.openbadges.examining.case import Case

_ACCEPT_PEM = "application/x-pem-file, text/plain, */*;q=0.1"


def prove(case: Case, token: Token) -> None:
    """Add the check `signature`; that key and issuer stand on one host is the check `issuer`."""
    try:
        pem = case.visits.body(case.address, _ACCEPT_PEM).decode("ascii", "replace")
        key = PublicKey.of_pem(pem)
    except (CannotFetch, NotServed) as error:
        case.not_possible("signature", "signature.key_unreachable", url=case.address, reason=error.words)
        return
    except Unreadable as error:
        case.failed("signature", "signature.key_unusable", url=case.address, reason=error.words)
        return
    if is_signed_by(token, key):
        case.passed("signature", "signature.ok", algorithm=token.algorithm)
    else:
        case.failed("signature", "signature.wrong")


def examine_revocations(case: Case, document: Document, issuer: Document) -> None:
    """Add the check `status`, over the issuer's list from `uid` to reason."""
    url = members.identifier(issuer.get("revocationList"))
    if not url:
        case.passed("status", "status.none")
        return
    try:
        listing = case.visits.document(url)
    except (CannotFetch, NotServed) as error:
        case.not_possible("status", "status.unreachable", url=url, reason=error.words)
        return
    except Unreadable as error:
        case.not_possible("status", "status.broken", url=url, reason=error.words)
        return
    uid = str(document["uid"])
    if uid in listing:
        revoked(case, {"reason": listing[uid]})
    else:
        case.passed("status", "status.ok")
