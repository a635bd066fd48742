"""Learning paths, their versions and steps."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, and_, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Group, Person
from portal.certificates.models import Certification
from portal.core import ids
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.learning.models.audience import Category, PathTag, Prerequisite
from portal.learning.models.states import GROUP, PathState, VersionState, Visibility


class CoInstructor(Base):
    """Somebody who looks after a path beside its owner: they edit it, review what its members hand in, or both."""

    __tablename__ = "co_instructor"

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    may_edit: Mapped[bool] = mapped_column(default=True, server_default=true())
    may_review: Mapped[bool] = mapped_column(default=True, server_default=true())


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
    co_instructors: Mapped[list[CoInstructor]] = relationship(cascade="all, delete-orphan")
    instructors: Mapped[list[Person]] = relationship(
        secondary="co_instructor", order_by=lambda: (Person.name, Person.id), viewonly=True
    )
    needs: Mapped[list[LearningPath]] = relationship(
        secondary="prerequisite",
        primaryjoin=lambda: LearningPath.id == Prerequisite.path_id,
        secondaryjoin=lambda: LearningPath.id == Prerequisite.needs_id,
        order_by=lambda: LearningPath.id,
    )
    groups: Mapped[list[Group]] = relationship(secondary="path_audience", order_by=lambda: (Group.name, Group.id))
    categories: Mapped[list[Category]] = relationship(
        secondary="path_category", order_by=lambda: (Category.name, Category.id)
    )
    tags: Mapped[list[PathTag]] = relationship(cascade="all, delete-orphan", order_by="PathTag.word")
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


def content_hash(kind: str, title: str, content: dict[str, Any]) -> str:
    """Return the SHA-256 of what a step asks of its learner: a step that asks something else has to be done again.

    What stands under a name that begins with "_", such as captions, helps the learner and asks nothing.
    """
    asked = {name: value for name, value in content.items() if not name.startswith("_")}
    said = json.dumps([kind, title, asked], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
