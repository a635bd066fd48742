"""Learning paths, their versions and steps, and what people did on them."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.certificates.models import Certificate, Certification
from portal.core import ids
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin


class PathState(StrEnum):
    """Where a learning path stands as a whole."""

    DRAFT = "draft"
    PUBLISHED = "published"
    INACTIVE = "inactive"


class VersionState(StrEnum):
    """Where one version of a path stands: only a draft may change."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"


class RecordState(StrEnum):
    """What became of one step for one member."""

    WAITING = "waiting"
    RETURNED = "returned"
    DONE = "done"


class CoInstructor(Base):
    """Somebody who may edit a path and look after its members beside its owner."""

    __tablename__ = "co_instructor"

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)


class LearningPath(PublicIdMixin, Base):
    """A learning path: the thing people join, whatever version of it they stand on."""

    __tablename__ = "learning_path"

    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=PathState.DRAFT, index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now, index=True)

    owner: Mapped[Person] = relationship()
    instructors: Mapped[list[Person]] = relationship(
        secondary="co_instructor", order_by=lambda: (Person.name, Person.id)
    )
    draft: Mapped[PathVersion | None] = relationship(
        primaryjoin=lambda: and_(LearningPath.id == PathVersion.path_id, PathVersion.state == VersionState.DRAFT.value),
        viewonly=True,
        uselist=False,
    )
    published: Mapped[PathVersion | None] = relationship(
        primaryjoin=lambda: and_(
            LearningPath.id == PathVersion.path_id, PathVersion.state == VersionState.PUBLISHED.value
        ),
        viewonly=True,
        uselist=False,
    )

    @property
    def edited(self) -> PathVersion:
        """The version that its instructors see and go on with: the draft, else the published one."""
        version = self.draft or self.published
        if version is None:  # pragma: no cover - a path is born with a draft, and loses it only by publishing
            message = f"The learning path {self.public_id} has no version."
            raise LookupError(message)
        return version

    @property
    def title(self) -> str:
        """The title as its instructors see it."""
        return self.edited.title

    @property
    def has_unpublished_changes(self) -> bool:
        """Whether a draft goes on beside the published version."""
        return self.published is not None and self.draft is not None


class PathVersion(PublicIdMixin, Base):
    """One version of a path: a draft changes, a published one never does again."""

    __tablename__ = "path_version"
    __table_args__ = (
        UniqueConstraint("path_id", "number"),
        Index(
            "uq_path_version_draft",
            "path_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "uq_path_version_published",
            "path_id",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default=VersionState.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(200), index=True)
    description: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(20), default="en")
    cover_key: Mapped[str | None] = mapped_column(String(80), index=True)
    cover_alt: Mapped[str] = mapped_column(String(255), default="")
    certification_id: Mapped[int] = mapped_column(ForeignKey("certification.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    published_at: Mapped[datetime | None]

    path: Mapped[LearningPath] = relationship()
    certification: Mapped[Certification] = relationship()
    steps: Mapped[list[Step]] = relationship(
        back_populates="version", order_by="Step.position, Step.id", cascade="all, delete-orphan"
    )

    def step(self, key: str) -> Step | None:
        """Return the step of a key, or None."""
        return next((step for step in self.steps if step.key == key), None)

    @property
    def mandatory_steps(self) -> list[Step]:
        """The steps that count."""
        return [step for step in self.steps if step.mandatory]


class Step(PublicIdMixin, Base):
    """One thing to do on a path; its key stays the same from version to version."""

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("path_version.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(22), default=ids.public_id, index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(200))
    mandatory: Mapped[bool] = mapped_column(default=True)
    minutes: Mapped[int | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    content_hash: Mapped[str] = mapped_column(String(64))

    version: Mapped[PathVersion] = relationship(back_populates="steps")


class Membership(PublicIdMixin, Base):
    """Somebody on a path, and the version of it they stand on."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("path_id", "person_id"),)

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("path_version.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(default=now)
    active_at: Mapped[datetime] = mapped_column(default=now)
    completed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None] = mapped_column(index=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id", ondelete="SET NULL"), index=True)
    to_settle: Mapped[bool] = mapped_column(default=False, index=True)

    path: Mapped[LearningPath] = relationship()
    person: Mapped[Person] = relationship()
    version: Mapped[PathVersion] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
    records: Mapped[list[StepRecord]] = relationship(
        back_populates="membership", cascade="all, delete-orphan", order_by="StepRecord.id"
    )

    @property
    def source(self) -> str:
        """What the certificate of this membership is granted for: one certificate a source."""
        return f"membership:{self.public_id}"


class StepRecord(PublicIdMixin, Base):
    """What a member did of one step; it counts for as long as the step says what it said then."""

    __tablename__ = "step_record"
    __table_args__ = (UniqueConstraint("membership_id", "step_key"),)

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    step_key: Mapped[str] = mapped_column(String(22), index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    handed_in_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(Text, default="")

    membership: Mapped[Membership] = relationship(back_populates="records")
    decided_by: Mapped[Person | None] = relationship()


def content_hash(kind: str, title: str, content: dict[str, Any]) -> str:
    """Return the SHA-256 of what a step asks of its learner: a step that asks something else has to be done again."""
    said = json.dumps([kind, title, content], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
