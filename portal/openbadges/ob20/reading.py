"""Reading what a 2.0 badge says, from documents that others wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.examining import members
from portal.openbadges.model import Alignment, Evidence

if TYPE_CHECKING:
    from portal.openbadges.documents import Document


def content_of(document: Document, badge: Document, issuer: Document) -> Document:
    """Read the badge's content, as arguments of `BadgeContent`."""
    criteria = badge.get("criteria")
    image = members.part(badge, "image")
    return {
        "name": members.text(badge, "name"),
        "description": members.text(badge, "description"),
        "criteria": members.text(members.part(badge, "criteria"), "narrative"),
        "criteria_url": members.identifier(criteria),
        "image_alt": members.text(image, "caption"),
        "tags": tuple(members.texts(badge.get("tags"))),
        "alignments": tuple(_alignment(item) for item in members.objects(badge.get("alignment"))),
        "language": members.text(badge, "@language"),
        "narrative": members.text(document, "narrative"),
        "evidence": tuple(_evidence(item) for item in members.listed(document.get("evidence"))),
        "badge_id": members.identifier(badge),
        **_issuer(issuer),
    }


def endorsement_of(document: Document, issuer: Document) -> Document:
    """Read an endorsement: its comment stands as description, what it endorses as `badge_id`."""
    claim = members.part(document, "claim")
    return {
        "name": "Endorsement",
        "description": members.text(claim, "endorsementComment"),
        "badge_id": members.identifier(claim),
        **_issuer(issuer),
    }


def _issuer(issuer: Document) -> Document:
    return {
        "issuer_id": members.identifier(issuer),
        "issuer_name": members.text(issuer, "name"),
        "issuer_url": members.text(issuer, "url"),
        "issuer_email": members.text(issuer, "email"),
        "issuer_description": members.text(issuer, "description"),
        "issuer_image_url": members.identifier(issuer.get("image")),
    }


def _alignment(item: Document) -> Alignment:
    return Alignment(
        name=members.text(item, "targetName", "name"),
        url=members.text(item, "targetUrl", "url"),
        framework=members.text(item, "targetFramework"),
        code=members.text(item, "targetCode"),
        description=members.text(item, "targetDescription", "description"),
    )


def _evidence(item: object) -> Evidence:
    if not isinstance(item, dict):
        return Evidence(url=members.identifier(item))
    return Evidence(
        url=members.identifier(item),
        name=members.text(item, "name"),
        description=members.text(item, "description"),
        narrative=members.text(item, "narrative"),
        genre=members.text(item, "genre"),
    )
