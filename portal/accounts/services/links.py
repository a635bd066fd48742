"""Links that are mailed: single use, for a time, stored as digests."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from sqlalchemy import delete, select, update

from portal.accounts.models import EmailAddress, MailedLink, Person
from portal.core import ids
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import LaurelError
from portal.core.settings import address_of

if TYPE_CHECKING:
    from sqlalchemy import CursorResult


class Purpose(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - a purpose, not a secret
    ADDRESS = "address"


LIFE = {
    Purpose.INVITATION: timedelta(days=14),
    Purpose.PASSWORD: timedelta(days=1),
    Purpose.ADDRESS: timedelta(days=7),
}
ENDPOINTS = {
    Purpose.INVITATION: "accounts.accept_invitation",
    Purpose.PASSWORD: "accounts.new_password",
    Purpose.ADDRESS: "accounts.confirm_address",
}


class Gone(LaurelError):
    """A link was used, has expired, was replaced, or never existed: nobody is told which."""


def make(person: Person, purpose: Purpose, email: EmailAddress | None = None) -> tuple[str, datetime]:
    """Return the address of a new link and when it ends; an older link for the same purpose stops working."""
    revoke(person, purpose, email)
    secret = ids.secret()
    link = MailedLink(
        digest=ids.digest(secret),
        purpose=purpose,
        person_id=person.id,
        address_id=email.id if email else None,
        expires_at=now() + LIFE[purpose],
    )
    session().add(link)
    session().flush()
    return address_of(ENDPOINTS[purpose], token=secret), link.expires_at


def find(secret: str, purpose: Purpose) -> MailedLink:
    """Return a link that still works; raise Gone for any other."""
    link = session().scalar(
        select(MailedLink).where(MailedLink.digest == ids.digest(secret), MailedLink.purpose == purpose)
    )
    if link is None or link.used_at is not None or link.expires_at <= now() or not link.person.active:
        raise Gone
    return link


def use(link: MailedLink) -> None:
    """Use a link up; raise Gone where somebody else was quicker."""
    statement = update(MailedLink).where(MailedLink.id == link.id, MailedLink.used_at.is_(None)).values(used_at=now())
    if cast("CursorResult[object]", session().execute(statement)).rowcount != 1:
        raise Gone


def revoke(person: Person, purpose: Purpose | None = None, email: EmailAddress | None = None) -> None:
    """Take back the links of a person, all or those for one purpose and address."""
    statement = delete(MailedLink).where(MailedLink.person_id == person.id)
    if purpose is not None:
        statement = statement.where(MailedLink.purpose == purpose)
    if email is not None:
        statement = statement.where(MailedLink.address_id == email.id)
    session().execute(statement)


def pending(person: Person, purpose: Purpose) -> MailedLink | None:
    """Return the link of a person that still works, to show until when, or None."""
    return session().scalar(
        select(MailedLink)
        .where(
            MailedLink.person_id == person.id,
            MailedLink.purpose == purpose,
            MailedLink.used_at.is_(None),
            MailedLink.expires_at > now(),
        )
        .order_by(MailedLink.expires_at.desc())
        .limit(1)
    )


def forget_old() -> None:
    """Delete links that ended more than a month ago."""
    session().execute(delete(MailedLink).where(MailedLink.expires_at < now() - timedelta(days=30)))
