"""Reviewed work that learners agree to publish with a badge: nothing before they say so, and nothing after they withdraw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.badges import services as badges
from portal.certificates.models import PublishedWork
from portal.certificates.providers import evidence
from portal.core import ids
from portal.core.clock import now
from portal.core.db import session
from portal.core.settings import absolute
from portal.openbadges.model import Evidence

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.badges.models import Award
    from portal.certificates.models import Certificate
    from portal.certificates.providers import Submission

GENRE = "Reviewed work"


def submissions_of(certificate: Certificate) -> list[Submission]:
    """Return the reviewed work that the holder of a certificate can publish with its badge."""
    return [item for item in evidence().evidence_of(certificate) if item.text or item.files]


def prepare(certificate: Certificate, keys: Collection[str]) -> list[PublishedWork]:
    """Return rows for the chosen work as it is now; they are kept only by `keep`."""
    chosen = [item for item in submissions_of(certificate) if item.key in keys] if keys else []
    return [
        PublishedWork(
            public_id=ids.public_id(),
            certificate_id=certificate.id,
            key=item.key,
            title=item.title,
            text=item.text,
            files=[list(file) for file in item.files],
            published_at=now(),
        )
        for item in chosen
    ]


def as_evidence(work: PublishedWork) -> Evidence:
    """Return work as a badge names it: by title and address, so that withdrawing it leaves nothing of it in the badge."""
    return Evidence(url=address_of(work), name=work.title, genre=GENRE)


def keep(works: Collection[PublishedWork], award: Award) -> None:
    """Keep those rows that an award names as its evidence; flushed."""
    named = {item.get("url") for item in award.evidence}
    for work in works:
        if address_of(work) in named:
            work.award_id = award.id
            session().add(work)
    session().flush()


def address_of(work: PublishedWork) -> str:
    """Return the public address of published work, which nobody can guess."""
    return absolute(f"/published-work/{work.public_id}")


def published_by(certificate: Certificate) -> list[PublishedWork]:
    """Return what is published with the badge of a certificate now."""
    statement = select(PublishedWork).where(
        PublishedWork.certificate_id == certificate.id, PublishedWork.withdrawn_at.is_(None)
    )
    return list(session().scalars(statement.order_by(PublishedWork.id)))


def work_by_public_id(public_id: str) -> PublishedWork | None:
    """Return the published work of a public id, or None."""
    return session().scalar(select(PublishedWork).where(PublishedWork.public_id == public_id))


def may_be_read(work: PublishedWork) -> bool:
    """Whether everybody may read published work: its learner has not withdrawn it, and its badge stands."""
    return work.withdrawn_at is None and badges.live_award(work.certificate.badge_source) is not None


def withdraw_work(work: PublishedWork) -> None:
    """End the publication of work and forget what it said; doing it again changes nothing. Flushed."""
    work.withdrawn_at = work.withdrawn_at or now()
    work.text, work.files = "", []
    session().flush()
