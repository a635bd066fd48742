"""Reading what a 3.0 credential says, from documents that others wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.examining import members
from portal.openbadges.model import Alignment, Evidence

if TYPE_CHECKING:
    from portal.openbadges.documents import Document


def content_of(credential: Document) -> Document:
    """Read the badge's content, as arguments of `BadgeContent`."""
    subject = members.part(credential, "credentialSubject")
    achievement = members.part(subject, "achievement")
    criteria, image = members.part(achievement, "criteria"), members.part(achievement, "image")
    return {
        "name": members.text(achievement, "name") or members.text(credential, "name"),
        "description": members.text(achievement, "description"),
        "criteria": members.text(criteria, "narrative"),
        "criteria_url": members.identifier(criteria),
        "image_alt": members.text(image, "caption"),
        "tags": tuple(members.texts(achievement.get("tag"))),
        "alignments": tuple(_alignment(item) for item in members.objects(achievement.get("alignment"))),
        "language": members.text(achievement, "inLanguage"),
        "achievement_type": members.text(achievement, "achievementType"),
        "narrative": members.text(subject, "narrative"),
        "results": tuple(members.text(item, "value") for item in members.objects(subject.get("result"))),
        "evidence": tuple(_evidence(item) for item in members.objects(credential.get("evidence"))),
        "badge_id": members.identifier(achievement),
        "endorsements": tuple(members.objects(achievement.get("endorsement"))),
        **issuer_of(credential),
    }


def endorsement_of(credential: Document) -> Document:
    """Read an endorsement: its comment stands as description, what it endorses as `badge_id`."""
    subject = members.part(credential, "credentialSubject")
    return {
        "name": members.text(credential, "name") or "Endorsement",
        "description": members.text(subject, "endorsementComment"),
        "badge_id": members.identifier(subject),
        **issuer_of(credential),
    }


def issuer_of(credential: Document) -> Document:
    """Read who issued a credential; a bare identifier stands for the name too."""
    issuer = members.part(credential, "issuer")
    identifier = members.identifier(credential.get("issuer"))
    return {
        "issuer_id": identifier,
        "issuer_name": members.text(issuer, "name") or identifier,
        "issuer_url": members.text(issuer, "url"),
        "issuer_email": members.text(issuer, "email"),
        "issuer_description": members.text(issuer, "description"),
        "issuer_image_url": members.identifier(issuer.get("image")),
    }


def identities_of(credential: Document) -> list[Document]:
    """List the recipient's identities by e-mail address, in the form that 2.0 gives them."""
    subject = members.part(credential, "credentialSubject")
    found: list[Document] = [
        {
            "identity": members.text(item, "identityHash"),
            "hashed": item.get("hashed"),
            "salt": members.text(item, "salt"),
        }
        for item in members.objects(subject.get("identifier"))
        if members.text(item, "identityType") == "emailAddress"
    ]
    plain = [members.identifier(subject), members.text(subject, "email")]
    return found + [
        {"identity": text, "hashed": False} for text in plain if "@" in text and not text.startswith("did:")
    ]


def _alignment(item: Document) -> Alignment:
    return Alignment(
        name=members.text(item, "targetName"),
        url=members.text(item, "targetUrl"),
        framework=members.text(item, "targetFramework"),
        code=members.text(item, "targetCode"),
        description=members.text(item, "targetDescription"),
    )


def _evidence(item: Document) -> Evidence:
    return Evidence(
        url=members.identifier(item),
        name=members.text(item, "name"),
        description=members.text(item, "description"),
        narrative=members.text(item, "narrative"),
        genre=members.text(item, "genre"),
    )
