"""What a completion earns: the settings a path has for it, and the certificates that were granted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.badges.models import BadgeClass
from portal.core import ids
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin


class ValidityKind(StrEnum):
    """How long a certificate holds: for ever, or for a time."""

    PERMANENT = "permanent"
    PERIOD = "period"


class ValidityUnit(StrEnum):
    """What a period of validity is counted in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class CertificateState(StrEnum):
    """Where a certificate stands now."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Certification(Base):
    """What one version of a path gives for completing it; turning a switch off keeps what was typed below it."""

    __tablename__ = "certification"

    id: Mapped[int] = mapped_column(primary_key=True)
    enabled: Mapped[bool] = mapped_column(default=False)
    validity_kind: Mapped[str] = mapped_column(String(20), default=ValidityKind.PERMANENT)
    validity_count: Mapped[int | None]
    validity_unit: Mapped[str] = mapped_column(String(10), default=ValidityUnit.YEARS)
    open_badges: Mapped[bool] = mapped_column(default=False)
    badge_name: Mapped[str] = mapped_column(String(200), default="")
    badge_description: Mapped[str] = mapped_column(Text, default="")
    badge_criteria: Mapped[str] = mapped_column(Text, default="")
    badge_tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    cover_key: Mapped[str | None] = mapped_column(String(80))
    badge_class_id: Mapped[int | None] = mapped_column(ForeignKey("badge_class.id"), index=True)
    frozen_at: Mapped[datetime | None]

    badge_class: Mapped[BadgeClass | None] = relationship()

    @property
    def gives_badge(self) -> bool:
        """Whether a badge can be earned besides the certificate."""
        return self.enabled and self.open_badges


class Certificate(PublicIdMixin, Base):
    """A certificate that somebody was granted: everything on it stays as it was that day."""

    __tablename__ = "certificate"
    __table_args__ = (Index("ix_certificate_holder_issued", "holder_id", "issued_at"),)

    number: Mapped[str] = mapped_column(String(40), unique=True, default=ids.code)
    share_secret: Mapped[str] = mapped_column(String(64), default=ids.secret)
    source: Mapped[str] = mapped_column(String(120), unique=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    holder_name: Mapped[str] = mapped_column(String(200))
    path_title: Mapped[str] = mapped_column(String(200))
    path_public_id: Mapped[str] = mapped_column(String(22), index=True)
    path_version: Mapped[int]
    issuer_name: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(20), default="en")
    cover_key: Mapped[str | None] = mapped_column(String(80))
    issued_at: Mapped[datetime] = mapped_column(default=now)
    valid_until: Mapped[datetime | None]
    badge_class_id: Mapped[int | None] = mapped_column(ForeignKey("badge_class.id"), index=True)
    name_published: Mapped[bool] = mapped_column(default=False)
    revoked_at: Mapped[datetime | None]
    revocation_reason: Mapped[str] = mapped_column(String(500), default="")
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    holder: Mapped[Person] = relationship(foreign_keys=[holder_id])
    badge_class: Mapped[BadgeClass | None] = relationship()

    @property
    def state(self) -> CertificateState:
        """Where the certificate stands at this moment."""
        if self.revoked_at is not None:
            return CertificateState.REVOKED
        if self.valid_until is not None and self.valid_until <= now():
            return CertificateState.EXPIRED
        return CertificateState.VALID

    @property
    def badge_source(self) -> str:
        """What the badge of this certificate is awarded for: one live award a source."""
        return f"certificate:{self.public_id}"
