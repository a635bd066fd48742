"""What hosted badges of every version have in common: the badge at its own address is the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.documents import Document, read_document
from portal.openbadges.errors import N_, Unreadable, Words
from portal.openbadges.examining import members
from portal.openbadges.examining.case import Stop
from portal.openbadges.examining.fetching import ACCEPT_BADGE, GONE, OK, CannotFetch, NotServed
from portal.openbadges.examining.texts import PARTS
from portal.openbadges.text import host_of, is_web_address

if TYPE_CHECKING:
    from portal.openbadges.examining.case import Case


def examine_hosting(case: Case, document: Document, address: str) -> None:
    """Add the checks `hosted` and, where the badge is revoked, `status`; raise `Stop` where it is not there at all."""
    if not is_web_address(address):
        case.failed("hosted", "hosted.no_address")
        raise Stop
    try:
        answer = case.visits.answer(address, ACCEPT_BADGE)
    except CannotFetch as error:
        case.not_possible("hosted", "hosted.unreachable", url=address, reason=error.words)
        case.not_possible("status", "status.unknown")
        return
    stands = _read(answer.body)
    if answer.status == GONE or (stands and stands.get("revoked") is True):
        revoked(case, stands or {})
        return
    if answer.status != OK:
        case.failed("hosted", "hosted.gone", url=address, status=answer.status)
        case.not_possible("status", "status.unknown")
        return
    if stands is None:
        case.failed("hosted", "hosted.broken", url=address, reason=Words(N_("This is not a JSON document.")))
        case.not_possible("status", "status.unknown")
        return
    if stands == document:
        case.passed("hosted", "hosted.same", url=address)
    else:
        case.failed("hosted", "hosted.differs", url=address)
    case.passed("status", "status.ok")


def _read(body: bytes) -> Document | None:
    try:
        return read_document(body)
    except Unreadable:
        return None


def revoked(case: Case, stub: Document) -> None:
    """Record that the badge is revoked, with the reason its address gives."""
    reason = members.text(stub, "revocationReason", "reason")[:500]
    if reason:
        case.failed("status", "status.revoked_because", reason=reason)
    else:
        case.failed("status", "status.revoked")


def load_part(case: Case, value: object, part: str) -> Document:
    """Read the badge class or issuer that a member embeds or names; record why not and raise `Stop`."""
    if isinstance(value, dict):
        return value
    url = members.identifier(value)
    try:
        return case.visits.document(url)
    except CannotFetch as error:
        case.not_possible(
            "structure", "structure.part_unreachable", part=Words(PARTS[part]), url=url, reason=error.words
        )
    except NotServed as error:
        case.failed("structure", "structure.part_gone", part=Words(PARTS[part]), url=url, status=error.status)
    except Unreadable as error:
        case.failed("structure", "structure.part_broken", part=Words(PARTS[part]), url=url, reason=error.words)
    raise Stop


def load_issuer(case: Case, value: object) -> Document:
    """Read the issuer that a badge class embeds or names.

    An embedded one stands for itself only where the badge is hosted on the issuer's own host; else it is read at its
    address, or anybody could write another's name, keys and scope into a badge. Raises `Stop` as `load_part` does.
    """
    address = members.identifier(value)
    if isinstance(value, dict) and address and (case.form != "hosted" or host_of(address) != host_of(case.address)):
        return load_part(case, address, "issuer")
    return load_part(case, value, "issuer")


def require(case: Case, document: Document, part: str, rules: dict[str, type | tuple[type, ...]]) -> None:
    """Raise `Stop` after recording the first member that is missing or of another type."""
    for member, kinds in rules.items():
        value = document.get(member)
        if not isinstance(value, kinds) or (value in ("", [], {})):
            case.failed("structure", "structure.missing", part=Words(PARTS[part]), member=member)
            raise Stop
