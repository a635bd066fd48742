"""What verifiers need of the issuer: its DID document, its keys, and the 2.0 list of revoked badges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.badges import addresses, services
from portal.badges.blueprint import bp
from portal.badges.services import keys, revocations
from portal.badges.views import answers
from portal.badges.views.answers import DID, JSON, JWK, LD_JSON
from portal.openbadges import ob20
from portal.openbadges.documents import Document, stable_bytes
from portal.openbadges.keys import PublicKey
from portal.web.stamps import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

A_MINUTE = 60


@bp.get("/.well-known/did.json")
@public
def did() -> ResponseReturnValue:
    """Answer with the issuer's DID document, which lists present and former keys."""
    kind = answers.wanted(DID, "application/did+json", LD_JSON, JSON)
    if not keys.all_keys():
        return answers.missing(varies=True)
    return answers.document(stable_bytes(keys.did()), kind, varies=True, seconds=A_MINUTE)


@bp.get("/badges/keys/<public_id>")
@public
def key(public_id: str) -> ResponseReturnValue:
    """Answer with an RSA key as a 2.0 CryptographicKey."""
    return _key(public_id, jwk=False)


@bp.get("/badges/keys/<public_id>.jwk")
@public
def key_jwk(public_id: str) -> ResponseReturnValue:
    """Answer with an RSA key as a bare JWK, which the header of a VC-JWT names."""
    return _key(public_id, jwk=True)


def _key(public_id: str, *, jwk: bool) -> ResponseReturnValue:
    row = keys.key_by_public_id(public_id)
    if row is None or row.kind != keys.TOKEN:
        return answers.missing()
    if row.compromised_at is not None:
        return answers.gone(stable_bytes({"error": "This key was compromised. What it signed does not count."}), JSON)
    public_key = PublicKey.of_pem(row.public_pem)
    if jwk:
        return answers.document(stable_bytes(public_key.jwk()), JWK, seconds=A_MINUTE)
    said: Document = ob20.cryptographic_key(addresses.key(public_id), addresses.issuer(), public_key)
    return answers.document(stable_bytes(said), answers.wanted(LD_JSON, JSON), varies=True, seconds=A_MINUTE)


@bp.get("/badges/revocations")
@public
def revocation_list() -> ResponseReturnValue:
    """Answer with the 2.0 list of signed badges that do not stand any more."""
    if services.issuer() is None:
        return answers.missing(varies=True)
    body = stable_bytes(revocations.revocation_list())
    return answers.document(body, answers.wanted(LD_JSON, JSON), varies=True, seconds=A_MINUTE)
