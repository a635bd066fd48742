"""Tells the badges whose awards an instructor looks after, and which badges they may give to whom."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Person
from portal.badges.models import AwardBatch, AwardOrder
from portal.badges.providers import Givable
from portal.certificates.models import Certificate, Certification
from portal.certificates.services import valid_until
from portal.core.clock import now
from portal.core.db import session
from portal.core.settings import absolute
from portal.learning.models import CoInstructor, LearningPath, PathVersion, VersionState
from portal.web.policy import Permission

SERIES = "path:"


def _kept(person: Person) -> Any:
    also = select(CoInstructor.path_id).where(CoInstructor.person_id == person.id)
    return or_(LearningPath.owner_id == person.id, LearningPath.id.in_(also))


def _source() -> Any:
    return literal("certificate:").concat(func.coalesce(Certificate.earned_as, Certificate.public_id))


class InstructorsKeepAwards:
    """The learning paths, as the badges know them."""

    def sources_kept_by(self, person: Person) -> Select[Any]:
        """Return a SELECT of the sources of certificates from paths of a person, and of badges of these given by hand."""
        certified = (
            select(_source().label("source"))
            .join(LearningPath, LearningPath.public_id == Certificate.path_public_id)
            .where(_kept(person))
        )
        by_hand = (
            select(AwardOrder.source)
            .join(AwardBatch, AwardBatch.id == AwardOrder.batch_id)
            .join(LearningPath, literal(SERIES).concat(LearningPath.public_id) == AwardBatch.series)
            .where(_kept(person))
        )
        return select(union_all(certified, by_hand).subquery().c.source)

    def keeps(self, person: Person, series: str) -> bool:
        """Whether a person looks after the path whose badges a series is."""
        name = series.removeprefix(SERIES)
        return (
            session().scalar(select(LearningPath.id).where(LearningPath.public_id == name, _kept(person))) is not None
        )

    def givable_by(self, person: Person) -> list[Givable]:
        """Return the badges of published paths that a person looks after, an administrator those of all; by title."""
        statement = (
            select(PathVersion)
            .join(PathVersion.certification)
            .join(PathVersion.path)
            .where(
                PathVersion.state == VersionState.PUBLISHED,
                Certification.enabled,
                Certification.open_badges,
                Certification.badge_class_id.is_not(None),
                LearningPath.archived_at.is_(None),
            )
            .options(contains_eager(PathVersion.certification), contains_eager(PathVersion.path))
            .options(joinedload(PathVersion.certification, Certification.badge_class))
            .order_by(func.lower(PathVersion.title), PathVersion.id)
        )
        if not person.may(Permission.ADMIN_PEOPLE):
            statement = statement.where(_kept(person))
        moment = now()
        return [
            Givable(
                series=SERIES + version.path.public_id,
                title=version.title,
                badge_class_id=version.certification.badge_class_id or 0,
                valid_until=valid_until(version.certification, moment),
            )
            for version in session().scalars(statement)
        ]

    def entitled(self, series: str) -> Select[Any]:
        """Return a SELECT of the learners who hold a certificate of a path with a badge now: for each, their latest one."""
        moment = now()
        latest = (
            select(func.max(Certificate.id))
            .where(
                Certificate.path_public_id == series.removeprefix(SERIES),
                Certificate.badge_class_id.is_not(None),
                Certificate.revoked_at.is_(None),
                or_(Certificate.valid_until.is_(None), Certificate.valid_until > moment),
            )
            .group_by(Certificate.holder_id)
        )
        return select(
            Certificate.holder_id.label("person_id"),
            Certificate.badge_class_id.label("badge_class_id"),
            _source().label("source"),
            literal(absolute("/check/")).concat(Certificate.number).label("evidence_url"),
            Certificate.valid_until.label("expires_at"),
        ).where(Certificate.id.in_(latest))
