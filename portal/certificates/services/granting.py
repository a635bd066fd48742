"""Certificates: granted once for each completion, found, published, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.badges import services as badges
from portal.certificates.models import Certificate, CertificateState, Certification, ErasedCertificate, Replacement
from portal.certificates.services.prints import order_prints
from portal.certificates.validity import term_of
from portal.core import ids
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.settings import settings
from portal.notices import services as notices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Select

    from portal.accounts.models import Person

REASON_LENGTH = 500
BATCH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """One certificate to be granted.

    `source` names what was completed, such as `membership:<public id>`: one certificate a source. `achieved_at` is when it
    was (now by default), `grade` in percent, `minutes` the time of study; `by_id` and `reason` say who granted it by hand and
    why; `replaces_id` is the certificate that it renews.
    """

    holder_id: int
    holder_name: str
    title: str
    path_public_id: str
    path_version: int
    source: str
    language: str = "en"
    achieved_at: datetime | None = None
    grade: float | None = None
    minutes: int | None = None
    by_id: int | None = None
    reason: str = ""
    replaces_id: int | None = None


def grant(
    certification: Certification,
    *,
    holder: Person,
    title: str,
    path_public_id: str,
    path_version: int,
    source: str,
    language: str = "en",
    **more: Any,
) -> Certificate:
    """Grant a certificate in the caller's transaction, once for each `source`: a repeat returns the first one.

    Name, title, cover and validity are kept as they are now; `more` is the rest of `Grant`. The holder is told. Raises
    Refused where the certification is off.
    """
    wanted = Grant(
        holder_id=holder.id, holder_name=holder.name, title=title, path_public_id=path_public_id,
        path_version=path_version, source=source, language=language, **more,
    )  # fmt: skip
    made = grant_many(certification, [wanted])
    certificate = session().get(Certificate, made[source])
    assert certificate is not None
    return certificate


def grant_many(certification: Certification, grants: Iterable[Grant]) -> dict[str, int]:
    """Grant certificates of one certification, once for each source; return the number of each source's certificate.

    A source that has a certificate keeps it. Every new holder is told. Made for thousands: a few statements for every 500.
    Raises Refused where the certification is off and anything new would have to be granted.
    """
    found: dict[str, int] = {}
    waiting = iter(grants)
    while batch := list(islice(waiting, BATCH)):
        session().flush()
        known = _numbers_of([wanted.source for wanted in batch])
        new = list({wanted.source: wanted for wanted in batch if wanted.source not in known}.values())
        if new and not certification.enabled:
            raise Refused(_("This learning path gives no certificate."))
        found |= known | (_insert(certification, new) if new else {})
    return found


def _insert(certification: Certification, grants: Sequence[Grant]) -> dict[str, int]:
    """Insert certificates that nobody had a moment ago, tell their holders, and close the ones they renew."""
    renewed, issuer_name = _renewed(grants), _issuer_name()
    rows = {
        wanted.source: _row(certification, wanted, renewed.get(wanted.replaces_id or 0), issuer_name)
        for wanted in grants
    }
    table = Certificate.__table__
    assert isinstance(table, Table)
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    session().execute(dialect.insert(table).on_conflict_do_nothing(index_elements=["source"]), list(rows.values()))
    kept = (
        session()
        .execute(select(Certificate.source, Certificate.id, Certificate.public_id).where(Certificate.source.in_(rows)))
        .all()
    )
    new = [rows[source] for source, _number, public_id in kept if rows[source]["public_id"] == public_id]
    close([row["replaces_id"] for row in new if row["replaces_id"]], Replacement.RENEWAL)
    _tell(certification, new)
    order_prints([number for source, number, public_id in kept if rows[source]["public_id"] == public_id])
    return {source: number for source, number, _public_id in kept}


def _renewed(grants: Sequence[Grant]) -> dict[int, Certificate]:
    """Return the certificates that some grants renew, by number: those that nothing has replaced yet."""
    wanted = {wanted.replaces_id for wanted in grants if wanted.replaces_id is not None}
    if not wanted:
        return {}
    statement = select(Certificate).where(Certificate.id.in_(wanted), Certificate.replaced_at.is_(None))
    return {certificate.id: certificate for certificate in session().scalars(statement)}


def _row(certification: Certification, wanted: Grant, renewed: Certificate | None, issuer_name: str) -> dict[str, Any]:
    moment = now()
    achieved = wanted.achieved_at or moment
    goes_on = renewed is not None and renewed.revoked_at is None
    term = term_of(certification, achieved, renews=renewed.valid_until if renewed is not None and goes_on else None)
    return {
        "public_id": ids.public_id(),
        "source": wanted.source,
        "holder_id": wanted.holder_id,
        "holder_name": wanted.holder_name,
        "path_title": wanted.title,
        "path_public_id": wanted.path_public_id,
        "path_version": wanted.path_version,
        "issuer_name": issuer_name,
        "language": wanted.language,
        "cover_key": certification.cover_key,
        "issued_at": achieved,
        "granted_at": moment,
        "valid_until": term.ends_at,
        "valid_zone": term.zone,
        "warn_at": term.warn_at,
        "renewal_opens_at": term.renewal_opens_at,
        "tell_at": term.tell_at(moment),
        "badge_class_id": certification.badge_class_id if certification.gives_badge else None,
        "paper_id": certification.paper_id,
        "grade": wanted.grade,
        "minutes": wanted.minutes,
        "granted_by_id": wanted.by_id,
        "grant_reason": wanted.reason,
        "replaces_id": renewed.id if renewed is not None else None,
    }


def _issuer_name() -> str:
    issuer = badges.issuer()
    return issuer.name if issuer is not None and issuer.name else settings().site_name


def close(numbers: Iterable[int], how: Replacement) -> None:
    """Say of certificates that another one stands in their place; there is nothing more to tell of them. Flushed."""
    held = list(numbers)
    if not held:
        return
    session().execute(
        update(Certificate)
        .where(Certificate.id.in_(held), Certificate.replaced_at.is_(None))
        .values(replaced_at=now(), replaced_as=how, tell_at=None)
        .execution_options(synchronize_session="evaluate")
    )


def _tell(certification: Certification, rows: Sequence[Mapping[str, Any]]) -> None:
    badge = certification.badge_class.name if certification.gives_badge and certification.badge_class else ""
    notices.tell_each(
        "achieved",
        (
            notices.Telling(
                person_id=row["holder_id"],
                key=f"certificate:{row['public_id']}:achieved",
                url=address(row["public_id"]),
                values={"certificate": row["path_title"], "badge": badge},
            )
            for row in rows
        ),
    )


def address(public_id: str) -> str:
    """Return the path of a certificate's page within this portal."""
    return f"/certificates/{public_id}"


