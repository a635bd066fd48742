"""Which backpack is offered, what a person allowed this portal there, and what became of each badge that was sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.badges.models import Award
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.core.jobs import DUE, Leased

BUILT_IN, MOZILLA = "builtin", "mozilla"
KEYWORD = "Valamis"


class SendingState(StrEnum):
    """Where a sending stands; `due` is waiting for the worker."""

    WAITING = DUE
    NEEDS_PERMISSION = "needs_permission"
    TO_HAND_OVER = "to_hand_over"
    HANDED_OVER = "handed_over"
    SENT = "sent"
    ALREADY_THERE = "already_there"
    REFUSED = "refused"
    FAILED = "failed"
    REPLACED = "replaced"

    @property
    def accepted(self) -> bool:
        """Whether the badge lies in a backpack."""
        return self in {SendingState.SENT, SendingState.ALREADY_THERE}

    @property
    def may_be_retried(self) -> bool:
        """Whether it ended without the badge in a backpack."""
        return self in {SendingState.REFUSED, SendingState.FAILED}

    @property
    def moves_by_itself(self) -> bool:
        """Whether it changes without the learner doing anything here."""
        return self in {SendingState.WAITING, SendingState.HANDED_OVER}


class Reason(StrEnum):
    """Why a sending stands where it stands, as a word that `words` can explain."""

    DENIED = "denied"
    NOT_ACCEPTED = "not_accepted"
    ACCESS_DENIED = "access_denied"
    PERMISSION_WITHDRAWN = "permission_withdrawn"
    OTHER_ADDRESS = "other_address"
    OTHER_ORIGIN = "other_origin"
    IMAGE = "image"
    INACCESSIBLE = "inaccessible"
    MALFORMED = "malformed"
    INVALID = "invalid"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    BUSY = "busy"
    PRIVATE_ADDRESS = "private_address"
    NOT_UNDERSTOOD = "not_understood"
    NO_WAY_IN = "no_way_in"
    REVOKED = "revoked"


class DeliverySettings(Base):
    """The backpack that is offered to learners, and the word that collections to be shown must contain: one row."""

    __tablename__ = "delivery_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    backpack_kind: Mapped[str] = mapped_column(String(20), default=BUILT_IN)
    backpack_url: Mapped[str] = mapped_column(String(500), default="")
    collection_keyword: Mapped[str] = mapped_column(String(60), default=KEYWORD)
    changed_at: Mapped[datetime] = mapped_column(default=now)


class KnownBackpack(Base):
    """What a look at a backpack found, kept so that not every sending has to look anew."""

    __tablename__ = "known_backpack"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(500), unique=True)
    found: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    looked_at: Mapped[datetime] = mapped_column(default=now)


class Connection(PublicIdMixin, Base):
    """A person's permission for this portal to put badges into their backpack; the tokens are encrypted."""

    __tablename__ = "connection"
    __table_args__ = (UniqueConstraint("person_id", "backpack_url"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    backpack_url: Mapped[str] = mapped_column(String(500))
    api_root: Mapped[str] = mapped_column(String(500))
    tokens: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime | None]
    allowed_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    busy_until: Mapped[datetime] = mapped_column(default=now)

    @property
    def holds(self) -> bool:
        """Whether the permission stands."""
        return self.withdrawn_at is None and self.tokens is not None


class ConsentRequest(Base):
    """A person on their way to a backpack's consent page; the way back holds a nonce that is good once, in one session."""

    __tablename__ = "consent_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    backpack_url: Mapped[str] = mapped_column(String(500))
    back_to: Mapped[str] = mapped_column(String(500))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Sending(PublicIdMixin, Leased, Base):
    """A badge on its way to a backpack: one row for each award, whatever is clicked how often."""

    __tablename__ = "sending"

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    backpack_url: Mapped[str] = mapped_column(String(500))
    backpack_name: Mapped[str] = mapped_column(String(255))
    built_in: Mapped[bool] = mapped_column(default=False)
    courier: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(40))
    confirmed_by: Mapped[str | None] = mapped_column(String(20))
    back_to: Mapped[str] = mapped_column(String(500), default="/")
    asked_at: Mapped[datetime] = mapped_column(default=now)
    pushed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    award: Mapped[Award] = relationship(lazy="joined", innerjoin=True)


class HandOff(Base):
    """One opening of the hand-off page: its address is a token that needs no session and answers once."""

    __tablename__ = "hand_off"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    sending_id: Mapped[int] = mapped_column(ForeignKey("sending.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    sending: Mapped[Sending] = relationship()
