"""The dates of events, and who has a place at them: beside a path's versions, so that moving a date needs no new one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.learning.models.members import Membership
from portal.learning.models.paths import LearningPath


class SeatState(StrEnum):
    """What a learner's place at a date is."""

    TAKEN = "taken"
    WAITING = "waiting"
    GIVEN_UP = "given_up"
    ATTENDED = "attended"
    ABSENT = "absent"


class EventDate(PublicIdMixin, Base):
    """One date of the event that a step of a path is, in whatever version the step stands.

    `timezone` is where it takes place, `capacity` how many can come (None: as many as want to), `taken` how many places are
    given. `sequence` counts changes, as calendars do (RFC 5545, 3.8.7.4).
    """

    __tablename__ = "event_date"
    __table_args__ = (Index("ix_event_date_path_step", "path_id", "step_key"),)

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), index=True)
    step_key: Mapped[str] = mapped_column(String(22))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    timezone: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(255), default="")
    link: Mapped[str] = mapped_column(String(2000), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    capacity: Mapped[int | None]
    waiting_list: Mapped[bool] = mapped_column(default=True, server_default=true())
    taken: Mapped[int] = mapped_column(default=0, server_default="0")
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)

    path: Mapped[LearningPath] = relationship()

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.ends_at <= now()

    @property
    def is_open(self) -> bool:
        """Whether people can sign up for it: it is neither cancelled nor over."""
        return self.cancelled_at is None and not self.is_over

    @property
    def free(self) -> int | None:
        """How many places are free, or None where there is no end of them."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)


class EventSeat(PublicIdMixin, Base):
    """A learner's place at a date, or in its waiting list; `asked` says that their instructor was asked whether they came."""

    __tablename__ = "event_seat"
    __table_args__ = (UniqueConstraint("date_id", "membership_id"),)

    date_id: Mapped[int] = mapped_column(ForeignKey("event_date.id", ondelete="CASCADE"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=SeatState.TAKEN, index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    asked: Mapped[bool] = mapped_column(default=False, server_default=false())
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)

    date: Mapped[EventDate] = relationship()
    membership: Mapped[Membership] = relationship()
