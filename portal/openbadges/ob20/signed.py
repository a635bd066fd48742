"""Signed badges of Open Badges 2.0: a compact JWS with RS256, the issuer's key, and the list of revoked ones."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from portal.openbadges.documents import Document, stable_bytes
from portal.openbadges.ob20.composing import CONTEXT, signed_payload

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.openbadges import model
    from portal.openbadges.keys import PublicKey, RsaPair

_LEAST_ENTRIES = 2


def sign(source: model.Assertion, pair: RsaPair) -> str:
    """Sign an assertion (Open Badges 2.0, Signed Badges); `source.id_signed` and the issuer's `public_key_id` are needed."""
    return pair.sign_jws(stable_bytes(signed_payload(source)))


def cryptographic_key(address: str, owner: str, key: PublicKey) -> Document:
    """Compose the key (Open Badges 2.0, CryptographicKey), to be served at `address`; `owner` is the Profile's address."""
    return {
        "@context": CONTEXT,
        "type": "CryptographicKey",
        "id": address,
        "owner": owner,
        "publicKeyPem": key.pem(),
    }


def revocation_list(address: str, issuer: str, revoked: Iterable[tuple[str, str]]) -> Document:
    """Compose the list of revoked signed badges (Open Badges 2.0, RevocationList), to be served at `address`.

    `revoked` gives each assertion's `id_signed` and the reason. The list never has fewer than two entries, since a
    widespread validator overlooks a revoked badge in a list of one: names that no badge has fill it up.
    """
    entries: list[Document] = [
        {"id": name, "revocationReason": reason} if reason else {"id": name} for name, reason in revoked
    ]
    fill = _LEAST_ENTRIES - len(entries)
    entries += [{"id": uuid.uuid5(uuid.NAMESPACE_URL, f"{address}#{n}").urn} for n in range(fill)]
    return {
        "@context": CONTEXT,
        "type": "RevocationList",
        "id": address,
        "issuer": issuer,
        "revokedAssertions": entries,
    }
