"""What goes with a person who is erased: their certificates; who checks one by its number reads that it was erased."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update

from portal.accounts.models import Person
from portal.certificates.models import Certificate, ErasedCertificate, GrantOrder, PublishedWork
from portal.certificates.paper.printing import pdf_key, sheet_of
from portal.core.clock import now
from portal.core.db import session


def obstacles(person: Person) -> list[str]:  # noqa: ARG001
    """Return nothing: certificates have not to be handed over."""
    return []


def forget(person: Person, *, revoke_badges: bool) -> list[str]:  # noqa: ARG001
    """Delete a person's certificates and keep of each its number, title and dates; return the keys of what was printed."""
    held = list(session().scalars(select(Certificate).where(Certificate.holder_id == person.id)))
    session().add_all(
        [
            ErasedCertificate(
                number=row.number,
                path_title=row.path_title,
                issuer_name=row.issuer_name,
                issued_at=row.issued_at,
                valid_until=row.valid_until,
                erased_at=now(),
            )
            for row in held
        ]
    )
    works = select(PublishedWork.files).where(PublishedWork.certificate_id.in_([row.id for row in held]))
    keys = [pdf_key(sheet_of(row)) for row in held]
    keys += [part for files in session().scalars(works) for file in files for part in file if _is_key(part)]
    addresses = [row.address for row in person.addresses]
    session().execute(
        update(GrantOrder)
        .where(or_(GrantOrder.person_id == person.id, GrantOrder.address.in_(addresses)))
        .values(name="", address="", problem="")
    )
    session().flush()
    session().execute(delete(Certificate).where(Certificate.holder_id == person.id))
    return keys


def _is_key(text: str) -> bool:
    stem, _point, extension = text.partition(".")
    return len(stem) == 64 and extension.isalnum()
