"""What does not stand any more: the public list of it, revoking many at once, and who may do that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import contains_eager

from portal.accounts.models import Person
from portal.accounts.services import verified_addresses
from portal.badges import addresses, composing, providers, publishing
from portal.badges.models import LIVE, Award, BadgeClass, Rebinding
from portal.badges.services.awards import assertion_url, revoke
from portal.badges.services.statuses import sign_anew
from portal.core import clock
from portal.core.db import session
from portal.notices import services as notices
from portal.openbadges import ob20
from portal.web.policy import Role

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.openbadges.documents import Document


def revocation_list() -> Document:
    """Compose the list of signed badges that do not stand any more (Open Badges 2.0, RevocationList)."""
    rows = session().execute(
        select(Award.public_id, Award.revoked_at, Award.revocation_reason, Award.withdrawn_at)
        .where(~LIVE, Award.signed_at.is_not(None), Award.offered_at.is_(None))
        .order_by(Award.id)
    )
    entries = []
    for public_id, revoked_at, reason, withdrawn_at in rows:
        other = publishing.WITHDRAWN if withdrawn_at else publishing.REPLACED
        entries.append((composing.signed_id(public_id), reason if revoked_at else other))
    return ob20.revocation_list(addresses.revocation_list(), addresses.issuer(), entries)


def may_revoke(person: Person, row: Award) -> bool:
    """Whether somebody may take an award back: administrators every one, instructors those of their paths."""
    if person.role == Role.ADMINISTRATOR:
        return True
    kept = providers.sources_kept_by(person)
    return session().scalar(select(Award.id).where(Award.id == row.id, Award.source.in_(kept))) is not None


def kept_by(person: Person, text: str = "") -> Select[Any]:
    """Return a SELECT of the awards that somebody may take back, the newest first.

    `text` narrows it to those whose badge or holder has it in the name.
    """
    statement = (
        select(Award)
        .join(Award.badge_class)
        .outerjoin(Award.person)
        .options(contains_eager(Award.badge_class), contains_eager(Award.person))
    )
    if person.role != Role.ADMINISTRATOR:
        statement = statement.where(Award.source.in_(providers.sources_kept_by(person)))
    if text.strip():
        statement = statement.where(
            or_(
                BadgeClass.name.icontains(text.strip(), autoescape=True),
                Person.name.icontains(text.strip(), autoescape=True),
            )
        )
    return statement.order_by(Award.issued_at.desc(), Award.id.desc())


def revoke_and_tell(rows: Iterable[Award], *, reason: str, by: Person) -> int:
    """Take awards back for good and tell their holders by mail; return how many stood until now.

    Raises Refused naming the field `reason` where none is given. There is no way back: others have seen it.
    """
    ended = 0
    for row in rows:
        if not row.live:
            continue
        revoke(row, reason=reason, by=by)
        ended += 1
        _tell(row)
    return ended


def _tell(row: Award) -> None:
    person = row.person
    known = verified_addresses(person) if person is not None else []
    if person is None or not known:
        return
    notices.mail(
        to=known[0].address,
        template="badge_revoked",
        language=person.language,
        timezone=person.timezone,
        name=person.name,
        badge=row.badge_class.name,
        reason=row.revocation_reason,
        url=assertion_url(row),
    )


def _empty(row: Award) -> None:
    row.document_v1 = row.document_v2 = b""
    row.document_signed = row.document_v3 = row.document_v3_jwt = b""


def forget(person: Person, *, revoke_all: bool) -> None:
    """Take a person out of the rows of their awards, because they are erased.

    What they gave out stays verifiable, since the documents hold nothing but a salted hash; with `revoke_all` the
    awards end instead, and their documents are emptied.
    """
    rows = list(session().scalars(select(Award).where(Award.person_id == person.id)))
    if revoke_all:
        for row in rows:
            if row.live:
                row.withdrawn_at = clock.now()
            _empty(row)
        sign_anew(rows)
    for row in rows:
        if row.offered_at is not None:
            row.withdrawn_at = row.withdrawn_at or clock.now()
            _empty(row)
        row.person_id = row.recipient_address = None
        row.narrative, row.evidence = "", []
        row.signed_at = row.signed_at or clock.now()
    numbers = [row.id for row in rows]
    session().execute(delete(Rebinding).where(or_(Rebinding.old_id.in_(numbers), Rebinding.new_id.in_(numbers))))
    session().flush()
