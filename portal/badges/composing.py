"""Rows of this room as the plain values that `portal.openbadges` composes documents from."""

from __future__ import annotations

import uuid
from dataclasses import replace as dataclass_replace
from typing import TYPE_CHECKING

from portal.badges import addresses
from portal.openbadges import model

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.badges.models import Award, BadgeClass, IssuerProfile

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


def achievement_of(row: BadgeClass, issuer: model.Profile | None = None) -> model.BadgeClass:
    """Return a badge class as 3.0 says it: related are the same class in 2.0, and earlier versions in 3.0."""
    same = model.Related(id=addresses.badge_class(row.public_id))
    return dataclass_replace(class_of(row, issuer), related=(same, *_related(row, addresses.achievement)))


def _related(row: BadgeClass, address: Callable[[str], str]) -> tuple[model.Related, ...]:
    return tuple(
        model.Related(id=address(public_id), version=version, language=row.language)
        for public_id, version in row.earlier
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
        evidence=(model.Evidence(url=row.evidence_url, name="Certificate"),) if row.evidence_url else (),
    )


def credential_of(row: Award, badge_class: model.BadgeClass, status: model.StatusEntry) -> model.Assertion:
    """Return an award as 3.0 says it: the same award in 2.0 is part of the evidence, since the two are never one object."""
    said = assertion_of(row, badge_class, status)
    hosted = model.Evidence(url=addresses.assertion(row.public_id), name="The same award as an Open Badge 2.0")
    return dataclass_replace(said, evidence=(*said.evidence, hosted))


def signed_id(public_id: str) -> str:
    """Return the identifier of an award's signed 2.0 form: always the same for the same award."""
    return uuid.uuid5(uuid.NAMESPACE_URL, addresses.signed(public_id)).urn
