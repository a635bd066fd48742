"""What a person was told, as it stands in the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from portal.core.clock import now
from portal.core.db import session
from portal.notices.kinds import BY_NAME
from portal.notices.lines import Line, line
from portal.notices.models import Notice
from portal.notices.texts import Phrasebook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Select

    from portal.accounts.models import Person


def notices_of(person: Person, *, unread: bool = False) -> Select[Any]:
    """Return a SELECT of what a person was told, the newest first; only what is not read yet where asked."""
    statement = (
        select(Notice)
        .where(Notice.person_id == person.id, Notice.kind.in_(BY_NAME))
        .order_by(Notice.created_at.desc(), Notice.id.desc())
    )
    return statement.where(Notice.read_at.is_(None)) if unread else statement


def unread_count(person: Person) -> int:
    """Return how many notices a person has not read."""
    statement = select(func.count()).where(
        Notice.person_id == person.id, Notice.read_at.is_(None), Notice.kind.in_(BY_NAME)
    )
    return session().scalar(statement) or 0


def lines_of(notices: Iterable[Notice], person: Person, language: str) -> list[Line]:
    """Return the lines of some notices of a person in a language: one statement, however many they are."""
    book = Phrasebook([language])
    return [found for row in notices if (found := line(row, person.name, language, book))]


def notice_by_public_id(public_id: str) -> Notice | None:
    """Return the notice of a public id, or None."""
    return session().scalar(select(Notice).where(Notice.public_id == public_id))


def mark_read(notice: Notice) -> None:
    """Mark a notice as read; the first time counts."""
    if notice.read_at is None:
        notice.read_at = now()


def mark_all_read(person: Person) -> None:
    """Mark everything that a person was told until now as read."""
    session().execute(
        update(Notice).where(Notice.person_id == person.id, Notice.read_at.is_(None)).values(read_at=now()),
        execution_options={"synchronize_session": False},
    )
