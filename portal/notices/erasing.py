"""What goes with a person who is erased: mails to their addresses, and their name in what others were told."""

from __future__ import annotations

from sqlalchemy import delete, or_, select

from portal.accounts.models import Person
from portal.core.db import session
from portal.core.i18n import _
from portal.notices.models import Mail, Notice

NAMING = ("learner", "by", "sender", "instructor")
"""The values of notices that hold somebody's name."""


def obstacles(person: Person) -> list[str]:  # noqa: ARG001
    """Return nothing: what was told has not to be handed over."""
    return []


def forget(person: Person, *, revoke_badges: bool) -> list[str]:  # noqa: ARG001
    """Delete the mails to a person, and take their name out of what others were told; flushed.

    Whoever has the same name is called so no more in older notices, since a notice keeps words alone.
    """
    addresses = [row.address for row in person.addresses]
    session().execute(delete(Mail).where(Mail.to_address.in_(addresses)))
    named = or_(*(Notice.content[value].as_string() == person.name for value in NAMING))
    for notice in session().scalars(select(Notice).where(named, Notice.person_id != person.id)):
        notice.content = {
            value: _("Somebody who is gone") if value in NAMING and said == person.name else said
            for value, said in notice.content.items()
        }
    session().flush()
    return []
