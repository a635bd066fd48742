"""What instructors write to members of a path: one row, told by the worker to whoever it is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import defer

from portal.accounts.models import Person
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.jobs import DUE, ring
from portal.learning.audience_models import PathMessage
from portal.learning.models import LearningPath
from portal.notices import services as notices

SENT = "sent"


def write(path: LearningPath, sender: Person, *, subject: str, text: str, to: Sequence[int]) -> PathMessage:
    """Write to members of a path (inner numbers of people); the worker tells them after the commit. Flushed.

    Raises Refused where it is for nobody.
    """
    if not to:
        raise Refused(_("Nobody would get this message. Choose other members."))
    from portal.learning.jobs import tell_messages

    message = PathMessage(
        path_id=path.id, sender_id=sender.id, sender_name=sender.name, subject=subject, text=text, person_ids=list(to),
        people=len(to),
    )  # fmt: skip
    session().add(message)
    session().flush()
    ring(tell_messages)
    return message


def tell(message: PathMessage) -> None:
    """Tell everybody whom a message is for; a repeat tells nobody twice. Flushed."""
    path = message.path
    notices.tell(
        message.person_ids,
        "message",
        key=f"message:{message.public_id}",
        url=f"/learning-paths/{path.public_id}",
        path=path.published.title if path.published is not None else path.title,
        sender=message.sender_name,
        subject=message.subject,
        text=message.text,
    )


def messages_of(path: LearningPath) -> Select[Any]:
    """Return a SELECT of what was written to members of a path, the newest first."""
    return (
        select(PathMessage)
        .where(PathMessage.path_id == path.id)
        .order_by(PathMessage.written_at.desc(), PathMessage.id.desc())
        .options(defer(PathMessage.person_ids))
    )


def on_its_way(message: PathMessage) -> bool:
    """Whether the worker has still to tell a message."""
    return message.state == DUE
