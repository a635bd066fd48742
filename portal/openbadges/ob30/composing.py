"""Composing the credentials of Open Badges 3.0, before they are signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.documents import Document, identity_hash, timestamp, without_empty
from portal.openbadges.ob30.contexts import CREDENTIALS_V2, EXTENSIONS, OPEN_BADGES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portal.openbadges import model

_CONTEXTS = [CREDENTIALS_V2, OPEN_BADGES]


def credential(
    source: model.Assertion, *, endorsement_tokens: Sequence[str] = (), with_tokens: bool = False
) -> Document:
    """Compose an OpenBadgeCredential (Open Badges 3.0, section B.1.1), unsigned.

    Needed beyond 2.0 are `id_v3` of the assertion and badge class, the issuer's `did` and `subject_id`.
    `endorsement_tokens` are endorsements of the award as JWTs; `with_tokens` also puts in those of its badge class and
    issuer (`endorsementJwt`). Both are for the JWT form alone: the contexts do not define the member, so that no Data
    Integrity proof covers it, and safe verifiers refuse it.
    """
    badge = source.badge
    return without_empty(
        {
            "@context": list(_CONTEXTS),
            "id": source.id_v3,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": badge.name,
            "issuer": issuer(badge.issuer, with_tokens=with_tokens),
            "validFrom": timestamp(source.issued_at),
            "validUntil": timestamp(source.expires_at) if source.expires_at else "",
            "awardedDate": timestamp(source.issued_at),
            "credentialSubject": _subject(source, with_tokens=with_tokens),
            "evidence": [_evidence(item) for item in source.evidence],
            "credentialStatus": _status(source.status) if source.status else {},
            "endorsementJwt": list(endorsement_tokens),
        },
    )


def _subject(source: model.Assertion, *, with_tokens: bool) -> Document:
    return without_empty(
        {
            "id": source.subject_id,
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": identity_hash(source.recipient.address, source.recipient.salt),
                    "identityType": "emailAddress",
                    "salt": source.recipient.salt,
                },
            ],
            "achievement": _achievement(source.badge, source.result, with_tokens=with_tokens),
            "activityStartDate": timestamp(source.activity_start) if source.activity_start else "",
            "activityEndDate": timestamp(source.activity_end) if source.activity_end else "",
            "narrative": source.narrative,
            "result": [_result(source.result)] if source.result else [],
        },
    )


def achievement(source: model.BadgeClass) -> Document:
    """Compose an Achievement (section B.1.3) as a document of its own, to be served at its address."""
    return {"@context": list(_CONTEXTS), **_achievement(source, None, with_tokens=False)}


def _achievement(source: model.BadgeClass, result: model.Result | None, *, with_tokens: bool) -> Document:
    image = {"id": source.image_url, "type": "Image", "caption": source.image_alt}
    return without_empty(
        {
            "id": source.id_v3,
            "type": ["Achievement"],
            "achievementType": source.achievement_type,
            "creator": {"id": source.issuer.did, "type": ["Profile"]},
            "name": source.name,
            "description": source.description,
            "criteria": without_empty({"id": source.criteria_url, "narrative": source.criteria}),
            "image": without_empty(image) if source.image_url else {},
            "tag": list(dict.fromkeys(source.tags)),
            "alignment": [_alignment(item) for item in source.alignments],
            "inLanguage": source.language,
            "version": source.version,
            "related": [_related(item) for item in source.related],
            "resultDescription": [_result_description(result)] if result else [],
            "endorsement": list(source.endorsements),
            "endorsementJwt": list(source.endorsement_tokens) if with_tokens else [],
        },
    )


def _alignment(source: model.Alignment) -> Document:
    return without_empty(
        {
            "type": ["Alignment"],
            "targetName": source.name,
            "targetUrl": source.url,
            "targetDescription": source.description,
            "targetFramework": source.framework,
            "targetCode": source.code,
        },
    )


def _related(source: model.Related) -> Document:
    return without_empty(
        {"id": source.id, "type": ["Related"], "inLanguage": source.language, "version": source.version},
    )


def _result_description(source: model.Result) -> Document:
    return without_empty(
        {
            "id": source.description_id,
            "type": ["ResultDescription"],
            "name": source.name,
            "resultType": source.kind,
            "valueMin": source.minimum,
            "valueMax": source.maximum,
        },
    )


def _result(source: model.Result) -> Document:
    return {"type": ["Result"], "resultDescription": source.description_id, "value": source.value}


def _evidence(source: model.Evidence) -> Document:
    return without_empty(
        {
            "id": source.url,
            "type": ["Evidence"],
            "name": source.name,
            "description": source.description,
            "narrative": source.narrative,
            "genre": source.genre,
        },
    )


def _status(source: model.StatusEntry) -> Document:
    return {
        "id": f"{source.list_url}#{source.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(source.index),
        "statusListCredential": source.list_url,
    }


def issuer(source: model.Profile, *, with_tokens: bool = False) -> Document:
    """Compose the issuer as it stands inside a credential (section B.1.5, Profile); `with_tokens` as in `credential`."""
    image = {"id": source.image_url, "type": "Image"}
    return without_empty(
        {
            "id": source.did,
            "type": ["Profile"],
            "name": source.name,
            "url": source.url,
            "email": source.email,
            "description": source.description,
            "image": image if source.image_url else {},
            "endorsement": list(source.endorsements),
            "endorsementJwt": list(source.endorsement_tokens) if with_tokens else [],
        },
    )


def endorsement(
    source: model.Profile,
    *,
    identifier: str,
    endorsed: str,
    comment: str,
    issued_at: datetime,
    name: str = "Endorsement",
) -> Document:
    """Compose an EndorsementCredential (section B.1.11), unsigned: `source` says `comment` about the id `endorsed`."""
    return {
        "@context": list(_CONTEXTS),
        "id": identifier,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": name,
        "issuer": issuer(source),
        "validFrom": timestamp(issued_at),
        "credentialSubject": {"id": endorsed, "type": ["EndorsementSubject"], "endorsementComment": comment},
    }


def with_extensions(document: Document) -> Document:
    """Add the context of 1EdTech's extensions, which must stand there as soon as a `1EdTech…` type is used."""
    contexts = document["@context"]
    return document if EXTENSIONS in contexts else document | {"@context": [*contexts, EXTENSIONS]}
