"""Learning paths, their versions and steps, and what people did on them."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, and_, false, text, true
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


class Visibility(StrEnum):
    """Who sees a published path in the catalogue, or who may join it by themselves."""

    EVERYBODY = "everybody"
    GROUPS = "groups"
    NOBODY = "nobody"


class Status(StrEnum):
    """Where a member stands on a path; whether a certificate is expiring or expired is derived from the certificate."""

    IN_PROGRESS = "in_progress"
    IN_REVIEW = "in_review"
    COMPLETED = "completed"
    FAILED = "failed"
    OVERDUE = "overdue"


class VersionState(StrEnum):
    """Where one version of a path stands: only a draft may change."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"


class RecordState(StrEnum):
    """What became of one step for one member."""

    STARTED = "started"
    WAITING = "waiting"
    RETURNED = "returned"
    FAILED = "failed"
    DONE = "done"


GROUP = "group"
"""What stands as the kind of a step that holds other steps."""


class CoInstructor(Base):
    """Somebody who looks after a path beside its owner: they edit it, review what its members hand in, or both."""

    __tablename__ = "co_instructor"

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    may_edit: Mapped[bool] = mapped_column(default=True, server_default=true())
    may_review: Mapped[bool] = mapped_column(default=True, server_default=true())


class Prerequisite(Base):
    """A path that has to be completed before another can be joined."""

    __tablename__ = "prerequisite"

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), primary_key=True)
    needs_id: Mapped[int] = mapped_column(
        ForeignKey("learning_path.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class LearningPath(PublicIdMixin, Base):
    """A learning path: the thing people join, whatever version of it they stand on."""

    __tablename__ = "learning_path"

    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=PathState.DRAFT, index=True)
    seen_by: Mapped[str] = mapped_column(String(20), default=Visibility.EVERYBODY, server_default="everybody")
    joined_by: Mapped[str] = mapped_column(String(20), default=Visibility.EVERYBODY, server_default="everybody")
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now, index=True)
    archived_at: Mapped[datetime | None] = mapped_column(index=True)

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
    """One version of a path: a draft changes, a published one never does again.

    `ordered` says that the steps are done one after the other, `approved` that an instructor approves each completion.
    """

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
    ordered: Mapped[bool] = mapped_column(default=False, server_default=false())
    approved: Mapped[bool] = mapped_column(default=False, server_default=false())
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
    def tasks(self) -> list[Step]:
        """The steps that a learner does; groups only hold others."""
        return [step for step in self.steps if not step.is_group]

    @property
    def mandatory_steps(self) -> list[Step]:
        """The steps that count."""
        return [step for step in self.tasks if step.mandatory]


class Step(PublicIdMixin, Base):
    """One thing to do on a path, or a group of such; its key stays the same from version to version.

    `position` counts through the whole version, a group before what it holds; `parent_key` is the key of the group round it.
    `needed` is how many steps of a group are enough, or None where all mandatory ones have to be done. The time for a
    step ends a period after its member began (`limit_count` `limit_unit`), or at `due_at`; then it is overdue, or failed
    where `strict`.
    """

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("path_version.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(22), default=ids.public_id, index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(200))
    mandatory: Mapped[bool] = mapped_column(default=True)
    minutes: Mapped[int | None]
    parent_key: Mapped[str | None] = mapped_column(String(22))
    needed: Mapped[int | None]
    points: Mapped[int | None]
    limit_count: Mapped[int | None]
    limit_unit: Mapped[str] = mapped_column(String(10), default="days", server_default="days")
    due_at: Mapped[datetime | None]
    strict: Mapped[bool] = mapped_column(default=False, server_default=false())
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    content_hash: Mapped[str] = mapped_column(String(64))

    version: Mapped[PathVersion] = relationship(back_populates="steps")

    @property
    def is_group(self) -> bool:
        """Whether it holds other steps."""
        return self.kind == GROUP


class Membership(PublicIdMixin, Base):
    """Somebody on a path, and the version of it they stand on.

    `status`, `done`, `total`, `points` and `changes_at` are what progress said last: kept for lists of many, and made anew
    whenever something happens, at the latest when `changes_at` passes. `round` counts renewals: only what was done in the
    present round counts. `started_at` is when the time for the steps began, `extended_until` a later end given to them,
    `reminded_of` the deadline they were last reminded of. `to_settle` asks for progress to be made anew, `to_carry` for a
    completion to be carried to other paths that ask for this one.
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("path_id", "person_id"),
        Index("ix_membership_path_status", "path_id", "left_at", "status"),
    )

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("path_version.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(default=now)
    active_at: Mapped[datetime] = mapped_column(default=now)
    completed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None] = mapped_column(index=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id", ondelete="SET NULL"), index=True)
    to_settle: Mapped[bool] = mapped_column(default=False, index=True)
    status: Mapped[str] = mapped_column(
        String(20), default=Status.IN_PROGRESS, server_default="in_progress", index=True
    )
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    points: Mapped[int] = mapped_column(default=0, server_default="0")
    changes_at: Mapped[datetime | None] = mapped_column(index=True)
    started_at: Mapped[datetime] = mapped_column(default=now, server_default="1970-01-01 00:00:00")
    extended_until: Mapped[datetime | None]
    reminded_of: Mapped[datetime | None]
    to_carry: Mapped[bool] = mapped_column(default=False, server_default=false(), index=True)
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    mandatory: Mapped[bool] = mapped_column(default=False, server_default=false())
    by_person: Mapped[bool] = mapped_column(default=True, server_default=true())
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)

    path: Mapped[LearningPath] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    version: Mapped[PathVersion] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
    records: Mapped[list[StepRecord]] = relationship(
        back_populates="membership", cascade="all, delete-orphan", order_by="StepRecord.id"
    )

    @property
    def source(self) -> str:
        """What the certificate of this membership's present round is granted for: one certificate a source."""
        return f"membership:{self.public_id}" + (f":{self.round}" if self.round > 1 else "")


class StepRecord(PublicIdMixin, Base):
    """What a member did of one step in one round; it counts for as long as the step says what it said then.

    `done_at` is when it was done, not when somebody looked at it; `grade` is in percent, `attempts` how often it was tried.
    """

    __tablename__ = "step_record"
    __table_args__ = (UniqueConstraint("membership_id", "step_key", "round"),)

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    step_key: Mapped[str] = mapped_column(String(22), index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    state: Mapped[str] = mapped_column(String(20), index=True)
    grade: Mapped[float | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    note: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    handed_in_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(Text, default="")

    membership: Mapped[Membership] = relationship(back_populates="records")
    decided_by: Mapped[Person | None] = relationship()


class StepEvent(PublicIdMixin, Base):
    """Something that happened to a member's step: handed in, accepted, sent back, set done or failed, another try given."""

    __tablename__ = "step_event"

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    step_key: Mapped[str | None] = mapped_column(String(22))
    what: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    comment: Mapped[str] = mapped_column(Text, default="")
    grade: Mapped[float | None]

    by: Mapped[Person | None] = relationship()


def content_hash(kind: str, title: str, content: dict[str, Any]) -> str:
    """Return the SHA-256 of what a step asks of its learner: a step that asks something else has to be done again."""
    said = json.dumps([kind, title, content], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
