"""The e-mail addresses of a person."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts import post
from portal.accounts.models import EmailAddress, MailedLink, Person
from portal.accounts.services import links
from portal.accounts.services.people import person_by_address, verified_addresses
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _

MOST = 10


def address_by_public_id(public_id: str) -> EmailAddress | None:
    """Return the e-mail address of a public id, or None."""
    return session().scalar(select(EmailAddress).where(EmailAddress.public_id == public_id))


def add(person: Person, address: str) -> EmailAddress:
    """Add an address, and mail the link that proves it; raise Refused where the person has it already, or ten others.

    Whether it belongs to somebody else is not told: their own mail tells them instead.
    """
    _lock(person)
    if any(row.address == address for row in person.addresses):
        raise Refused(_("You have added this address already."), field="address")
    if len(person.addresses) >= MOST:
        raise Refused(_("You have %(most)s addresses. Remove one first.", most=MOST), field="address")
    email = EmailAddress(address=address)
    person.addresses.append(email)
    session().flush()
    ask_for_proof(email)
    return email


def ask_for_proof(email: EmailAddress) -> None:
    """Mail the link that proves an address, or tell its owner where it is somebody else's."""
    if email.verified_at is not None:
        raise Refused(_("This address is confirmed already."))
    owner = person_by_address(email.address)
    if owner is not None:
        post.send(owner, email.address, "address_in_use", address=email.address)
        return
    url, ends = links.make(email.person, links.Purpose.ADDRESS, email)
    post.send(email.person, email.address, "confirm_address", url=url, expires_at=ends, address=email.address)


def confirm(link: MailedLink) -> EmailAddress:
    """Verify the address of a link, and tell the main address; raise Gone where somebody else verified it meanwhile."""
    email = link.email_address
    if email is None:
        raise links.Gone
    links.use(link)
    verify(email)
    if email.person.email and email.person.email != email.address:
        post.send(email.person, email.person.email, "address_added", address=email.address)
    return email


def verify(email: EmailAddress) -> None:
    """Mark an address as verified; raise Gone where it is somebody else's."""
    try:
        with session().begin_nested():
            email.verified_at = now()
            email.verified_address = email.address
            session().flush()
    except IntegrityError as error:
        raise links.Gone from error


def make_primary(email: EmailAddress) -> None:
    """Make a verified address the main one, and tell the old one."""
    person = email.person
    _lock(person)
    if email.verified_at is None:
        raise Refused(_("Confirm this address before it becomes your main address."))
    before = person.email
    if before == email.address:
        return
    for row in person.addresses:
        row.is_primary = row is email
    if before:
        post.send(person, before, "primary_changed", address=email.address)


def remove(email: EmailAddress) -> None:
    """Remove an address, and tell the main one; raise Refused for the main address and for the last verified one."""
    person = email.person
    _lock(person)
    if email.is_primary:
        raise Refused(_("This is your main address. Make another address the main one first."))
    verified = verified_addresses(person)
    if verified == [email]:
        raise Refused(_("This is your last confirmed address. Confirm another one first."))
    if email.verified_at is not None and person.email:
        post.send(person, person.email, "address_removed", address=email.address)
    person.addresses.remove(email)
    session().flush()


def _lock(person: Person) -> None:
    """Let nobody else change the addresses of a person until the commit, and read them anew."""
    session().execute(select(Person.id).where(Person.id == person.id).with_for_update())
    session().expire(person, ["addresses"])
