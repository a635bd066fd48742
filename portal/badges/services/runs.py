"""A run of awards that are alike: the same badge, given at the same moment; only who, where and until when differ.

Everything is composed once, with marks where awards differ, and filled for each: signing is what is left of the work. The
first award of every run is composed and signed by itself as well, and compared; where it differs, all are.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from portal.badges import addresses
from portal.badges.composing import as_credential, assertion_of, signed_id
from portal.badges.models import Award, BadgeClass
from portal.badges.services.signing import Desk, compose, sign_at
from portal.openbadges import ob30
from portal.openbadges.documents import identity_hash, stable_bytes, timestamp
from portal.openbadges.model import StatusEntry
from portal.openbadges.moulds import TextMould, are_plain
from portal.openbadges.ob20.composing import signed_payload
from portal.openbadges.ob30.data_integrity import SignedMould
from portal.openbadges.ob30.jwt import claims_of

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)
_ID, _SALT, _ADDRESS = "laurelMarkOfThePublicI", "laurel-mark-salt", "mark@laurel.invalid"
_SUBJECT, _EVIDENCE, _LIST = (
    "urn:laurel:mark-subject",
    "https://laurel.invalid/mark-evidence",
    "https://laurel.invalid/mark-list",
)
_INDEX = 987_654_321_987
_ENDS = datetime(9999, 12, 31, 23, 59, 58, tzinfo=UTC)


class Documents(NamedTuple):
    """The five forms of one award."""

    v1: bytes
    v2: bytes
    signed: bytes
    v3: bytes
    v3_jwt: bytes


class Who(NamedTuple):
    """What differs from award to award of a run."""

    public_id: str
    address: str
    salt: str
    subject_id: str
    evidence_url: str
    expires_at: datetime | None
    list_url: str
    place: int


@dataclass
class Run:
    """The moulds of one run."""

    desk: Desk
    kid: str
    marks: tuple[str, ...]
    v1: TextMould
    v2: TextMould
    payload: TextMould
    claims: TextMould
    credential: SignedMould
    checked: bool = False

    def documents(self, who: Who) -> Documents | None:
        """Compose and sign the forms of one award; None where it has to be done by itself."""
        values = dict(zip(self.marks, _said(who), strict=True))
        if not are_plain(value for value in values.values() if value):
            return None
        credential = self.credential.sign(values)
        if credential is None:
            return None
        pair = self.desk.token.pair
        return Documents(
            self.v1.fill(values).encode(),
            self.v2.fill(values).encode(),
            pair.sign_jws(self.payload.fill(values).encode()).encode(),
            credential,
            pair.sign_jws(self.claims.fill(values).encode(), kid=self.kid, typ="JWT").encode(),
        )


def _said(who: Who) -> tuple[str, ...]:
    """Return all that differs, as documents say it; what follows from it too."""
    return (
        who.public_id,
        signed_id(who.public_id),
        identity_hash(who.address, who.salt),
        who.salt,
        who.subject_id,
        who.evidence_url,
        who.list_url,
        str(who.place),
        *_end(who.expires_at),
    )


@lru_cache(maxsize=1_024)
def _end(moment: datetime | None) -> tuple[str, str]:
    """Return an end as the badge and as the token says it: awards of one moment often end at one moment."""
    return (timestamp(moment), str(int(moment.timestamp()))) if moment else ("", "")


def open_run(desk: Desk, badge: BadgeClass, *, evidence: bool, ends: bool) -> Run | None:
    """Make the moulds of the awards of a badge, with or without evidence and an end; None where they cannot be moulded."""
    who = Who(_ID, _ADDRESS, _SALT, _SUBJECT, _EVIDENCE if evidence else "", _ENDS if ends else None, _LIST, _INDEX)
    row = draft(who, desk, badge)
    hosted = compose(row, desk)
    _plain, signed_class, achievement = desk.said(badge)
    credential = ob30.credential(as_credential(hosted, achievement, StatusEntry(list_url=_LIST, index=_INDEX)))
    marks = _said(Who(_ID, _ADDRESS, _SALT, _SUBJECT, _EVIDENCE, _ENDS, _LIST, _INDEX))
    if achievement.endorsement_tokens:
        return None
    moulded = desk.proof.signer.mould(credential, created=desk.moment, marks=marks)
    if moulded is None:
        return None
    said = assertion_of(row, signed_class)
    texts = (row.document_v1, row.document_v2, stable_bytes(signed_payload(said)), stable_bytes(claims_of(credential)))
    v1, v2, payload, claims = (TextMould(text.decode(), marks) for text in texts)
    return Run(desk, addresses.key_jwk(desk.token.public_id), marks, v1, v2, payload, claims, moulded)


def draft(who: Who, desk: Desk, badge: BadgeClass) -> Award:
    """Make an award that belongs to no session, as `compose` and `sign_at` want it."""
    return Award(
        public_id=who.public_id,
        badge_class_id=badge.id,
        badge_class=badge,
        recipient_address=who.address,
        salt=who.salt,
        issued_at=desk.moment,
        expires_at=who.expires_at,
        evidence_url=who.evidence_url,
        subject_id=who.subject_id,
    )


def one_by_itself(who: Who, desk: Desk, badge: BadgeClass) -> Documents:
    """Compose and sign the forms of one award in the ordinary way; raises Refused as `sign_at` does."""
    row = draft(who, desk, badge)
    sign_at(desk, row, compose(row, desk), StatusEntry(list_url=who.list_url, index=who.place))
    signed, v3, v3_jwt = (body or b"" for body in (row.document_signed, row.document_v3, row.document_v3_jwt))
    return Documents(row.document_v1, row.document_v2, signed, v3, v3_jwt)


class Runs:
    """The runs of one batch: whatever cannot be moulded is composed and signed by itself."""

    def __init__(self, desk: Desk) -> None:
        """Begin without any."""
        self._desk = desk
        self._runs: dict[Sequence[object], Run | None] = {}

    def documents(self, who: Who, badge: BadgeClass) -> Documents:
        """Return the forms of one award; raises Refused for texts that a safe verifier would not accept."""
        key = (badge.id, bool(who.evidence_url), who.expires_at is not None)
        if key not in self._runs:
            self._runs[key] = open_run(self._desk, badge, evidence=bool(who.evidence_url), ends=key[2])
        run = self._runs[key]
        quick = run.documents(who) if run else None
        if run is None or quick is None:
            return one_by_itself(who, self._desk, badge)
        if not run.checked:
            slow = one_by_itself(who, self._desk, badge)
            if slow != quick:
                log.error("A moulded award differs from one that is composed by itself: none of this run is moulded.")
                self._runs[key] = None
                return slow
            run.checked = True
        return quick
