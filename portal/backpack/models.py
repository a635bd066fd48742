"""What a backpack keeps: badges that a person holds, collections of them, and the portals allowed to push."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import ids
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin

NAME = 200
ADDRESS = 2_000


class BackpackOwner(Base):
    """Somebody who has a backpack, known to the Displayer API by a random number."""

    __tablename__ = "backpack_owner"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True, default=ids.number53)
    created_at: Mapped[datetime] = mapped_column(default=now)


class HeldBadge(PublicIdMixin, Base):
    """A badge that was received, with its documents exactly as the issuer served them."""

    __tablename__ = "held_badge"
    __table_args__ = (UniqueConstraint("owner_id", "assertion_url"),)

    owner_id: Mapped[int] = mapped_column(ForeignKey("backpack_owner.id", ondelete="CASCADE"), index=True)
    assertion_url: Mapped[str] = mapped_column(String(ADDRESS))
    uid: Mapped[str] = mapped_column(String(ADDRESS))
    standard: Mapped[str] = mapped_column(String(10))
    assertion: Mapped[dict[str, Any]] = mapped_column(JSON)
    badge_class: Mapped[dict[str, Any]] = mapped_column(JSON)
    issuer: Mapped[dict[str, Any]] = mapped_column(JSON)
    recipient: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(NAME))
    description: Mapped[str] = mapped_column(Text, default="")
    criteria_url: Mapped[str] = mapped_column(Text, default="")
    criteria: Mapped[str] = mapped_column(Text, default="")
    evidence_url: Mapped[str] = mapped_column(Text, default="")
    issuer_name: Mapped[str] = mapped_column(String(NAME), default="")
    issuer_url: Mapped[str] = mapped_column(Text, default="")
    picture_key: Mapped[str] = mapped_column(String(80))
    baked_key: Mapped[str] = mapped_column(String(80))
    checks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    revoked: Mapped[bool] = mapped_column(default=False)
    issued_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(default=now)
    last_validated_at: Mapped[datetime] = mapped_column(default=now)

    owner: Mapped[BackpackOwner] = relationship()

    @property
    def expired(self) -> bool:
        """Whether the badge's time is over."""
        return self.expires_at is not None and self.expires_at <= now()


class Collection(PublicIdMixin, Base):
    """Badges that a person shows together; a public one can be seen by everybody who has its address."""

    __tablename__ = "collection"

    owner_id: Mapped[int] = mapped_column(ForeignKey("backpack_owner.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True, default=ids.number53)
    share_id: Mapped[str] = mapped_column(String(22), unique=True, default=ids.public_id)
    name: Mapped[str] = mapped_column(String(NAME))
    description: Mapped[str] = mapped_column(Text, default="")
    public: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)

    owner: Mapped[BackpackOwner] = relationship()


class CollectionBadge(Base):
    """One badge's place in one collection."""

    __tablename__ = "collection_badge"

    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True)
    badge_id: Mapped[int] = mapped_column(ForeignKey("held_badge.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]

    badge: Mapped[HeldBadge] = relationship()


class PortalGrant(PublicIdMixin, Base):
    """A portal that a person allowed to push badges into their backpack; its tokens are kept as digests alone."""

    __tablename__ = "portal_grant"
    __table_args__ = (UniqueConstraint("owner_id", "origin"),)

    LIFETIME = timedelta(hours=1)

    owner_id: Mapped[int] = mapped_column(ForeignKey("backpack_owner.id", ondelete="CASCADE"), index=True)
    origin: Mapped[str] = mapped_column(String(300))
    scopes: Mapped[str] = mapped_column(String(100))
    access_digest: Mapped[str] = mapped_column(String(64), unique=True)
    refresh_digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    granted_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    owner: Mapped[BackpackOwner] = relationship()


class SpentToken(Base):
    """A refresh token that was exchanged already: whoever shows it again has stolen it, or was stolen from."""

    __tablename__ = "spent_token"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("portal_grant.id", ondelete="CASCADE"), index=True)
    spent_at: Mapped[datetime] = mapped_column(default=now)
