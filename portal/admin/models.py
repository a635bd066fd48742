"""What the portal knows of its own running."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class Heartbeat(Base):
    """The one row that the worker touches each minute; its canary was encrypted once, to notice a lost key."""

    __tablename__ = "heartbeat"

    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
    canary: Mapped[bytes] = mapped_column(LargeBinary)
