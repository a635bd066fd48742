"""Who is on a path, and what they did there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.certificates.models import Certificate
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.learning.models.paths import LearningPath, PathVersion
from portal.learning.models.states import Status


class Membership(PublicIdMixin, Base):
    """Somebody on a path, and the version of it they stand on.

    `status`, `done`, `total`, `points` and `changes_at` are what progress said last: kept for lists of many, and made anew
    whenever something happens, at the latest when `changes_at` passes. `round` counts renewals: only what was done in the
    present round counts. `started_at` is when the time for the steps began, `extended_until` a later end given to them,
    `reminded_of` the deadline they were last reminded of. `to_settle` asks for progress to be made anew, `to_carry` for a
    completion to be carried to other paths that ask for this one. `by_person` says that somebody put this person on the
    path by name (or they themselves), beside any group of theirs; `mandatory`, that they cannot leave it by themselves,
    because of such a group or as `obliged_by_person`.
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
    obliged_by_person: Mapped[bool] = mapped_column(default=False, server_default=false())
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
