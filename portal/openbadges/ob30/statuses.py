"""Whether a credential was revoked: the check `status`, over every kind of list that 3.0 badges use.

Sources: W3C Bitstring Status List 1.0; Status List 2021; 1EdTech Revocation List Status Method 1.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.errors import N_, Unreadable
from portal.openbadges.examining import members
from portal.openbadges.examining.case import Case
from portal.openbadges.examining.fetching import ACCEPT_DOCUMENT, ACCEPT_STATUS
from portal.openbadges.examining.lookups import look_up_listing
from portal.openbadges.examining.moments import read_moment
from portal.openbadges.examining.receiving import receive
from portal.openbadges.examining.report import Outcome
from portal.openbadges.keys.tokens import read_token
from portal.openbadges.ob30.jwt import credential_of
from portal.openbadges.ob30.keyring import host_of_identifier
from portal.openbadges.ob30.proving import prove_document, prove_token
from portal.openbadges.ob30.status import bit_of
from portal.openbadges.text import host_of

if TYPE_CHECKING:
    from portal.openbadges.documents import Document

_BITSTRING = frozenset({"BitstringStatusListEntry", "StatusList2021Entry"})
_REVOCATION_LIST = frozenset({"1EdTechRevocationList", "1EdTechRevocationStatus"})
_ENDING = {"revocation": "status.revoked", "suspension": "status.suspended"}
_MAX_ENTRIES = 5


def examine_status(case: Case, credential: Document) -> None:
    """Look the credential up in each list that it names; the first list that speaks against it decides."""
    entries = members.objects(credential.get("credentialStatus"))
    if not entries:
        case.passed("status", "status.none")
        return
    before = len(case.checks)
    for entry in entries[:_MAX_ENTRIES]:
        kinds = set(members.types(entry))
        if kinds & _BITSTRING:
            _examine_bit(case, credential, entry)
        elif kinds & _REVOCATION_LIST:
            _examine_revocation_list(case, credential, entry)
        else:
            case.not_possible("status", "status.unsupported", kind=", ".join(sorted(kinds))[:80] or "?")
    _keep_worst(case, before)


def _keep_worst(case: Case, before: int) -> None:
    """Several lists give one check: the worst of them."""
    found = case.checks[before:]
    del case.checks[before:]
    for outcome in (Outcome.FAILED, Outcome.NOT_POSSIBLE):
        worst = next((check for check in found if check.outcome is outcome), None)
        if worst is not None:
            case.checks.append(worst)
            return
    case.passed("status", "status.ok")


def _examine_bit(case: Case, credential: Document, entry: Document) -> None:
    purpose = members.text(entry, "statusPurpose")
    if purpose not in _ENDING:
        return
    url = members.identifier(entry.get("statusListCredential"))
    if look_up_listing(case, url, lambda: _read_bit(case, credential, entry, url)):
        case.failed("status", _ENDING[purpose])


def _read_bit(case: Case, credential: Document, entry: Document, url: str) -> bool:
    index = _index(entry)
    return _bit(_trusted_list(case, credential, url), members.text(entry, "statusPurpose"), index)


def _bit(statuses: Document, purpose: str, index: int) -> bool:
    if purpose not in members.texts(statuses.get("statusPurpose")):
        raise Unreadable(N_("It is a list for another purpose."))
    return bit_of(members.text(statuses, "encodedList"), index)


def _index(entry: Document) -> int:
    stated = entry.get("statusListIndex")
    if entry.get("statusSize") not in (None, 1):
        raise Unreadable(N_("Its entries have several bits."))
    if isinstance(stated, str) and stated.isascii() and stated.isdigit() and len(stated) <= len("64000000"):
        return int(stated)
    if isinstance(stated, int) and not isinstance(stated, bool) and stated >= 0:
        return stated
    raise Unreadable(N_("The badge's place in the list is out of bounds."))


def _trusted_list(case: Case, credential: Document, url: str) -> Document:
    """Read a status list and check that the same issuer signed it and that it is of today; returns its subject."""
    received = receive(case.visits.body(url, ACCEPT_STATUS))
    inner = Case(received=received, visits=case.visits, now=case.now, given_contexts=case.given_contexts)
    if received.token:
        token = read_token(received.token)
        listing = credential_of(token.payload)
        prove_token(inner, token, listing)
    else:
        listing = received.document or {}
        prove_document(inner, listing)
    report = inner.report()
    if {check.name for check in report.checks} != {"signature", "issuer"} or not report.valid:
        wrong = next((check for check in report.checks if check.outcome is not Outcome.PASSED), None)
        raise Unreadable(N_("It is not signed as it must be. %(reason)s"), reason=wrong.words if wrong else "")
    if members.identifier(listing.get("issuer")) != members.identifier(credential.get("issuer")):
        raise Unreadable(N_("It was signed by somebody else than the badge."))
    ends = read_moment(listing.get("validUntil") or listing.get("expirationDate"))
    if ends is not None and ends <= case.now:
        raise Unreadable(N_("It is out of date."))
    return members.part(listing, "credentialSubject")


def _examine_revocation_list(case: Case, credential: Document, entry: Document) -> None:
    url = members.identifier(entry)
    listing = look_up_listing(case, url, lambda: _own_listing(case, credential, url))
    if listing is None:
        return
    for item in members.listed(listing.get("revokedCredential")):
        if members.identifier(item) == members.identifier(credential) and _is_revoked(item):
            reason = members.text(item, "revocationReason") if isinstance(item, dict) else ""
            if reason:
                case.failed("status", "status.revoked_because", reason=reason[:500])
            else:
                case.failed("status", "status.revoked")


def _own_listing(case: Case, credential: Document, url: str) -> Document:
    listing = case.visits.document(url, ACCEPT_DOCUMENT)
    _refuse_foreign(credential, listing, url)
    return listing


def _is_revoked(item: object) -> bool:
    return not isinstance(item, dict) or item.get("revoked") is not False


def _refuse_foreign(credential: Document, listing: Document, url: str) -> None:
    issuer = members.identifier(credential.get("issuer"))
    named = members.identifier(listing.get("issuer"))
    if named != issuer and host_of(url) != host_of_identifier(issuer):
        raise Unreadable(N_("It is the list of another issuer."))
