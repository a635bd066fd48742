"""Open Badges 3.0 as an entry of the registry: recognising, composing and examining a credential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.baking.png import KEYWORD_OB3
from portal.openbadges.examining import members
from portal.openbadges.examining.case import Stop
from portal.openbadges.examining.hosted import require
from portal.openbadges.examining.moments import examine_dates, read_moment
from portal.openbadges.examining.pictures import examine_image
from portal.openbadges.examining.recipients import examine_recipient
from portal.openbadges.ob30 import composing
from portal.openbadges.ob30.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from portal.openbadges.ob30.jwt import contradictions, credential_of
from portal.openbadges.ob30.proving import prove_document, prove_token
from portal.openbadges.ob30.reading import content_of, endorsement_of, identities_of
from portal.openbadges.ob30.statuses import examine_status

if TYPE_CHECKING:
    from portal.openbadges import model
    from portal.openbadges.documents import Document
    from portal.openbadges.examining.case import Case

Rules = dict[str, type | tuple[type, ...]]
_CREDENTIAL: Rules = {"type": list, "issuer": (str, dict), "credentialSubject": (dict, list)}
_ACHIEVEMENT: Rules = {
    "id": str,
    "type": (str, list),
    "name": (str, dict),
    "description": (str, dict),
    "criteria": dict,
}
_ENDORSEMENT: Rules = {"id": str, "type": (str, list)}
_BADGES = frozenset({"OpenBadgeCredential", "AchievementCredential"})


class OpenBadges3:
    """Open Badges 3.0."""

    name = "3.0"
    keyword = KEYWORD_OB3

    def recognises(self, document: Document) -> bool:
        """Whether this is a verifiable credential, or the claims of a token with one inside."""
        inner = members.part(document, "vc") or document
        contexts = members.contexts(inner)
        return CREDENTIALS_V2 in contexts or CREDENTIALS_V1 in contexts

    def compose(self, assertion: model.Assertion) -> Document:
        """Compose the credential, unsigned."""
        return composing.credential(assertion)

    def examine(self, case: Case, document: Document) -> None:
        """Add every check of a credential."""
        case.standard = self.name
        case.form = "jwt" if case.token else "data-integrity"
        credential = credential_of(document) if case.token else document
        case.document = credential
        case.address = members.identifier(credential)
        is_endorsement = _examine_structure(case, credential)
        case.content |= endorsement_of(credential) if is_endorsement else content_of(credential)
        if case.token is None:
            prove_document(case, credential)
        else:
            _examine_claims(case, document, credential)
            prove_token(case, case.token, credential)
        if not case.has("issuer"):
            case.not_possible("issuer", "issuer.unknown")
        _examine_rest(case, credential, is_endorsement=is_endorsement)


def _examine_structure(case: Case, credential: Document) -> bool:
    """Add the check of the structure; tells whether it is an endorsement rather than a badge."""
    require(case, credential, "credential", _CREDENTIAL)
    types = set(members.types(credential))
    subject = members.part(credential, "credentialSubject")
    if "VerifiableCredential" not in types or not types & (_BADGES | {"EndorsementCredential"}):
        case.failed("structure", "structure.unknown")
        raise Stop
    if "validFrom" not in credential and "issuanceDate" not in credential:
        require(case, credential, "credential", {"validFrom": str})
    case.issuer = members.part(credential, "issuer")
    if not types & _BADGES:
        require(case, subject, "credential", _ENDORSEMENT)
        case.passed("structure", "structure.endorsement", standard=case.standard)
        return True
    require(case, subject, "credential", {"achievement": (dict, list)})
    case.badge_class = members.part(subject, "achievement")
    require(case, case.badge_class, "achievement", _ACHIEVEMENT)
    case.passed("structure", "structure.ok", standard=case.standard)
    return False


def _examine_claims(case: Case, claims: Document, credential: Document) -> None:
    for claim in contradictions(claims, credential):
        case.failed("structure", "structure.contradiction", claim=claim)


def _examine_rest(case: Case, credential: Document, *, is_endorsement: bool) -> None:
    examine_dates(
        case,
        credential.get("validFrom", credential.get("issuanceDate")),
        _end(case, credential),
    )
    examine_status(case, credential)
    if is_endorsement:
        return
    subject = members.part(credential, "credentialSubject")
    image = members.part(subject, "achievement").get("image") or subject.get("image")
    examine_image(case, members.identifier(image), required=False)
    identities = identities_of(credential)
    examine_recipient(case, identities, named=bool(identities))


def _end(case: Case, credential: Document) -> object:
    """Take the earlier of the credential's own end and its token's."""
    stated = credential.get("validUntil", credential.get("expirationDate"))
    claimed = case.token.payload.get("exp") if case.token else None
    ends = [(moment, value) for value in (stated, claimed) if (moment := read_moment(value)) is not None]
    return min(ends, key=lambda end: end[0])[1] if ends else stated
