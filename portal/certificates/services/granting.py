"""Certificates: granted once for each completion, found, published, revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.badges import services as badges
from portal.certificates.models import Certificate, CertificateState, Certification
from portal.certificates.services.certifications import valid_until
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.settings import settings

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.accounts.models import Person

REASON_LENGTH = 500


def grant(
    certification: Certification,
    *,
    holder: Person,
    title: str,
    path_public_id: str,
    path_version: int,
    source: str,
    language: str = "en",
) -> Certificate:
    """Grant a certificate in the caller's transaction, once for each `source`: a repeat returns the first one.

    `source` names what was completed, such as `membership:<public id>`. Name, title, cover and validity are kept as they
    are now. Raises Refused where the certification is off.
    """
    known = _of_source(source)
    if known is not None:
        return known
    if not certification.enabled:
        raise Refused(_("This learning path gives no certificate."))
    issuer, moment = badges.issuer(), now()
    certificate = Certificate(
        source=source,
        holder=holder,
        holder_id=holder.id,
        holder_name=holder.name,
        path_title=title,
        path_public_id=path_public_id,
        path_version=path_version,
        issuer_name=issuer.name if issuer and issuer.name else settings().site_name,
        language=language,
        cover_key=certification.cover_key,
        issued_at=moment,
        valid_until=valid_until(certification, moment),
        badge_class=certification.badge_class if certification.gives_badge else None,
    )
    try:
        with session().begin_nested():
            session().add(certificate)
    except IntegrityError:
        known = _of_source(source)
        if known is None:
            raise
        return known
    return certificate


def _of_source(source: str) -> Certificate | None:
    return session().scalar(select(Certificate).where(Certificate.source == source))


def certificates_of(person: Person) -> Select[Any]:
    """Return a SELECT of a person's certificates, the newest first; revoked ones are among them."""
    return (
        select(Certificate)
        .where(Certificate.holder_id == person.id)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    )


def by_number(number: str) -> Certificate | None:
    """Return the certificate of a number as people type it (any case, with or without hyphens), or None."""
    letters = "".join(character for character in number.upper() if character.isalnum())
    if not letters.isascii() or len(letters) != 16:
        return None
    spelt = "-".join(letters[start : start + 4] for start in range(0, 16, 4))
    return session().scalar(select(Certificate).where(Certificate.number == spelt))


def state_of(certificate: Certificate) -> CertificateState:
    """Return whether a certificate is valid, expired or revoked at this moment."""
    return certificate.state


def publish_name(certificate: Certificate, *, published: bool) -> None:
    """Let everybody who has the check address see the holder's name, or hide it again."""
    certificate.name_published = published
    session().flush()


def revoke(certificate: Certificate, *, reason: str, by: Person) -> None:
    """Revoke a certificate, and with it the badge that was earned for it; a second call changes nothing.

    `reason` is shown to everybody who checks the certificate. Raises Refused where it is empty or too long.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the certificate is revoked. Everybody who checks it will read this."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise Refused(_("Use at most %(most)s characters here.", most=REASON_LENGTH), field="reason")
    revoked = session().scalar(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.revoked_at.is_(None))
        .values(revoked_at=now(), revocation_reason=reason, revoked_by_id=by.id)
        .returning(Certificate.id)
        .execution_options(synchronize_session=False)
    )
    session().refresh(certificate)
    if revoked is None:
        return
    award = badges.live_award(certificate.badge_source)
    if award is not None:
        badges.revoke(award, reason=reason, by=by)
