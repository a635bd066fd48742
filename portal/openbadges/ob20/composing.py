"""Composing the documents of Open Badges 2.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.documents import Document, identity_hash, timestamp, without_empty

if TYPE_CHECKING:
    from portal.openbadges import model

CONTEXT = "https://w3id.org/openbadges/v2"


def assertion(source: model.Assertion) -> Document:
    """Compose the hosted assertion (Open Badges 2.0, Assertion), to be served at `source.id`."""
    return {"id": source.id, **_assertion(source), "verification": {"type": "HostedBadge"}}


def signed_payload(source: model.Assertion) -> Document:
    """Compose the assertion that a signature covers (Open Badges 2.0, Signed Badges); it names the issuer's key."""
    issuer = source.badge.issuer
    return {
        "id": source.id_signed,
        **_assertion(source),
        "verification": {"type": "SignedBadge", "creator": issuer.public_key_id},
    }


def _assertion(source: model.Assertion) -> Document:
    return without_empty(
        {
            "@context": CONTEXT,
            "type": "Assertion",
            "recipient": {
                "type": "email",
                "hashed": True,
                "salt": source.recipient.salt,
                "identity": identity_hash(source.recipient.address, source.recipient.salt),
            },
            "badge": source.badge.id,
            "issuedOn": timestamp(source.issued_at),
            "expires": timestamp(source.expires_at) if source.expires_at else "",
            "image": source.image_url,
            "evidence": [_evidence(item) for item in source.evidence],
            "narrative": source.narrative,
        },
    )


def _evidence(source: model.Evidence) -> Document:
    return without_empty(
        {
            "type": "Evidence",
            "id": source.url,
            "name": source.name,
            "description": source.description,
            "narrative": source.narrative,
            "genre": source.genre,
        },
    )


def badge_class(source: model.BadgeClass) -> Document:
    """Compose the badge class (Open Badges 2.0, BadgeClass), to be served at `source.id`."""
    image: Document | str = source.image_url
    if source.image_alt:
        image = {"type": "Image", "id": source.image_url, "caption": source.image_alt}
    return without_empty(
        {
            "@context": CONTEXT,
            "type": "BadgeClass",
            "id": source.id,
            "name": source.name,
            "description": source.description,
            "image": image,
            "criteria": without_empty({"id": source.criteria_url, "narrative": source.criteria}),
            "issuer": source.issuer.id,
            "tags": list(source.tags),
            "alignment": [_alignment(item) for item in source.alignments],
            "@language": source.language,
            "version": source.version,
            "related": [
                without_empty({"id": item.id, "@language": item.language, "version": item.version})
                for item in source.related
            ],
        },
    )


def _alignment(source: model.Alignment) -> Document:
    return without_empty(
        {
            "type": "AlignmentObject",
            "targetName": source.name,
            "targetUrl": source.url,
            "targetDescription": source.description,
            "targetFramework": source.framework,
            "targetCode": source.code,
        },
    )


def profile(source: model.Profile) -> Document:
    """Compose the issuer (Open Badges 2.0, Profile), to be served at `source.id`."""
    return without_empty(
        {
            "@context": CONTEXT,
            "type": "Profile",
            "id": source.id,
            "name": source.name,
            "url": source.url,
            "email": source.email,
            "description": source.description,
            "image": source.image_url,
            "publicKey": source.public_key_id,
            "revocationList": source.revocation_list,
        },
    )


def revoked(source: model.Assertion, reason: str) -> Document:
    """Compose what a revoked assertion's address answers with status 410 (Open Badges 2.0, Revoking): a bare stub."""
    return without_empty(
        {"@context": CONTEXT, "type": "Assertion", "id": source.id, "revoked": True, "revocationReason": reason},
    )
