"""Composing the three hosted documents of Open Badges 1.1.

A Mozilla Backpack refuses a document with one member that it does not understand in the way it expects, so nothing
of 2.0 is mixed in here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal.openbadges.documents import Document, identity_hash, timestamp, without_empty

if TYPE_CHECKING:
    from portal.openbadges import model

CONTEXT = "https://w3id.org/openbadges/v1"


def assertion(source: model.Assertion) -> Document:
    """Compose the hosted assertion (Open Badges 1.1, Assertion), to be served at `source.id_v1`."""
    evidence = next((item.url for item in source.evidence if item.url), "")
    return without_empty(
        {
            "@context": CONTEXT,
            "type": "Assertion",
            "id": source.id_v1,
            "uid": source.uid or urlsplit(source.id).path.rstrip("/").rpartition("/")[2],
            "recipient": {
                "type": "email",
                "hashed": True,
                "salt": source.recipient.salt,
                "identity": identity_hash(source.recipient.address, source.recipient.salt),
            },
            "badge": source.badge.id_v1,
            "verify": {"type": "hosted", "url": source.id_v1},
            "issuedOn": timestamp(source.issued_at),
            "expires": timestamp(source.expires_at) if source.expires_at else "",
            "image": source.image_url,
            "evidence": evidence,
        },
    )


def badge_class(source: model.BadgeClass) -> Document:
    """Compose the badge class (Open Badges 1.1, BadgeClass), to be served at `source.id_v1`."""
    return without_empty(
        {
            "@context": CONTEXT,
            "type": "BadgeClass",
            "id": source.id_v1,
            "name": source.name,
            "description": source.description,
            "image": source.image_url,
            "criteria": source.criteria_url,
            "issuer": source.issuer.id_v1,
            "tags": list(source.tags),
            "alignment": [
                without_empty({"name": item.name, "url": item.url, "description": item.description})
                for item in source.alignments
            ],
        },
    )


def issuer(source: model.Profile) -> Document:
    """Compose the issuer (Open Badges 1.1, IssuerOrganization), to be served at `source.id_v1`."""
    return without_empty(
        {
            "@context": CONTEXT,
            "type": "Issuer",
            "id": source.id_v1,
            "name": source.name,
            "url": source.url_v1 or source.url,
            "email": source.email,
            "description": source.description,
            "image": source.image_url,
        },
    )


def revoked(source: model.Assertion, reason: str) -> Document:
    """Compose what a revoked assertion's address answers with status 410: nothing personal is left in it."""
    return without_empty(
        {"@context": CONTEXT, "type": "Assertion", "id": source.id_v1, "revoked": True, "revocationReason": reason},
    )
