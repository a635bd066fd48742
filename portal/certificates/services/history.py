"""What stood before a certificate, and what came after it: renewals, and the same with a new name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.certificates.models import Certificate, Replacement
from portal.core.db import session

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.accounts.models import Person


def standing_certificates_of(person: Person) -> Select[Any]:
    """Return a SELECT of a person's certificates in whose place no other one stands, the newest first."""
    return (
        select(Certificate)
        .where(Certificate.holder_id == person.id, Certificate.replaced_at.is_(None))
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    )


def earlier_ones(certificates: Iterable[Certificate]) -> dict[int, list[Certificate]]:
    """Return what each of some certificates renewed, by its number, the newest first; one query for all of them.

    One that was only issued anew in a new name is left out: it says the same.
    """
    shown = list(certificates)
    statement = select(Certificate).where(
        Certificate.holder_id.in_({certificate.holder_id for certificate in shown}),
        Certificate.path_public_id.in_({certificate.path_public_id for certificate in shown}),
        Certificate.replaced_at.is_not(None),
    )
    known = {row.id: row for row in session().scalars(statement)} if shown else {}
    return {certificate.id: _before(certificate, known) for certificate in shown}


def _before(certificate: Certificate, known: dict[int, Certificate]) -> list[Certificate]:
    found: list[Certificate] = []
    step = known.get(certificate.replaces_id or 0)
    while step is not None and step not in found:
        found.append(step)
        step = known.get(step.replaces_id or 0)
    return [row for row in found if row.replaced_as == Replacement.RENEWAL]


def history_of(certificate: Certificate) -> list[Certificate]:
    """Return every certificate that stands in one line with this one, itself included, the newest first."""
    statement = select(Certificate).where(
        Certificate.holder_id == certificate.holder_id, Certificate.path_public_id == certificate.path_public_id
    )
    rows = list(session().scalars(statement))
    known, after = {row.id: row for row in rows}, {row.replaces_id: row for row in rows if row.replaces_id}
    line = [certificate]
    while (before := known.get(line[-1].replaces_id or 0)) is not None and before not in line:
        line.append(before)
    while (newer := after.get(line[0].id)) is not None and newer not in line:
        line.insert(0, newer)
    return line


def successor_of(certificate: Certificate) -> Certificate | None:
    """Return the certificate that stands in the place of this one, or None."""
    if certificate.replaced_at is None:
        return None
    return session().scalar(select(Certificate).where(Certificate.replaces_id == certificate.id))
