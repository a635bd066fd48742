"""What a completion earns: the settings a path has for it, and the certificates that were granted."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.badges.models import BadgeClass
from portal.core import ids
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.core.jobs import Leased


class ValidityKind(StrEnum):
    """How long a certificate holds: for ever, for a time, or through a day."""

    PERMANENT = "permanent"
    PERIOD = "period"
    DATE = "date"


class ValidityUnit(StrEnum):
    """What a period of validity is counted in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class CertificateState(StrEnum):
    """Where a certificate stands now; one that was renewed or will never end is valid until it is over."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"

    @property
    def holds(self) -> bool:
        """Whether a certificate in this state says something that is true today."""
        return self in {CertificateState.VALID, CertificateState.EXPIRING}


class Replacement(StrEnum):
    """Why another certificate stands in the place of one."""

    RENEWAL = "renewal"
    REISSUE = "reissue"


class Repeats(StrEnum):
    """Which steps have to be done again to renew a certificate."""

    ALL = "all"
    CHOSEN = "chosen"


class CertificateTemplate(PublicIdMixin, Base):
    """How certificates look, as an instructor made it: every instructor may use it, its owner changes it.

    `design` is what portal/certificates/design/designs.py describes; it is frozen as `Paper` when a path is published.
    """

    __tablename__ = "certificate_template"

    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    design: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now, index=True)
    archived_at: Mapped[datetime | None] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(default=1, server_default="1")

    owner: Mapped[Person | None] = relationship()


class Paper(Base):
    """How certificates of a published version look, for ever: one row for each design, found by the hash of it."""

    __tablename__ = "paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    design: Mapped[dict[str, Any]] = mapped_column(JSON)
    frozen_at: Mapped[datetime] = mapped_column(default=now)


class Certification(Base):
    """What one version of a path gives for completing it; turning a switch off keeps what was typed below it.

    A certificate holds for `validity_count` `validity_unit`, or through `valid_day` by the clocks of `valid_zone`, each
    year anew where `valid_yearly`. `warning_*` and `renewal_*` are how long before the end its holder is warned and may
    renew it; `renewal_keys` are the steps to do again where `renewal_repeats` is "chosen".
    """

    __tablename__ = "certification"

    id: Mapped[int] = mapped_column(primary_key=True)
    enabled: Mapped[bool] = mapped_column(default=False)
    validity_kind: Mapped[str] = mapped_column(String(20), default=ValidityKind.PERMANENT)
    validity_count: Mapped[int | None]
    validity_unit: Mapped[str] = mapped_column(String(10), default=ValidityUnit.YEARS)
    valid_day: Mapped[date | None]
    valid_zone: Mapped[str] = mapped_column(String(60), default="UTC", server_default="UTC")
    valid_yearly: Mapped[bool] = mapped_column(default=False, server_default=false())
    warning_count: Mapped[int | None]
    warning_unit: Mapped[str] = mapped_column(String(10), default=ValidityUnit.DAYS, server_default="days")
    renewal: Mapped[bool] = mapped_column(default=False, server_default=false())
    renewal_count: Mapped[int | None]
    renewal_unit: Mapped[str] = mapped_column(String(10), default=ValidityUnit.DAYS, server_default="days")
    renewal_repeats: Mapped[str] = mapped_column(String(10), default=Repeats.ALL, server_default="all")
    renewal_keys: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    open_badges: Mapped[bool] = mapped_column(default=False)
    badge_name: Mapped[str] = mapped_column(String(200), default="")
    badge_description: Mapped[str] = mapped_column(Text, default="")
    badge_criteria: Mapped[str] = mapped_column(Text, default="")
    badge_tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    badge_achievement_type: Mapped[str] = mapped_column(String(40), default="", server_default="")
    badge_language: Mapped[str] = mapped_column(String(20), default="", server_default="")
    badge_alignments: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    cover_key: Mapped[str | None] = mapped_column(String(80))
    badge_class_id: Mapped[int | None] = mapped_column(ForeignKey("badge_class.id"), index=True)
    frozen_at: Mapped[datetime | None]
    template_id: Mapped[int | None] = mapped_column(
        ForeignKey("certificate_template.id", ondelete="SET NULL"), index=True
    )
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"), index=True)

    badge_class: Mapped[BadgeClass | None] = relationship()
    template: Mapped[CertificateTemplate | None] = relationship()
    paper: Mapped[Paper | None] = relationship()

    @property
    def gives_badge(self) -> bool:
        """Whether a badge can be earned besides the certificate."""
        return self.enabled and self.open_badges


class Certificate(PublicIdMixin, Base):
    """A certificate that somebody was granted: everything on it stays as it was that day.

    `grade` is in percent and `minutes` is the time of study, where the path knows them; `paper` is how it is printed.
    `issued_at` is when it was achieved, `granted_at` when it was granted. `valid_zone` is set where it holds through a day
    somewhere. `replaces` is the certificate in whose place it stands, `replaced_as` says of that one why; `earned_as` names the one
    whose badge is this one's too. `tell_at` is the next moment at which its holder has to be told something.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        Index("ix_certificate_holder_issued", "holder_id", "issued_at"),
        Index("ix_certificate_path_issued", "path_public_id", "issued_at"),
        Index("ix_certificate_path_valid", "path_public_id", "valid_until"),
    )

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
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"), index=True)
    grade: Mapped[float | None]
    minutes: Mapped[int | None]
    name_published: Mapped[bool] = mapped_column(default=False)
    revoked_at: Mapped[datetime | None]
    revocation_reason: Mapped[str] = mapped_column(String(500), default="")
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    granted_at: Mapped[datetime | None] = mapped_column(default=now)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    grant_reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    valid_zone: Mapped[str | None] = mapped_column(String(60))
    warn_at: Mapped[datetime | None]
    renewal_opens_at: Mapped[datetime | None]
    tell_at: Mapped[datetime | None] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id", ondelete="SET NULL"), unique=True)
    replaced_at: Mapped[datetime | None]
    replaced_as: Mapped[str | None] = mapped_column(String(10))
    earned_as: Mapped[str | None] = mapped_column(String(22))
    new_name_asked_at: Mapped[datetime | None]

    holder: Mapped[Person] = relationship(foreign_keys=[holder_id])
    granted_by: Mapped[Person | None] = relationship(foreign_keys=[granted_by_id])
    replaces: Mapped[Certificate | None] = relationship(
        remote_side=lambda: Certificate.id, back_populates="replaced_by", foreign_keys=[replaces_id]
    )
    replaced_by: Mapped[Certificate | None] = relationship(
        back_populates="replaces", foreign_keys=[replaces_id], uselist=False
    )
    badge_class: Mapped[BadgeClass | None] = relationship()
    paper: Mapped[Paper | None] = relationship()

    @property
    def zone(self) -> str:
        """The time zone in which its days are counted, wherever they are shown: what was printed shows them to everybody."""
        return self.valid_zone or "UTC"

    @property
    def state(self) -> CertificateState:
        """Where the certificate stands at this moment."""
        if self.revoked_at is not None:
            return CertificateState.REVOKED
        if self.replaced_as == Replacement.REISSUE:
            return CertificateState.REPLACED
        if self.valid_until is not None and self.valid_until < now():
            return CertificateState.EXPIRED
        if self.warn_at is not None and self.warn_at <= now() and self.replaced_at is None:
            return CertificateState.EXPIRING
        return CertificateState.VALID

    @property
    def renewable(self) -> bool:
        """Whether its holder may renew it now: renewal has opened, and neither a renewal nor anything else ended it."""
        return (
            self.renewal_opens_at is not None
            and self.renewal_opens_at <= now()
            and self.revoked_at is None
            and self.replaced_at is None
        )

    @property
    def badge_source(self) -> str:
        """What the badge of this certificate is awarded for: one live award a source."""
        return f"certificate:{self.earned_as or self.public_id}"


