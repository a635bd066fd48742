"""Endorsements of Open Badges 2.0: what somebody says of a badge class, an issuer or an award of somebody else.

Source: Open Badges 2.0, Endorsement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.documents import Document, stable_bytes, timestamp, without_empty
from portal.openbadges.examining import members
from portal.openbadges.ob20.composing import CONTEXT

if TYPE_CHECKING:
    from datetime import datetime

    from portal.openbadges import model
    from portal.openbadges.keys import RsaPair

KIND = "Endorsement"


def endorsement(
    source: model.Profile, *, identifier: str, endorsed: str, comment: str, issued_at: datetime
) -> Document:
    """Compose a hosted Endorsement, to be served at `identifier`: `source` says `comment` about the id `endorsed`."""
    said = _endorsement(source, identifier, endorsed, comment, issued_at)
    return {**said, "verification": {"type": "HostedBadge"}}


def sign_endorsement(
    source: model.Profile, pair: RsaPair, *, identifier: str, endorsed: str, comment: str, issued_at: datetime
) -> str:
    """Compose and sign an Endorsement as a compact JWS, RS256; the issuer's `public_key_id` is needed."""
    said = _endorsement(source, identifier, endorsed, comment, issued_at)
    return pair.sign_jws(
        stable_bytes({**said, "verification": {"type": "SignedBadge", "creator": source.public_key_id}})
    )


def _endorsement(source: model.Profile, identifier: str, endorsed: str, comment: str, issued_at: datetime) -> Document:
    return {
        "@context": CONTEXT,
        "type": KIND,
        "id": identifier,
        "issuer": source.id,
        "issuedOn": timestamp(issued_at),
        "claim": without_empty({"id": endorsed, "endorsementComment": comment}),
    }


def is_endorsement(document: Document) -> bool:
    """Whether a 2.0 document is an endorsement rather than a badge."""
    return KIND in members.types(document)
