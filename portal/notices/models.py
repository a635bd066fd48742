"""What people are told, what became of each mail, and what everybody wants to be told by mail."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.core.jobs import Leased

OUTBOX, SENT, FAILED = "outbox", "sent", "failed"


class NoticeState(StrEnum):
    """Where the mail of a notice stands; `due` waits for the worker to decide."""

    DUE = "due"
    GATHERED = "gathered"  # waits for the person's next digest
    MAILED = "mailed"  # a mail was written: `mail` says what became of it
    QUIET = "quiet"  # no mail is wanted, or nobody could get one


class Cadence(StrEnum):
    """How often a person wants mails of notices."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Mail(Leased, PublicIdMixin, Base):
    """One mail. `state` is due, sent, failed, or outbox where no mail server is configured.

    Text and HTML are encrypted, since they hold links that open accounts; they are erased once the mail has left, and with
    them the address at which its reader can end such mails.
    """

    __tablename__ = "mail"

    to_address: Mapped[str] = mapped_column(String(255), index=True)
    template: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(500))
    text: Mapped[bytes | None] = mapped_column(LargeBinary)
    html: Mapped[bytes | None] = mapped_column(LargeBinary)
    unsubscribe: Mapped[bytes | None] = mapped_column(LargeBinary)
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


class Notice(Leased, PublicIdMixin, Base):
    """Something a person is told once: `key` is unique with the person, whoever tells it how often.

    `kind` is a name of `kinds.KINDS`; `content` holds the values of the kind's placeholders; `url` is a path of this portal.
    `state` says where its mail stands, see NoticeState.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index(
            "ix_notice_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    key: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(500), default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id", ondelete="SET NULL"), index=True)

    person: Mapped[Person] = relationship()
    mail: Mapped[Mail | None] = relationship()


class NoticeReader(Leased, PublicIdMixin, Base):
    """How a person wants mails of notices; the row is the work of writing the next digest.

    `state` is due, at `not_before`, while notices are gathered for a digest, and idle otherwise.
    """

    __tablename__ = "notice_reader"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    cadence: Mapped[str] = mapped_column(String(20), default=Cadence.AT_ONCE)

    person: Mapped[Person] = relationship()


class NoticePreference(Base):
    """Whether a person wants mails of one kind of notice; without a row the kind's own default counts."""

    __tablename__ = "notice_preference"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    mail: Mapped[bool]


class NoticeKindSetting(Base):
    """What an administrator decided of one kind: whether it is told at all, and whether by mail where nobody chose."""

    __tablename__ = "notice_kind_setting"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    told: Mapped[bool] = mapped_column(default=True)
    mail: Mapped[bool] = mapped_column(default=True)


class NoticeText(Base):
    """An administrator's own words for one kind of notice in one language, in place of the portal's."""

    __tablename__ = "notice_text"
    __table_args__ = (UniqueConstraint("kind", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(default=now)
