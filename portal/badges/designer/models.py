"""Badge designs, every kept state of each, and the organisation's colours."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin


class BadgeDesign(PublicIdMixin, Base):
    """A badge that can be drawn on: its name, its newest picture, and how often it was saved."""

    __tablename__ = "badge_design"

    name: Mapped[str] = mapped_column(String(200))
    alt: Mapped[str] = mapped_column(String(500), default="")
    picture_key: Mapped[str | None] = mapped_column(String(80))
    revision: Mapped[int] = mapped_column(default=1)
    number: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now, index=True)
    archived_at: Mapped[datetime | None] = mapped_column()

    changed_by: Mapped[Person | None] = relationship(foreign_keys=[changed_by_id], lazy="joined")


class BadgeDesignVersion(Base):
    """One kept state of a design: the document as stored, the picture drawn from it, who saved it and when."""

    __tablename__ = "badge_design_version"
    __table_args__ = (UniqueConstraint("design_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = mapped_column(ForeignKey("badge_design.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    document: Mapped[str] = mapped_column(Text, deferred=True)
    picture_key: Mapped[str | None] = mapped_column(String(80), index=True)
    alt: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
    saved_at: Mapped[datetime] = mapped_column(default=now)
    # A pinned version was saved on purpose or is used somewhere: later saves never write over it.
    pinned: Mapped[bool] = mapped_column(default=False)

    author: Mapped[Person | None] = relationship(lazy="joined")


class BrandColours(Base):
    """The organisation's colours that the designer offers: one row."""

    __tablename__ = "brand_colours"

    id: Mapped[int] = mapped_column(primary_key=True)
    colours: Mapped[list[str]] = mapped_column(JSON, default=list)
