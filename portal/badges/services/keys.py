"""The issuer's keys: made when first needed, rotated, and marked when somebody else may have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from flask import current_app
from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from portal.badges import addresses
from portal.badges.models import ACTIVE, Award, SigningKey
from portal.core import clock, crypto, ids
from portal.core.db import session
from portal.openbadges import ob30
from portal.openbadges.keys import Ed25519Pair, PublicKey, RsaPair
from portal.openbadges.keys.did import PublishedKey, did_document, key_id

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.openbadges.documents import Document

PROOF, TOKEN = "Ed25519", "RSA"
_EXTENSION = "laurel_signing_keys"


@dataclass(frozen=True)
class ProofKey:
    """The key that makes Data Integrity proofs."""

    id: int
    signer: ob30.Signer


@dataclass(frozen=True)
class TokenKey:
    """The key that signs tokens: 2.0 signed badges and VC-JWTs."""

    id: int
    public_id: str
    pair: RsaPair


def ensure_keys() -> list[SigningKey]:
    """Return the two keys that sign now, making what is missing; flushed."""
    return [_active(PROOF), _active(TOKEN)]


def _active(kind: str) -> SigningKey:
    found = session().scalar(select(SigningKey).where(SigningKey.kind == kind, ACTIVE))
    if found is not None:
        return found
    row = _made(kind)
    try:
        with session().begin_nested():
            session().add(row)
    except IntegrityError:
        return session().scalars(select(SigningKey).where(SigningKey.kind == kind, ACTIVE)).one()
    return row


def _made(kind: str) -> SigningKey:
    pair: Ed25519Pair | RsaPair = Ed25519Pair.generate() if kind == PROOF else RsaPair.generate()
    return SigningKey(
        public_id=ids.public_id(),
        kind=kind,
        private_pem=crypto.encrypt(pair.pem().encode()),
        public_pem=pair.public.pem(),
        made_at=clock.now(),
    )


def _kept() -> dict[int, Any]:
    return cast("dict[int, Any]", current_app.extensions.setdefault(_EXTENSION, {}))


def _pem(row: SigningKey) -> str:
    return crypto.decrypt(row.private_pem).decode()


def proof_key() -> ProofKey:
    """Return the Ed25519 key that signs now; decrypted once for each process, with its prepared shapes."""
    row = _active(PROOF)
    kept = _kept()
    if row.id not in kept:
        pair = Ed25519Pair.of_pem(_pem(row))
        kept[row.id] = ProofKey(row.id, ob30.Signer(pair, key_id(addresses.did(), pair.public)))
    return cast("ProofKey", kept[row.id])


def token_key() -> TokenKey:
    """Return the RSA key that signs now; decrypted once for each process."""
    row = _active(TOKEN)
    kept = _kept()
    if row.id not in kept:
        kept[row.id] = TokenKey(row.id, row.public_id, RsaPair.of_pem(_pem(row)))
    return cast("TokenKey", kept[row.id])


def rotate() -> list[SigningKey]:
    """Retire the two keys that sign now and make new ones; the old ones stay published and verify what they signed."""
    for row in ensure_keys():
        row.retired_at = clock.now()
    session().flush()
    return ensure_keys()


def mark_compromised(row: SigningKey) -> None:
    """Say that somebody else may have a key: what it signed does not verify any more. An active one is retired first.

    The did document keeps listing it, but not among the keys that may assert.
    """
    row.retired_at = row.retired_at or clock.now()
    row.compromised_at = row.compromised_at or clock.now()
    session().flush()


def all_keys() -> list[SigningKey]:
    """Return every key there ever was, the newest first."""
    return list(session().scalars(select(SigningKey).order_by(SigningKey.id.desc())))


def key_by_public_id(public_id: str) -> SigningKey | None:
    """Return the key of a public id, or None."""
    return session().scalar(select(SigningKey).where(SigningKey.public_id == public_id))


def awards_signed_with(row: SigningKey) -> Select[Any]:
    """Return a SELECT of the awards that a key signed, the newest first."""
    return (
        select(Award)
        .where(or_(Award.proof_key_id == row.id, Award.token_key_id == row.id))
        .order_by(Award.issued_at.desc(), Award.id.desc())
    )


def counts_by_key() -> dict[int, int]:
    """Return how many awards each key signed, by its inner number."""
    found: dict[int, int] = {}
    for column in (Award.proof_key_id, Award.token_key_id):
        rows = session().execute(select(column, func.count()).where(column.is_not(None)).group_by(column))
        found.update({int(key): number for key, number in rows if key is not None})
    return found


def did() -> Document:
    """Compose the issuer's DID document with its present and former keys (Open Badges 3.0; did:web)."""
    keys = [PublishedKey(PublicKey.of_pem(row.public_pem), row.compromised_at is None) for row in all_keys()]
    return did_document(addresses.did(), keys, also_known_as=(addresses.issuer(),))


def token_key_addresses() -> list[str]:
    """Return the addresses of the RSA keys whose signatures count, the one that signs now first."""
    rows = session().scalars(
        select(SigningKey.public_id)
        .where(SigningKey.kind == TOKEN, SigningKey.compromised_at.is_(None))
        .order_by(SigningKey.id.desc())
    )
    return [addresses.key(public_id) for public_id in rows]
