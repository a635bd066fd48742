"""Checking who signed a credential: the checks `signature` and `issuer`, for both proof formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.documents import timestamp
from portal.openbadges.errors import Unfit, Unreadable
from portal.openbadges.examining import members
from portal.openbadges.examining.fetching import CannotFetch, NotServed
from portal.openbadges.examining.lookups import look_up_key
from portal.openbadges.examining.moments import read_moment
from portal.openbadges.keys import PublicKey
from portal.openbadges.keys.tokens import ALGORITHMS, Token, is_signed_by
from portal.openbadges.ob30.contexts import UnknownContext
from portal.openbadges.ob30.data_integrity import is_proved, is_supported, suite_of
from portal.openbadges.ob30.keyring import FoundKey, find_key, lists_key

if TYPE_CHECKING:
    from portal.openbadges.documents import Document
    from portal.openbadges.examining.case import Case

_MAX_PROOFS = 4


def prove_document(case: Case, credential: Document) -> None:
    """Check every proof of a kind that is known, and whose key it is."""
    proofs = members.objects(credential.get("proof"))
    supported = [proof for proof in proofs if is_supported(proof)]
    if not proofs:
        case.failed("signature", "signature.unsigned")
        return
    if not supported or len(proofs) > _MAX_PROOFS:
        case.not_possible("signature", "signature.unsupported", algorithm=suite_of(proofs[0])[:80])
        return
    found: FoundKey | None = None
    for proof in supported:
        found = _prove(case, credential, proof)
        if found is None:
            return
    case.passed("signature", "signature.ok", algorithm=", ".join(suite_of(proof) for proof in supported))
    if found is not None:
        _examine_owner(case, credential, found)


def _prove(case: Case, credential: Document, proof: Document) -> FoundKey | None:
    """Check one proof; None where it did not come out right, which is recorded."""
    if members.text(proof, "proofPurpose") != "assertionMethod":
        case.failed("signature", "signature.wrong")
        return None
    expires = read_moment(proof.get("expires"))
    if expires is not None and expires <= case.now:
        case.failed("signature", "signature.expired", date=timestamp(expires))
        return None
    found = _found(case, members.identifier(proof.get("verificationMethod")))
    if found is None:
        return None
    try:
        right = is_proved(credential, proof, found.key, case.contexts)
    except UnknownContext as error:
        case.not_possible("signature", "signature.doubtful", reason=error.words)
        return None
    except (Unfit, Unreadable) as error:
        case.failed("signature", "signature.doubtful", reason=error.words)
        return None
    if not right:
        case.failed("signature", "signature.wrong")
        return None
    return found


def prove_token(case: Case, token: Token, credential: Document) -> None:
    """Check a token's signature and whose key it is."""
    if token.algorithm not in ALGORITHMS:
        case.not_possible("signature", "signature.unsupported", algorithm=token.algorithm[:80] or "?")
        return
    reference = members.text(token.header, "kid")
    issuer = members.identifier(credential.get("issuer"))
    if "jwk" in token.header and not reference.startswith(("did:", "http")):
        _prove_embedded(case, token, credential)
        return
    if reference.startswith("#"):
        reference = issuer + reference
    found = _found(case, reference)
    if found is None:
        return
    if not is_signed_by(token, found.key):
        case.failed("signature", "signature.wrong")
        return
    case.passed("signature", "signature.ok", algorithm=token.algorithm)
    _examine_owner(case, credential, found)


def _prove_embedded(case: Case, token: Token, credential: Document) -> None:
    """Check a token that brings its key: that proves nothing by itself, the issuer's own document must list it."""
    try:
        key = PublicKey.of_jwk(token.header["jwk"])
    except Unreadable as error:
        case.failed("signature", "signature.key_unusable", url="jwk", reason=error.words)
        return
    if not is_signed_by(token, key):
        case.failed("signature", "signature.wrong")
        return
    case.passed("signature", "signature.ok", algorithm=token.algorithm)
    issuer = members.identifier(credential.get("issuer"))
    try:
        if lists_key(issuer, key, case.visits):
            case.passed("issuer", "issuer.key_owned", name=_name(credential), id=issuer)
        else:
            case.failed("issuer", "issuer.key_foreign", owner="?", id=issuer)
    except (CannotFetch, NotServed, Unreadable):
        case.not_possible("issuer", "signature.embedded_key")


def _found(case: Case, reference: str) -> FoundKey | None:
    """Find a key; None where that was not possible, which is recorded."""
    if not reference:
        case.failed("signature", "signature.key_unusable", url="?", reason="")
        return None
    return look_up_key(case, reference, lambda: find_key(reference, case.visits))


def _examine_owner(case: Case, credential: Document, found: FoundKey) -> None:
    issuer = members.identifier(credential.get("issuer"))
    if not issuer:
        case.failed("issuer", "issuer.unknown")
    elif found.belongs_to(issuer):
        case.passed("issuer", "issuer.key_owned", name=_name(credential), id=issuer)
    else:
        case.failed("issuer", "issuer.key_foreign", owner=found.controller or found.host, id=issuer)


def _name(credential: Document) -> str:
    issuer = members.part(credential, "issuer")
    return members.text(issuer, "name") or members.identifier(credential.get("issuer"))
