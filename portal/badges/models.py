"""The issuer, what badges say, and who was given one."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.core.jobs import DUE, Leased


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


class Endorsement(PublicIdMixin, Leased, Base):
    """What another issuer says of a badge class, or of this issuer where `badge_class_id` is none.

    `body` is as it was handed in and `document` the JSON or JWT that was in it; neither ever changes. `checks` are those of
    `verified_at` or, where it does not stand any more, of `failed_at`. A carried one is put into the 3.0 credentials that
    are signed while it stands. The worker checks it anew from `not_before` on.
    """

    __tablename__ = "endorsement"

    badge_class_id: Mapped[int | None] = mapped_column(ForeignKey("badge_class.id"), index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    document: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    standard: Mapped[str] = mapped_column(String(10))
    form: Mapped[str] = mapped_column(String(20))
    identifier: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    issuer_id: Mapped[str] = mapped_column(Text)
    issuer_name: Mapped[str] = mapped_column(String(255))
    issuer_url: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    issued_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    carried: Mapped[bool] = mapped_column(default=False)
    checks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    added_at: Mapped[datetime] = mapped_column(default=now)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    verified_at: Mapped[datetime] = mapped_column(default=now)
    failed_at: Mapped[datetime | None]

    badge_class: Mapped[BadgeClass | None] = relationship()
    added_by: Mapped[Person | None] = relationship()

    @property
    def stands(self) -> bool:
        """Whether the public may see it."""
        return self.failed_at is None and (self.expires_at is None or self.expires_at > now())


class Award(PublicIdMixin, Base):
    """A badge given to somebody: its documents were composed when it was given and never change.

    `offered_at` is set while an award that nobody asked for waits for its holder's yes: until then nothing of it is public
    (docs/adr/0010). `accepted_at` is when the holder said it. `narrative` is what the holder says of it, `evidence` what
    they publish besides the certificate, `result` the grade: each as the values of `portal.openbadges.model`.
    """

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("status_list_id", "status_index"),)

    badge_class_id: Mapped[int] = mapped_column(ForeignKey("badge_class.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    recipient_address: Mapped[str | None] = mapped_column(String(255))
    salt: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    evidence_url: Mapped[str] = mapped_column(String(500), default="")
    narrative: Mapped[str] = mapped_column(Text, default="", server_default="")
    evidence: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    result: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
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
    offered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("award_batch.id", ondelete="SET NULL"), index=True)

    badge_class: Mapped[BadgeClass] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    replaced_by: Mapped[Award | None] = relationship(foreign_keys=[replaced_by_id], remote_side="Award.id")

    @property
    def live(self) -> bool:
        """Whether the award stands: neither revoked, nor withdrawn, nor replaced by another."""
        return self.revoked_at is None and self.withdrawn_at is None and self.replaced_at is None

    @property
    def offered(self) -> bool:
        """Whether the award waits for its holder to accept or decline it."""
        return self.offered_at is not None and self.live

    @property
    def declined(self) -> bool:
        """Whether its holder did not want it."""
        return self.offered_at is not None and self.withdrawn_at is not None

    @property
    def expired(self) -> bool:
        """Whether the award's time is over."""
        return self.expires_at is not None and self.expires_at <= now()


class OrderState(StrEnum):
    """What became of one learner's place in a batch; `due` waits for the worker."""

    WAITING = DUE
    GIVEN = "given"
    HAD = "had"
    NO_ADDRESS = "no_address"
    UNFIT = "unfit"
    FAILED = "failed"


class AwardBatch(PublicIdMixin, Base):
    """A badge given to many at once; `series` names the path whose badge it is, as `BadgeClass.series` does."""

    __tablename__ = "award_batch"

    badge_class_id: Mapped[int] = mapped_column(ForeignKey("badge_class.id"), index=True)
    series: Mapped[str] = mapped_column(String(80), index=True)
    title: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)

    badge_class: Mapped[BadgeClass] = relationship()
    by: Mapped[Person | None] = relationship()


class AwardOrder(Leased, Base):
    """One learner of a batch: its place in a status list is kept here, so that a worker that was killed goes on with it."""

    __tablename__ = "award_order"
    __table_args__ = (
        UniqueConstraint("batch_id", "source"),
        UniqueConstraint("status_list_id", "status_index"),
        Index("ix_award_order_batch_state", "batch_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("award_batch.id", ondelete="CASCADE"))
    badge_class_id: Mapped[int] = mapped_column(ForeignKey("badge_class.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(255), default="")
    source: Mapped[str] = mapped_column(String(80), index=True)
    evidence_url: Mapped[str] = mapped_column(String(500), default="")
    expires_at: Mapped[datetime | None]
    status_list_id: Mapped[int | None] = mapped_column(ForeignKey("status_list.id"))
    status_index: Mapped[int | None]

    person: Mapped[Person] = relationship()


class Rebinding(Base):
    """That an award was given anew to another address of its holder; the addresses are kept masked."""

    __tablename__ = "rebinding"

    id: Mapped[int] = mapped_column(primary_key=True)
    old_id: Mapped[int] = mapped_column(ForeignKey("award.id", ondelete="CASCADE"), index=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("award.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    from_address: Mapped[str] = mapped_column(String(255))
    to_address: Mapped[str] = mapped_column(String(255))

    old: Mapped[Award] = relationship(foreign_keys=[old_id])
    new: Mapped[Award] = relationship(foreign_keys=[new_id])
    by: Mapped[Person | None] = relationship()


class OwnIdentifier(Base):
    """A person's own decentralised identifier (DID), as they say it: badges may name it as their subject."""

    __tablename__ = "own_identifier"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    did: Mapped[str] = mapped_column(String(255))
    said_at: Mapped[datetime] = mapped_column(default=now)


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
