"""People, their e-mail addresses, the links that prove things by mail, and the groups that people are in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import ids
from portal.core.clock import now
from portal.core.db import Base, PublicIdMixin
from portal.core.i18n import _
from portal.core.jobs import Leased
from portal.web.policy import Permission, Role, allows


class Person(PublicIdMixin, UserMixin, Base):
    """Somebody with an account: a learner, an instructor or an administrator."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(200), index=True)
    role: Mapped[str] = mapped_column(String(20), default=Role.LEARNER)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    session_epoch: Mapped[str] = mapped_column(String(22), default=ids.public_id)
    language: Mapped[str] = mapped_column(String(20), default="en")
    timezone: Mapped[str] = mapped_column(String(60), default="UTC")
    picture_key: Mapped[str | None] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime | None]

    addresses: Mapped[list[EmailAddress]] = relationship(
        back_populates="person", order_by="EmailAddress.id", cascade="all, delete-orphan"
    )

    @property
    def is_active(self) -> bool:
        """Whether the person may be signed in; asked by Flask-Login."""
        return self.active

    def get_id(self) -> str:
        """Return what the session cookie holds: it stops fitting when the password changes."""
        return f"{self.public_id}.{self.session_epoch}"

    def may(self, permission: Permission) -> bool:
        """Whether the person's role has a permission."""
        return allows(self.role, permission)

    @property
    def email(self) -> str | None:
        """The main address, to which mails go."""
        return next((row.address for row in self.addresses if row.is_primary), None)

    @property
    def invited(self) -> bool:
        """Whether the person has not accepted the invitation yet."""
        return self.password_hash is None

    @property
    def initials(self) -> str:
        """One or two letters that stand for the person where there is no picture."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


class EmailAddress(Base):
    """An address of a person; only one that was verified counts, and one person alone can verify it."""

    __tablename__ = "email_address"
    __table_args__ = (UniqueConstraint("person_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=ids.public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(255), index=True)
    verified_address: Mapped[str | None] = mapped_column(String(255), unique=True)
    verified_at: Mapped[datetime | None]
    is_primary: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)

    person: Mapped[Person] = relationship(back_populates="addresses")


class GroupKind(StrEnum):
    """What a group is: some people put together, or a part of the organisation."""

    GROUP = "group"
    ORGANISATION = "organisation"


class Group(PublicIdMixin, Base):
    """People put together under a name; `everybody` marks the one that holds every active account by itself."""

    __tablename__ = "people_group"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20), default=GroupKind.GROUP, server_default="group")
    everybody: Mapped[bool] = mapped_column(default=False, server_default=false(), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def label(self) -> str:
        """The name as its reader calls it."""
        return _("Everybody") if self.everybody else self.name


class GroupMember(Base):
    """Somebody in a group."""

    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("people_group.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    added_at: Mapped[datetime] = mapped_column(default=now)


class PeopleList(PublicIdMixin, Base):
    """A list of addresses as somebody gave it, kept from the page that shows it until they confirm it."""

    __tablename__ = "people_list"

    text: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(String(60))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)


class MailedLink(Base):
    """A single-use link sent by mail: an invitation, a new password, or the proof of an address."""

    __tablename__ = "mailed_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    address_id: Mapped[int | None] = mapped_column(ForeignKey("email_address.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    email_address: Mapped[EmailAddress | None] = relationship()


class ForgottenFile(Leased, Base):
    """A stored file of somebody who was erased: deleted by the worker, unless something else refers to it."""

    __tablename__ = "forgotten_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))


class PasswordWish(Leased, Base):
    """Somebody asked for a new password; answered later, so that asking takes as long for an unknown address."""

    __tablename__ = "password_wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(default=now)