def _numbers_of(sources: Sequence[str]) -> dict[str, int]:
    statement = select(Certificate.source, Certificate.id).where(Certificate.source.in_(sources))
    return {row.source: row.id for row in session().execute(statement)}


def certificates_of(person: Person) -> Select[Any]:
    """Return a SELECT of a person's certificates, the newest first; revoked ones are among them.

    One that was issued anew in a new name is left out: the new one says the same.
    """
    reissued = Certificate.replaced_as.is_not_distinct_from(Replacement.REISSUE.value)
    return (
        select(Certificate)
        .where(Certificate.holder_id == person.id, ~reissued)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    )


def by_number(number: str) -> Certificate | None:
    """Return the certificate of a number as people type it (any case, with or without hyphens), or None."""
    return session().scalar(select(Certificate).where(Certificate.number == spelt(number)))


def erased_by_number(number: str) -> ErasedCertificate | None:
    """Return what is left of the certificate of a number whose holder was erased, or None."""
    return session().scalar(select(ErasedCertificate).where(ErasedCertificate.number == spelt(number)))


def spelt(number: str) -> str:
    """Return a number as certificates have it, however it was typed; empty for what cannot be one."""
    letters = "".join(character for character in number.upper() if character.isalnum())
    if not letters.isascii() or len(letters) != 16:
        return ""
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def state_of(certificate: Certificate) -> CertificateState:
    """Return where a certificate stands at this moment."""
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
    if certificate.state is CertificateState.REPLACED:
        raise Refused(_("This certificate was replaced by one with a new name. Revoke that one."))
    revoked = session().scalar(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.revoked_at.is_(None))
        .values(revoked_at=now(), revocation_reason=reason, revoked_by_id=by.id, tell_at=None)
        .returning(Certificate.id)
        .execution_options(synchronize_session=False)
    )
    session().refresh(certificate)
    if revoked is None:
        return
    award = badges.live_award(certificate.badge_source)
    if award is not None:
        badges.revoke(award, reason=reason, by=by)
    notices.tell(
        [certificate.holder_id],
        "certificate_revoked",
        key=f"certificate:{certificate.public_id}:revoked",
        url=address(certificate.public_id),
        certificate=certificate.path_title,
        reason=reason,
    )
