"""Inviting people, and answering those who forgot their password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.accounts import post
from portal.accounts.models import EmailAddress, MailedLink, PasswordWish, Person
from portal.accounts.services import addresses, groups, links, passwords
from portal.accounts.services.people import administrators, person_by_address
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.settings import settings
from portal.web.policy import Role


def invite(name: str, address: str, role: Role, *, by: Person) -> Person:
    """Make a person and mail the invitation; raise Refused, beside "address", where the address has an account."""
    person = _make(name, address, role, language=by.language, timezone=by.timezone)
    invite_again(person, by=by)
    return person


def invite_again(person: Person, *, by: Person | None = None) -> None:
    """Mail a new invitation; the link of an earlier one stops working."""
    if not person.invited or not person.active or not person.email:
        raise Refused(_("This person has accepted the invitation, or is deactivated."))
    url, ends = _link(person)
    post.send(
        person,
        person.email,
        "invitation",
        url=url,
        expires_at=ends,
        address=person.email,
        invited_by=by.name if by else settings().site_name,
    )


def start_house(name: str, address: str) -> str:
    """Make the first administrator and return the address of the invitation; raise Refused where there is one."""
    if administrators():
        raise Refused(_("There is an administrator already. Sign in and invite people from Administration, People."))
    person = _invited_with(address) or _make(name, address, Role.ADMINISTRATOR)
    person.name, person.role, person.active = name, Role.ADMINISTRATOR, True
    groups.came(person)
    return _link(person)[0]


def _make(name: str, address: str, role: Role, language: str | None = None, timezone: str = "UTC") -> Person:
    if person_by_address(address) is not None:
        raise Refused(_("There is an account with this address already."), field="address")
    if _invited_with(address) is not None:
        raise Refused(
            _("This address was invited already. Send the invitation again from the person's page."), field="address"
        )
    person = Person(name=name, role=role, language=language or settings().languages[0], timezone=timezone)
    person.addresses.append(EmailAddress(address=address, is_primary=True))
    session().add(person)
    session().flush()
    groups.came(person)
    return person


def _link(person: Person) -> tuple[str, datetime]:
    main = next(row for row in person.addresses if row.is_primary)
    return links.make(person, links.Purpose.INVITATION, main)


def _invited_with(address: str) -> Person | None:
    return session().scalar(
        select(Person)
        .join(EmailAddress)
        .where(EmailAddress.address == address, EmailAddress.is_primary, Person.password_hash.is_(None))
        .limit(1)
    )


def accept(link: MailedLink, name: str, stored: str) -> Person:
    """Let an invited person in with the hash of the password they chose; raise Gone where the link no longer works."""
    if link.email_address is None:
        raise links.Gone
    links.use(link)
    addresses.verify(link.email_address)
    person = link.person
    person.name = name
    person.last_seen_at = now()
    passwords.store(person, stored)
    return person


def wish(address: str) -> None:
    """Write down that somebody asked for a new password; a job answers, so that nobody can time what it finds."""
    session().add(PasswordWish(address=address))
    session().flush()


def answer(address: str) -> None:
    """Mail a link for a new password to an address that has an account, or the invitation where it was not accepted."""
    person = person_by_address(address)
    if person is not None and person.active and not person.invited:
        url, ends = links.make(person, links.Purpose.PASSWORD)
        post.send(person, address, "new_password", url=url, expires_at=ends)
        return
    waiting = _invited_with(address)
    if waiting is not None and waiting.active:
        invite_again(waiting)


def send_password_link(person: Person) -> None:
    """Mail a link for a new password to a person's main address, because an administrator asked for it."""
    if person.invited or not person.active or not person.email:
        raise Refused(_("This person has no password yet, or is deactivated."))
    answer(person.email)


def password_link(address: str) -> str:
    """Return a link to a new password for whoever runs the installation; raise Refused for an unknown address."""
    person = person_by_address(address)
    if person is None or not person.active:
        raise Refused(_("No active account has this address."))
    return links.make(person, links.Purpose.PASSWORD)[0]


def change_password(person: Person, stored: str, link: MailedLink | None = None) -> None:
    """Give a person a new password by its hash, end every session and link, and tell the main address."""
    if link is not None:
        links.use(link)
    passwords.store(person, stored)
    links.revoke(person, links.Purpose.PASSWORD)
    if person.email:
        post.send(person, person.email, "password_changed")
