"""How people come to a path otherwise than one by one: through groups, in long lists; and what is written to many of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Group, Person
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.core.jobs import Leased
from portal.learning.models import LearningPath


class PathGroup(Base):
    """A group whose people are members of a path: whoever comes to it joins, whoever leaves it leaves."""

    __tablename__ = "path_group"

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("people_group.id"), primary_key=True, index=True)
    mandatory: Mapped[bool] = mapped_column(default=False, server_default=false())
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    added_at: Mapped[datetime] = mapped_column(default=now)

    path: Mapped[LearningPath] = relationship()
    group: Mapped[Group] = relationship()


class MembershipGroup(Base):
    """That a member came to a path through a group. It outlasts their own leaving, so that the group does not bring them back."""

    __tablename__ = "membership_group"

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("people_group.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class AudienceWork(Leased, Base):
    """Some hundred people of whom it is to be seen whether they are on a path: by name where `by_person`, else by its groups.

    A row is one step of the worker, done as a whole and then deleted; what a long list or a big group asks for is written
    down as many rows at once.
    """

    __tablename__ = "audience_work"

    id: Mapped[int] = mapped_column(primary_key=True)
    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), index=True)
    person_ids: Mapped[list[int]] = mapped_column(JSON)
    people: Mapped[int]
    by_person: Mapped[bool] = mapped_column(default=False)
    mandatory: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    path: Mapped[LearningPath] = relationship()
    by: Mapped[Person | None] = relationship()


class PathMessage(Leased, PublicIdMixin, Base):
    """What an instructor wrote to members of a path; `state` is due, then sent."""

    __tablename__ = "path_message"

    path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id", ondelete="CASCADE"), index=True)
    sender_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    sender_name: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    person_ids: Mapped[list[int]] = mapped_column(JSON)
    people: Mapped[int]
    written_at: Mapped[datetime] = mapped_column(default=now, index=True)

    path: Mapped[LearningPath] = relationship()
