"""The issuer, what badges say, and who was given one."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin


class IssuerProfile(Base):
    """The organisation that gives the badges: one row, whose text may change while its address stays."""

    __tablename__ = "issuer_profile"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(Text, default="")
    logo_key: Mapped[str | None] = mapped_column(String(80))
    base_url: Mapped[str | None] = mapped_column(String(255))
    changed_at: Mapped[datetime] = mapped_column(default=now)


class SigningKey(PublicIdMixin, Base):
    """A key of the issuer: encrypted at rest; a retired one still verifies what it signed, a compromised one does not."""

    __tablename__ = "signing_key"

    kind: Mapped[str] = mapped_column(String(10))
    private_pem: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    public_pem: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(default=now)
    retired_at: Mapped[datetime | None]
    compromised_at: Mapped[datetime | None]

    @property
    def active(self) -> bool:
        """Whether new awards are signed with it."""
        return self.retired_at is None


class StatusList(PublicIdMixin, Base):
    """A list of which 3.0 credentials are revoked, signed in both forms whenever it changes."""

    __tablename__ = "status_list"

    taken: Mapped[int] = mapped_column(default=0)
    signed_at: Mapped[datetime] = mapped_column(default=now)
    document: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    token: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class BadgeClass(PublicIdMixin, Base):
    """What a badge says, frozen: whenever it would say something else, another row with another address is made."""

    __tablename__ = "badge_class"

    content_hash: Mapped[str] = mapped_column(String(64), unique=True)
    series: Mapped[str] = mapped_column(String(80), default="", index=True)
    number: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    criteria: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    alignments: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    achievement_type: Mapped[str] = mapped_column(String(40), default="")
    image_key: Mapped[str] = mapped_column(String(80))
    image_alt: Mapped[str] = mapped_column(String(500), default="")
    language: Mapped[str] = mapped_column(String(20), default="en")
    frozen_at: Mapped[datetime] = mapped_column(default=now)
    earlier: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    document_v1: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    document_v2: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    document_v3: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Award(PublicIdMixin, Base):
    """A badge given to somebody: its documents were composed when it was given and never change."""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("status_list_id", "status_index"),)

    badge_class_id: Mapped[int] = mapped_column(ForeignKey("badge_class.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    recipient_address: Mapped[str | None] = mapped_column(String(255))
    salt: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    evidence_url: Mapped[str] = mapped_column(String(500), default="")
    source: Mapped[str] = mapped_column(String(80), index=True)
    document_v1: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    document_v2: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    subject_id: Mapped[str] = mapped_column(String(255), default=lambda: uuid.uuid4().urn)
    document_signed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    document_v3: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    document_v3_jwt: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    signed_at: Mapped[datetime | None]
    proof_key_id: Mapped[int | None] = mapped_column(ForeignKey("signing_key.id"), index=True)
    token_key_id: Mapped[int | None] = mapped_column(ForeignKey("signing_key.id"), index=True)
    status_list_id: Mapped[int | None] = mapped_column(ForeignKey("status_list.id"))
    status_index: Mapped[int | None]
    revoked_at: Mapped[datetime | None]
    revocation_reason: Mapped[str] = mapped_column(Text, default="")
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    withdrawn_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"))

    badge_class: Mapped[BadgeClass] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    replaced_by: Mapped[Award | None] = relationship(foreign_keys=[replaced_by_id], remote_side="Award.id")

    @property
    def live(self) -> bool:
        """Whether the award stands: neither revoked, nor withdrawn, nor replaced by another."""
        return self.revoked_at is None and self.withdrawn_at is None and self.replaced_at is None

    @property
    def expired(self) -> bool:
        """Whether the award's time is over."""
        return self.expires_at is not None and self.expires_at <= now()


UNSIGNED = Award.signed_at.is_(None)
Index("ix_award_unsigned", Award.id, sqlite_where=UNSIGNED, postgresql_where=UNSIGNED)
LIVE = and_(Award.revoked_at.is_(None), Award.withdrawn_at.is_(None), Award.replaced_at.is_(None))
Index(
    "uq_award_live_source",
    Award.source,
    unique=True,
    sqlite_where=LIVE,
    postgresql_where=LIVE,
)
ACTIVE = SigningKey.retired_at.is_(None)
Index("uq_signing_key_active", SigningKey.kind, unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE)
