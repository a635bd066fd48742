"""Open Badges 2.0 as an entry of the registry: recognising, composing and examining a badge, hosted or signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.baking.png import KEYWORD_OB2
from portal.openbadges.examining import members
from portal.openbadges.examining.hosted import examine_hosting, load_issuer, load_part, require
from portal.openbadges.examining.moments import examine_dates
from portal.openbadges.examining.pictures import examine_image
from portal.openbadges.examining.recipients import examine_recipient
from portal.openbadges.ob20 import composing
from portal.openbadges.ob20.endorsements import is_endorsement
from portal.openbadges.ob20.proving import examine_revocations, prove
from portal.openbadges.ob20.reading import content_of, endorsement_of
from portal.openbadges.text import host_of

if TYPE_CHECKING:
    from portal.openbadges import model
    from portal.openbadges.documents import Document
    from portal.openbadges.examining.case import Case

_ASSERTION: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "type": (str, list),
    "recipient": dict,
    "badge": (str, dict),
    "issuedOn": str,
}
_RECIPIENT: dict[str, type | tuple[type, ...]] = {"type": (str, list), "identity": str, "hashed": bool}
_BADGE_CLASS: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "type": (str, list),
    "name": (str, dict),
    "description": (str, dict),
    "criteria": (str, dict),
    "issuer": (str, dict),
}
_ENDORSEMENT: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "claim": dict,
    "issuer": (str, dict),
    "issuedOn": str,
}
_CLAIM: dict[str, type | tuple[type, ...]] = {"id": str}
_ISSUER: dict[str, type | tuple[type, ...]] = {"id": str, "type": (str, list), "name": (str, dict), "url": str}


class OpenBadges2:
    """Open Badges 2.0."""

    name = "2.0"
    keyword = KEYWORD_OB2

    def recognises(self, document: Document) -> bool:
        """Whether this is a 2.0 assertion or endorsement, by its context."""
        return any("openbadges/v2" in context or "/ob/v2p" in context for context in members.contexts(document))

    def compose(self, assertion: model.Assertion) -> Document:
        """Compose the hosted assertion."""
        return composing.assertion(assertion)

    def examine(self, case: Case, document: Document) -> None:
        """Add every check of a badge or an endorsement."""
        case.standard = self.name
        case.address = members.identifier(document)
        kinds = members.types(members.part(document, "verification"))
        case.form = "signed" if case.token or "SignedBadge" in kinds else "hosted"
        if is_endorsement(document):
            require(case, document, "endorsement", _ENDORSEMENT)
            require(case, members.part(document, "claim"), "endorsement", _CLAIM)
        else:
            require(case, document, "assertion", _ASSERTION)
            require(case, members.part(document, "recipient"), "assertion", _RECIPIENT)
        if case.form == "hosted":
            examine_hosting(case, document, case.address)
        if is_endorsement(document):
            _examine_endorsement(case, document)
        else:
            _examine_content(case, document)


def _examine_content(case: Case, document: Document) -> None:
    badge = load_part(case, document["badge"], "badge_class")
    require(case, badge, "badge_class", _BADGE_CLASS)
    issuer = load_issuer(case, badge["issuer"])
    require(case, issuer, "issuer", _ISSUER)
    case.badge_class, case.issuer = badge, issuer
    case.content |= content_of(document, badge, issuer)
    case.passed("structure", "structure.ok", standard=case.standard)
    _examine_origin(case, document, issuer)
    examine_image(case, members.identifier(badge.get("image")))
    examine_dates(case, document["issuedOn"], document.get("expires"))
    recipient = members.part(document, "recipient")
    examine_recipient(case, [recipient], named="email" in members.types(recipient))


def _examine_endorsement(case: Case, document: Document) -> None:
    """Add the checks of an endorsement (Open Badges 2.0, Endorsement): those of a badge, without picture and recipient."""
    issuer = load_issuer(case, document["issuer"])
    require(case, issuer, "issuer", _ISSUER)
    case.issuer = issuer
    case.content |= endorsement_of(document, issuer)
    case.passed("structure", "structure.endorsement", standard=case.standard)
    _examine_origin(case, document, issuer)
    examine_dates(case, document["issuedOn"], document.get("expires"))


def _examine_origin(case: Case, document: Document, issuer: Document) -> None:
    if case.form == "hosted":
        _examine_scope(case, issuer)
    elif case.token is None:
        case.failed("signature", "signature.unsigned")
    else:
        prove(case, case.token, document, issuer)
        examine_revocations(case, document, issuer)


def _examine_scope(case: Case, issuer: Document) -> None:
    """Add the check that the badge is the issuer's: it is where it stands in the issuer's scope (2.0, VerificationObject), by default its host."""
    host, issuer_host = host_of(case.address), host_of(members.identifier(issuer))
    rules = members.part(issuer, "verification")
    beginnings = members.texts(rules.get("startsWith"))
    hosts = [item.lower() for item in members.texts(rules.get("allowedOrigins"))] or [issuer_host]
    if any(_begins(case.address, beginning) for beginning in beginnings) or (not beginnings and host in hosts):
        case.passed("issuer", "issuer.same_host", name=case.content["issuer_name"], host=host)
    else:
        case.failed("issuer", "issuer.other_host", issuer_host=issuer_host, host=host)


def _begins(address: str, beginning: str) -> bool:
    return host_of(address) == host_of(beginning) and address.startswith(beginning)
