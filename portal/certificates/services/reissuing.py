"""A holder's name has changed: a certificate is issued anew with the new name, and the old one says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.certificates.models import Certificate, Replacement
from portal.certificates.providers import paths
from portal.certificates.services.granting import address, close
from portal.certificates.services.prints import order_prints
from portal.core.clock import now
from portal.core.db import hold, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.notices import services as notices

if TYPE_CHECKING:
    from portal.accounts.models import Person

KEPT = (
    "holder_id", "path_title", "path_public_id", "path_version", "issuer_name", "language", "cover_key", "issued_at",
    "valid_until", "valid_zone", "warn_at", "renewal_opens_at", "tell_at", "reminded_at", "badge_class_id", "paper_id",
    "grade", "minutes", "name_published",
)  # fmt: skip


def has_another_name(certificate: Certificate) -> bool:
    """Whether a certificate that counts shows a name that its holder no longer has."""
    counts = certificate.revoked_at is None and certificate.replaced_at is None
    return counts and certificate.holder_name != certificate.holder.name


def reissue(certificate: Certificate, *, by: Person) -> Certificate:
    """Issue a certificate anew in its holder's present name, with a number of its own; a repeat returns the first.

    Everything else stays: dates, grade, how it is printed, and the badge, which is the same badge whatever the name. The
    old one says that it was replaced. Raises Refused where the name is the same or the certificate does not count. Flushed.
    """
    hold(certificate)
    known = session().scalar(select(Certificate).where(Certificate.source == _source(certificate)))
    if known is not None:
        return known
    if certificate.replaced_at is not None:
        raise Refused(_("This certificate was renewed. Issue the newer one anew."))
    if certificate.revoked_at is not None:
        raise Refused(_("This certificate was revoked, so it is not issued anew."))
    if not has_another_name(certificate):
        raise Refused(_("The certificate shows the name that its holder has now."))
    new = Certificate(
        source=_source(certificate),
        holder_name=certificate.holder.name,
        granted_by_id=by.id,
        grant_reason=certificate.grant_reason,
        replaces_id=certificate.id,
        earned_as=certificate.earned_as or certificate.public_id,
        **{name: getattr(certificate, name) for name in KEPT},
    )
    session().add(new)
    session().flush()
    close([certificate.id], Replacement.REISSUE)
    order_prints([new.id])
    session().refresh(certificate)
    paths().certificate_replaced(certificate.id, new.id)
    notices.tell(
        [new.holder_id],
        "reissued",
        key=f"certificate:{new.public_id}:reissued",
        url=address(new.public_id),
        certificate=new.path_title,
    )
    return new


def _source(certificate: Certificate) -> str:
    return f"reissue:{certificate.public_id}"


def ask_for_new_name(certificate: Certificate) -> None:
    """Ask the instructors of a certificate's path to issue it anew, once. Flushed.

    Raises Refused where there is nothing to change.
    """
    if not has_another_name(certificate):
        raise Refused(_("The certificate shows your present name. Change your name in your profile first."))
    if certificate.new_name_asked_at is not None:
        return
    certificate.new_name_asked_at = now()
    notices.tell(
        paths().instructors_of(certificate.path_public_id),
        "new_name_asked",
        key=f"certificate:{certificate.public_id}:new_name",
        url=address(certificate.public_id),
        certificate=certificate.path_title,
        learner=certificate.holder_name,
    )
    session().flush()
