"""The signed forms of an award: 2.0 as a JWS, 3.0 with a Data Integrity proof and as a VC-JWT."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.badges import addresses
from portal.badges.composing import achievement_of, as_credential, assertion_of, class_of, profile_of
from portal.badges.models import UNSIGNED, Award, BadgeClass, IssuerProfile
from portal.badges.services.endorsements import carried
from portal.badges.services.keys import ProofKey, TokenKey, proof_key, token_key
from portal.badges.services.statuses import take_place
from portal.core import clock
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.openbadges import model, ob11, ob20, ob30
from portal.openbadges.documents import stable_bytes
from portal.openbadges.errors import Unfit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.badges.models import Endorsement
    from portal.openbadges.model import StatusEntry


@dataclass(frozen=True)
class Desk:
    """What signs at one moment: the keys, the issuer as it stands, and what each badge class says, composed once.

    A desk asks the database nothing any more, so many awards can be signed at it outside of a transaction.
    """

    proof: ProofKey
    token: TokenKey
    issuer: model.Profile
    moment: datetime
    endorsements: Mapping[int, Sequence[Endorsement]]
    _said: dict[int, tuple[model.BadgeClass, model.BadgeClass, model.BadgeClass]] = field(default_factory=dict)

    def said(self, row: BadgeClass) -> tuple[model.BadgeClass, model.BadgeClass, model.BadgeClass]:
        """Return a badge class as hosted 2.0, signed 2.0 and 3.0 name it."""
        if row.id not in self._said:
            going_along = self.endorsements.get(row.id, ())
            achievement = achievement_of(row, self.issuer, going_along)
            self._said[row.id] = (class_of(row), class_of(row, self.issuer), achievement)
        return self._said[row.id]


def open_desk(issuer: IssuerProfile) -> Desk:
    """Return what signs now; reads the keys, and the endorsements that go along."""
    token = token_key()
    return Desk(proof_key(), token, profile_of(issuer, token.public_id), clock.now(), carried())


def compose(row: Award, desk: Desk) -> model.Assertion:
    """Compose the hosted forms of an award, 1.1 and 2.0; return what they say."""
    said = assertion_of(row, desk.said(row.badge_class)[0])
    row.document_v1 = stable_bytes(ob11.assertion(said))
    row.document_v2 = stable_bytes(ob20.assertion(said))
    return said


def sign_at(desk: Desk, row: Award, hosted: model.Assertion, status: StatusEntry) -> None:
    """Compose and sign the three signed forms of an award that says what its hosted form does.

    Raises Refused for texts that a safe verifier would not accept. (Open Badges 2.0, Signed Badges; 3.0, sections 8.2
    and 8.3.)
    """
    _hosted, signed_class, achievement = desk.said(row.badge_class)
    said = as_credential(hosted, achievement, status)
    address = addresses.key_jwk(desk.token.public_id)
    try:
        credential = ob30.credential(said)
        row.document_v3 = stable_bytes(desk.proof.signer.sign(credential, created=desk.moment))
        if achievement.endorsement_tokens:  # the contexts do not know the member, so no proof may cover it
            credential = ob30.credential(said, with_tokens=True)
        row.document_v3_jwt = ob30.sign_jwt(credential, desk.token.pair, key_address=address).encode()
    except Unfit as error:
        raise Refused(_(error.text, **error.params)) from error
    row.document_signed = ob20.sign(replace(hosted, badge=signed_class), desk.token.pair).encode()
    row.proof_key_id, row.token_key_id, row.signed_at = desk.proof.id, desk.token.id, desk.moment


def sign(row: Award, issuer: IssuerProfile, desk: Desk | None = None) -> None:
    """Sign an award once: what was signed never changes. Raises Refused as `sign_at` does."""
    if row.signed_at is None:
        desk = desk or open_desk(issuer)
        hosted = assertion_of(row, desk.said(row.badge_class)[0])
        sign_at(desk, row, hosted, take_place(row))


def unsigned(limit: int) -> list[Award]:
    """Return awards that were made before there were signed forms; one without a recipient stays as it is."""
    statement = select(Award).where(UNSIGNED, Award.recipient_address.is_not(None)).order_by(Award.id).limit(limit)
    return list(session().scalars(statement.with_for_update(skip_locked=True, of=Award)))
