"""The signed forms of an award: 2.0 as a JWS, 3.0 with a Data Integrity proof and as a VC-JWT."""

from __future__ import annotations

from sqlalchemy import select

from portal.badges import addresses
from portal.badges.composing import achievement_of, assertion_of, class_of, credential_of, profile_of
from portal.badges.models import UNSIGNED, Award, IssuerProfile
from portal.badges.services.keys import proof_key, token_key
from portal.badges.services.statuses import take_place
from portal.core import clock
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.openbadges import ob20, ob30
from portal.openbadges.documents import stable_bytes
from portal.openbadges.errors import Unfit


def sign(row: Award, issuer: IssuerProfile) -> None:
    """Compose and sign the three signed forms of an award, once: what was signed never changes.

    Raises Refused for texts that a safe verifier would not accept. (Open Badges 2.0, Signed Badges; 3.0, sections 8.2
    and 8.3.)
    """
    if row.signed_at is not None:
        return
    proof, token = proof_key(), token_key()
    profile = profile_of(issuer, token.public_id)
    status = take_place(row)
    said = credential_of(row, achievement_of(row.badge_class, profile), status)
    moment = clock.now()
    try:
        credential = ob30.credential(said)
        row.document_v3 = stable_bytes(proof.signer.sign(credential, created=moment))
        row.document_v3_jwt = ob30.sign_jwt(
            credential, token.pair, key_address=addresses.key_jwk(token.public_id)
        ).encode()
    except Unfit as error:
        raise Refused(_(error.text, **error.params)) from error
    row.document_signed = ob20.sign(assertion_of(row, class_of(row.badge_class, profile)), token.pair).encode()
    row.proof_key_id, row.token_key_id, row.signed_at = proof.id, token.id, moment


def unsigned(limit: int) -> list[Award]:
    """Return awards that were made before there were signed forms; one without a recipient stays as it is."""
    statement = select(Award).where(UNSIGNED, Award.recipient_address.is_not(None)).order_by(Award.id).limit(limit)
    return list(session().scalars(statement.with_for_update(skip_locked=True, of=Award)))
