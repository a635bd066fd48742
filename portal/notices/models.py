"""Mails that were written, and what became of each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.core.jobs import Leased

OUTBOX, SENT, FAILED = "outbox", "sent", "failed"


class Mail(Leased, PublicIdMixin, Base):
    """One mail. `state` is due, sent, failed, or outbox where no mail server is configured.

    Text and HTML are encrypted, since they hold links that open accounts; they are erased once the mail has left.
    """

    __tablename__ = "mail"

    to_address: Mapped[str] = mapped_column(String(255), index=True)
    template: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(500))
    text: Mapped[bytes | None] = mapped_column(LargeBinary)
    html: Mapped[bytes | None] = mapped_column(LargeBinary)
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
