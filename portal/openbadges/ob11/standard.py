"""Open Badges 1.0 and 1.1 as entries of the registry: recognising, composing and examining a badge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.baking.png import KEYWORD_OB2
from portal.openbadges.examining import members
from portal.openbadges.examining.hosted import examine_hosting, load_part, require
from portal.openbadges.examining.moments import examine_dates
from portal.openbadges.examining.pictures import examine_image
from portal.openbadges.examining.recipients import examine_recipient
from portal.openbadges.model import Alignment, Evidence
from portal.openbadges.ob11 import composing
from portal.openbadges.ob11.proving import examine_revocations, prove
from portal.openbadges.text import host_of

if TYPE_CHECKING:
    from portal.openbadges import model
    from portal.openbadges.documents import Document
    from portal.openbadges.examining.case import Case

_ASSERTION: dict[str, type | tuple[type, ...]] = {
    "uid": (str, int),
    "recipient": dict,
    "badge": (str, dict),
    "verify": dict,
    "issuedOn": (str, int),
}
_BADGE_CLASS: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "description": str,
    "image": (str, dict),
    "criteria": (str, dict),
    "issuer": (str, dict),
}
_ISSUER: dict[str, type | tuple[type, ...]] = {"name": str, "url": str}


class OpenBadges1:
    """Open Badges 1.0 and 1.1."""

    name = "1.1"
    keyword = KEYWORD_OB2

    def recognises(self, document: Document) -> bool:
        """Whether this is an assertion of 1.0 or 1.1: it has `verify`, or an issue date and no later context."""
        contexts = members.contexts(document)
        if any("openbadges/v2" in context or "/ns/credentials" in context for context in contexts):
            return False
        return composing.CONTEXT in contexts or isinstance(document.get("verify"), dict)

    def compose(self, assertion: model.Assertion) -> Document:
        """Compose the hosted assertion."""
        return composing.assertion(assertion)

    def examine(self, case: Case, document: Document) -> None:
        """Add every check of a badge."""
        case.standard = "1.1" if composing.CONTEXT in members.contexts(document) else "1.0"
        verify = members.part(document, "verify")
        case.form = "signed" if case.token or members.text(verify, "type") == "signed" else "hosted"
        case.address = members.text(verify, "url")
        require(case, document, "assertion", _ASSERTION)
        if case.form == "hosted":
            examine_hosting(case, document, case.address)
        elif case.token is None:
            case.failed("signature", "signature.unsigned")
        else:
            prove(case, case.token)
        self._content(case, document)
        examine_dates(case, document["issuedOn"], document.get("expires"))
        recipient = members.part(document, "recipient")
        examine_recipient(case, [recipient], named=members.text(recipient, "type") == "email")

    def _content(self, case: Case, document: Document) -> None:
        badge = load_part(case, document["badge"], "badge_class")
        require(case, badge, "badge_class", _BADGE_CLASS)
        issuer = load_part(case, badge["issuer"], "issuer")
        require(case, issuer, "issuer", _ISSUER)
        case.badge_class, case.issuer = badge, issuer
        case.content |= _content_of(document, badge, issuer)
        case.passed("structure", "structure.ok", standard=case.standard)
        if case.form == "signed":
            examine_revocations(case, document, issuer)
        _examine_issuer(case, members.identifier(document["badge"]), members.identifier(badge["issuer"]))
        examine_image(case, members.identifier(badge["image"]))


def _examine_issuer(case: Case, badge_address: str, issuer_address: str) -> None:
    """Everything must stand on one host, or anybody could give out badges in another's name."""
    host = host_of(case.address)
    for address in (issuer_address, badge_address):
        if address and host_of(address) != host:
            case.failed("issuer", "issuer.other_host", issuer_host=host_of(address), host=host)
            return
    case.passed("issuer", "issuer.same_host", name=case.content["issuer_name"], host=host)


def _content_of(document: Document, badge: Document, issuer: Document) -> Document:
    evidence = members.text(document, "evidence")
    return {
        "name": members.text(badge, "name"),
        "description": members.text(badge, "description"),
        "criteria_url": members.identifier(badge["criteria"]),
        "tags": tuple(members.texts(badge.get("tags"))),
        "alignments": tuple(
            Alignment(
                name=members.text(item, "name"),
                url=members.text(item, "url"),
                description=members.text(item, "description"),
            )
            for item in members.objects(badge.get("alignment"))
        ),
        "evidence": (Evidence(url=evidence),) if evidence else (),
        "badge_id": members.identifier(document["badge"]),
        "issuer_id": members.identifier(badge["issuer"]),
        "issuer_name": members.text(issuer, "name"),
        "issuer_url": members.text(issuer, "url"),
        "issuer_email": members.text(issuer, "email"),
        "issuer_description": members.text(issuer, "description"),
        "issuer_image_url": members.identifier(issuer.get("image")),
    }
