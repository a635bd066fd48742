"""Telling holders that their certificates end: by themselves when the time has come, and when an instructor reminds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Person
from portal.certificates.models import Certificate
from portal.certificates.services.granting import address
from portal.certificates.validity import over
from portal.core.clock import now
from portal.core.db import session
from portal.core.i18n import date, speaking
from portal.notices import services as notices

if TYPE_CHECKING:
    from sqlalchemy import Select

BATCH = 500


def tell_batch() -> int:
    """Tell the holders of up to 500 certificates what is due, once each, and return how many certificates those were.

    Whoever is told late, since the worker was down, is told what is true now: of a certificate that is over, nothing but
    that. Flushed.
    """
    moment = now()
    statement = (
        select(Certificate)
        .where(Certificate.tell_at <= moment)
        .order_by(Certificate.tell_at, Certificate.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Certificate)
        .options(joinedload(Certificate.holder))
    )
    certificates = session().scalars(statement).all()
    due = defaultdict(list)
    for certificate in certificates:
        for kind in due_kinds(certificate, moment):
            due[kind].append(certificate)
            if kind != "renewal_open":
                certificate.reminded_at = moment
        certificate.tell_at = next_moment(certificate, moment)
    for kind, those in due.items():
        notices.tell_each(kind, [_telling(kind, certificate, kind, moment) for certificate in those])
    session().flush()
    return len(certificates)


def due_kinds(certificate: Certificate, moment: datetime) -> list[str]:
    """Return what the holder of a certificate is to be told at a moment, as kinds of notices; see `Certificate.tell_at`."""
    since, ends = certificate.tell_at, certificate.valid_until
    if since is None or ends is None or certificate.revoked_at is not None or certificate.replaced_at is not None:
        return []
    if ends < moment:
        return ["expired"]
    moments = {"renewal_open": certificate.renewal_opens_at, "expiring": certificate.warn_at}
    return [kind for kind, when in moments.items() if when is not None and since <= when <= moment]


def next_moment(certificate: Certificate, moment: datetime) -> datetime | None:
    """Return when there is something to tell of a certificate again, after a moment; None where there is nothing any more."""
    if certificate.valid_until is None or certificate.revoked_at is not None or certificate.replaced_at is not None:
        return None
    known = (certificate.renewal_opens_at, certificate.warn_at, over(certificate.valid_until))
    return min((when for when in known if when is not None and when > moment), default=None)


def _telling(kind: str, certificate: Certificate, key: str, moment: datetime) -> notices.Telling:
    values: dict[str, Any] = {"certificate": certificate.path_title, "date": _day(certificate)}
    if kind == "expiring":
        values["days"] = days_left(certificate, moment)
    return notices.Telling(
        person_id=certificate.holder_id,
        key=f"certificate:{certificate.public_id}:{key}",
        url=address(certificate.public_id),
        values=values,
    )


def _day(certificate: Certificate) -> datetime | str:
    """Return through when a certificate holds; where a day ends somewhere, that day, whatever the reader's clock says."""
    assert certificate.valid_until is not None
    if certificate.valid_zone is None:
        return certificate.valid_until
    with speaking(certificate.holder.language):
        return date(certificate.valid_until, certificate.valid_zone)


def days_left(certificate: Certificate, moment: datetime) -> int:
    """Return how many days a certificate still holds, as its holder counts them on a calendar."""
    assert certificate.valid_until is not None
    zone = ZoneInfo(certificate.valid_zone or certificate.holder.timezone)
    return max(0, (certificate.valid_until.astimezone(zone).date() - moment.astimezone(zone).date()).days)


def remind(certificates: Select[Any]) -> int:
    """Remind the holders of some certificates that those expire or have expired: each at most once a day (UTC).

    `certificates` selects rows of Certificate; returns how many were reminded. Flushed.
    """
    moment = now()
    today = datetime.combine(moment.date(), time(), UTC)
    statement = (
        certificates.where(
            Certificate.revoked_at.is_(None),
            Certificate.replaced_at.is_(None),
            Certificate.valid_until.is_not(None),
            Certificate.reminded_at.is_(None) | (Certificate.reminded_at < today),
        )
        .join(Person, Person.id == Certificate.holder_id)
        .where(Person.active)
        .options(contains_eager(Certificate.holder))
    )
    reminded: Sequence[Certificate] = session().scalars(statement).unique().all()
    _remind(reminded, moment)
    return len(reminded)


def _remind(certificates: Sequence[Certificate], moment: datetime) -> None:
    kinds: dict[str, list[Certificate]] = {"expired": [], "expiring": []}
    for certificate in certificates:
        over_already = certificate.valid_until is not None and certificate.valid_until < moment
        kinds["expired" if over_already else "expiring"].append(certificate)
    for kind, those in kinds.items():
        key = f"reminded:{moment.date().isoformat()}"
        notices.tell_each(kind, [_telling(kind, certificate, key, moment) for certificate in those])
    _note_reminded([certificate.id for certificate in certificates], moment)


def _note_reminded(numbers: Iterable[int], moment: datetime) -> None:
    held = list(numbers)
    for start in range(0, len(held), BATCH):
        session().execute(
            update(Certificate)
            .where(Certificate.id.in_(held[start : start + BATCH]))
            .values(reminded_at=moment)
            .execution_options(synchronize_session=False)
        )
    session().flush()
