"""For whom a path is, and where it stands among others."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, PublicIdMixin


class PathAudience(Base):
    """A group whose people see a path, or may join it, where that is not for everybody."""

    __tablename__ = "path_audience"

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("people_group.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Prerequisite(Base):
    """A path that has to be completed before another can be joined."""

    __tablename__ = "prerequisite"

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), primary_key=True)
    needs_id: Mapped[int] = mapped_column(
        ForeignKey("learning_path.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Category(PublicIdMixin, Base):
    """What paths are about, as administrators sort them."""

    __tablename__ = "category"

    name: Mapped[str] = mapped_column(String(100), unique=True)


class PathCategory(Base):
    """A category that a path stands in."""

    __tablename__ = "path_category"

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[int] = mapped_column(
        ForeignKey("category.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class PathTag(Base):
    """A word by which a path is found."""

    __tablename__ = "path_tag"

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
