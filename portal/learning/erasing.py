"""What goes with a person who is erased: what they handed in; paths they own are handed over to somebody else first."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import selectinload

from portal.accounts.models import Person
from portal.core.db import session
from portal.learning.audience_models import PathMessage
from portal.learning.models import LearningPath
from portal.learning.models.statements import Statement
from portal.learning.models.uploads import Upload


def obstacles(person: Person) -> list[str]:
    """Return the titles of the learning paths that a person owns, archived ones too."""
    statement = (
        select(LearningPath)
        .where(LearningPath.owner_id == person.id)
        .options(selectinload(LearningPath.draft), selectinload(LearningPath.published))
        .order_by(LearningPath.id)
    )
    return [path.title for path in session().scalars(statement)]


def forget(person: Person, *, revoke_badges: bool) -> list[str]:  # noqa: ARG001
    """Take a person out of messages and statements; return the files they handed in. Memberships go with the person."""
    addresses = [row.address for row in person.addresses]
    said = or_(
        Statement.person_id == person.id, *(Statement.actor.icontains(one, autoescape=True) for one in addresses)
    )
    session().execute(delete(Statement).where(said))
    session().execute(update(PathMessage).where(PathMessage.sender_id == person.id).values(sender_name=""))
    return list(session().scalars(select(Upload.key).where(Upload.person_id == person.id)))