class PublishedWork(PublicIdMixin, Base):
    """Reviewed work that a learner agreed to publish with a badge, as it was then; its public id is its secret address.

    One row is one consent, given with one award; withdrawing it empties `text` and `files`.
    """

    __tablename__ = "published_work"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"), index=True)
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id", ondelete="SET NULL"), index=True)
    key: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    files: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    published_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]

    certificate: Mapped[Certificate] = relationship()


class ErasedCertificate(Base):
    """A certificate whose holder was erased: what is left of it names nobody."""

    __tablename__ = "erased_certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    path_title: Mapped[str] = mapped_column(String(200))
    issuer_name: Mapped[str] = mapped_column(String(255))
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    erased_at: Mapped[datetime] = mapped_column(default=now)


class Printing(Leased, Base):
    """A certificate whose PDF is still to be made; the row goes once the file lies in the storage."""

    __tablename__ = "certificate_printing"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"), unique=True)
    problem: Mapped[str] = mapped_column(String(500), default="")

    certificate: Mapped[Certificate] = relationship()


class GrantBatch(PublicIdMixin, Base):
    """A list of people to whom an instructor grants the certificate of a path by hand: what all of them have in common.

    `invite` says that whoever has no account yet is invited first.
    """

    __tablename__ = "grant_batch"

    path_public_id: Mapped[str] = mapped_column(String(22), index=True)
    path_title: Mapped[str] = mapped_column(String(200))
    path_version: Mapped[int]
    language: Mapped[str] = mapped_column(String(20), default="en")
    certification_id: Mapped[int] = mapped_column(ForeignKey("certification.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    invite: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)

    certification: Mapped[Certification] = relationship()
    by: Mapped[Person | None] = relationship()


class OrderState(StrEnum):
    """What became of one line of a list; `due` waits for the worker."""

    DUE = "due"
    GRANTED = "granted"
    REFUSED = "refused"


class GrantOrder(Leased, PublicIdMixin, Base):
    """One line of such a list. Its certificate's source names the row, so that a repeat after a kill makes no second one."""

    __tablename__ = "grant_order"
    __table_args__ = (Index("ix_grant_order_batch_state", "batch_id", "state"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("grant_batch.id", ondelete="CASCADE"))
    line: Mapped[int]
    name: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    achieved_at: Mapped[datetime]
    grade: Mapped[float | None]
    minutes: Mapped[int | None]
    problem: Mapped[str] = mapped_column(String(500), default="")
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id", ondelete="SET NULL"), index=True)

    batch: Mapped[GrantBatch] = relationship()
    person: Mapped[Person | None] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
