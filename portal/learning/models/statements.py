"""What outside content says that learners did: statements of the Experience API, and who may make them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.learning.models.paths import LearningPath


class ActivityKey(PublicIdMixin, Base):
    """A key with which outside content makes statements for one step of a path; its secret is known to the content alone."""

    __tablename__ = "activity_key"
    __table_args__ = (Index("ix_activity_key_path_step", "path_id", "step_key"),)

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), index=True)
    step_key: Mapped[str] = mapped_column(String(22))
    name: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(40), unique=True)
    secret_digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    path: Mapped[LearningPath] = relationship()


class Statement(Base):
    """A statement as it was taken: who (`actor`, written one way) did what to what, and when.

    `launched` says that a learner's own launch made it: then it speaks of that learner alone.
    """

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("path_id", "step_key", "statement_id"),
        Index("ix_statement_path_step_actor", "path_id", "step_key", "actor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[str] = mapped_column(String(36), index=True)
    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), index=True)
    step_key: Mapped[str] = mapped_column(String(22))
    key_id: Mapped[int | None] = mapped_column(ForeignKey("activity_key.id", ondelete="SET NULL"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    launched: Mapped[bool] = mapped_column(default=False, server_default=false())
    actor: Mapped[str] = mapped_column(String(600))
    verb: Mapped[str] = mapped_column(String(2000))
    object_id: Mapped[str] = mapped_column(String(2000))
    timestamp: Mapped[datetime]
    stored_at: Mapped[datetime] = mapped_column(default=now)
    voided: Mapped[bool] = mapped_column(default=False, server_default=false())
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
