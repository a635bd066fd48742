"""What was last read of a person's public collections, kept so that a backpack that is down hides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.core.jobs import Leased


class Reading(Leased, Base):
    """The snapshot of one verified address in one backpack; `not_before` is when it is read next."""

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint("person_id", "address", "backpack_url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(255))
    backpack_url: Mapped[str] = mapped_column(String(500))
    collections: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    read_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(40))
    watch_until: Mapped[datetime | None]
