"""Rows of this room as the plain values that `portal.openbadges` composes documents from."""

from __future__ import annotations

import uuid
from dataclasses import replace as dataclass_replace
from typing import TYPE_CHECKING

from portal.badges import addresses
from portal.openbadges import model
from portal.openbadges.documents import read_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from portal.badges.models import Award, BadgeClass, Endorsement, IssuerProfile

PROVED, TOKEN = "data-integrity", "jwt"
"""The forms of 3.0 in which an endorsement can go along with a credential."""
NOBODY = model.Recipient(address="", salt="")


def profile_of(row: IssuerProfile, token_key: str = "") -> model.Profile:
    """Return the issuer as the public sees it; `token_key` is the public id of the key that 2.0 signatures name."""
    return model.Profile(
        id=addresses.issuer(),
        id_v1=addresses.issuer_v1(),
        url=row.url,
        url_v1=addresses.issuer(),
        name=row.name,
        email=row.email,
        description=row.description,
        image_url=addresses.picture(row.logo_key) if row.logo_key else "",
        did=addresses.did(),
        public_key_id=addresses.key(token_key) if token_key else "",
        revocation_list=addresses.revocation_list() if token_key else "",
    )


def issuer_reference() -> model.Profile:
    """Return the issuer's addresses alone: badge classes name the issuer by address, so its text may change."""
    return model.Profile(
        id=addresses.issuer(),
        id_v1=addresses.issuer_v1(),
        url=addresses.issuer(),
        did=addresses.did(),
        name="",
        email="",
    )


def class_of(row: BadgeClass, issuer: model.Profile | None = None) -> model.BadgeClass:
    """Return a badge class as its documents say it."""
    return model.BadgeClass(
        id=addresses.badge_class(row.public_id),
        id_v1=addresses.badge_class_v1(row.public_id),
        id_v3=addresses.achievement(row.public_id),
        issuer=issuer or issuer_reference(),
        name=row.name,
        description=row.description,
        criteria_url=addresses.criteria(row.public_id),
        criteria=row.criteria,
        image_url=addresses.badge_class_image(row.public_id),
        image_alt=row.image_alt,
        tags=tuple(row.tags),
        alignments=tuple(model.Alignment(**item) for item in row.alignments),
        language=row.language,
        version=str(row.number),
        achievement_type=row.achievement_type or "Badge",
        related=(model.Related(id=addresses.achievement(row.public_id)), *_related(row, addresses.badge_class)),
    )


def achievement_of(
    row: BadgeClass, issuer: model.Profile | None = None, endorsements: Iterable[Endorsement] = ()
) -> model.BadgeClass:
    """Return a badge class as 3.0 says it: related are the same class in 2.0, and earlier versions in 3.0.

    `endorsements` are those that go along with it; what came as a token stands in tokens alone.
    """
    same = model.Related(id=addresses.badge_class(row.public_id))
    carried = list(endorsements)
    return dataclass_replace(
        class_of(row, issuer),
        related=(same, *_related(row, addresses.achievement)),
        endorsements=tuple(read_document(item.document) for item in carried if item.form == PROVED),
        endorsement_tokens=tuple(item.document.decode() for item in carried if item.form == TOKEN),
    )


def _related(row: BadgeClass, address: Callable[[str], str]) -> tuple[model.Related, ...]:
    return tuple(
        model.Related(id=address(public_id), version=version, language=language[0] if language else row.language)
        for public_id, version, *language in row.earlier
    )


def assertion_of(row: Award, badge_class: model.BadgeClass, status: model.StatusEntry | None = None) -> model.Assertion:
    """Return an award as its documents say it; one whose holder was erased has no recipient any more."""
    recipient = NOBODY
    if row.recipient_address:
        recipient = model.Recipient(address=row.recipient_address, salt=row.salt)
    return model.Assertion(
        id=addresses.assertion(row.public_id),
        id_v1=addresses.assertion_v1(row.public_id),
        uid=row.public_id,
        id_v3=addresses.credential(row.public_id),
        id_signed=signed_id(row.public_id),
        subject_id=row.subject_id,
        status=status,
        badge=badge_class,
        recipient=recipient,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        image_url=addresses.assertion_image(row.public_id),
        evidence=_evidence_of(row),
        narrative=row.narrative or "",
        result=_result_of(row),
    )


def _evidence_of(row: Award) -> tuple[model.Evidence, ...]:
    """Return what shows that an award was earned; the certificate comes first, since 1.1 has room for one alone."""
    first = (model.Evidence(url=row.evidence_url, name="Certificate"),) if row.evidence_url else ()
    return (*first, *(model.Evidence(**item) for item in row.evidence or ()))


def _result_of(row: Award) -> model.Result | None:
    """Return the grade of an award; every award of one badge class refers to the same description of what it means."""
    if not row.result:
        return None
    badge = addresses.achievement(row.badge_class.public_id)
    kind = row.result.get("kind", "")
    return model.Result(**row.result, description_id=uuid.uuid5(uuid.NAMESPACE_URL, f"{badge}#{kind}").urn)


def as_credential(said: model.Assertion, badge_class: model.BadgeClass, status: model.StatusEntry) -> model.Assertion:
    """Return a composed award as 3.0 says it: the same award in 2.0 is part of the evidence; the two are never one object."""
    hosted = model.Evidence(url=said.id, name="The same award as an Open Badge 2.0")
    return dataclass_replace(said, badge=badge_class, status=status, evidence=(*said.evidence, hosted))


def signed_id(public_id: str) -> str:
    """Return the identifier of an award's signed 2.0 form: always the same for the same award."""
    return uuid.uuid5(uuid.NAMESPACE_URL, addresses.signed(public_id)).urn
