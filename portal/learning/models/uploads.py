"""Files that members put to what they hand in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.learning.models.members import Membership


class Upload(PublicIdMixin, Base):
    """A file that a member put to a step: a draft until it is handed in. `size` is in bytes, `key` where it is stored."""

    __tablename__ = "upload"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    step_key: Mapped[str] = mapped_column(String(22))
    key: Mapped[str] = mapped_column(String(80), index=True)
    name: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    handed_in_at: Mapped[datetime | None]

    membership: Mapped[Membership] = relationship()
