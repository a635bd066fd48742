"""What can be done with mails: write one, send it again, read what stands in the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from portal.core import crypto, jobs
from portal.core import mail as transport
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.notices.jobs import send_mails
from portal.notices.models import FAILED, OUTBOX, Mail
from portal.notices.writing import values_of, write

if TYPE_CHECKING:
    from sqlalchemy import Select


def mail(*, to: str, template: str, language: str, timezone: str = "UTC", **context: Any) -> Mail:
    """Write a mail from templates/email/<template>.txt and .html; it is sent after the commit.

    `language` and `timezone` are those of its reader, whoever asks for it now. Without a mail server the mail stays in the
    outbox, where an administrator can read it.
    """
    row = Mail(**values_of(write(template, language, timezone, **context), to=to, template=template))
    session().add(row)
    session().flush()
    if row.state == jobs.DUE:
        jobs.ring(send_mails)
    return row


def mails(state: str = "", text: str = "") -> Select[Any]:
    """Return a SELECT of mails, the newest first, without their bodies."""
    statement = (
        select(Mail)
        .options(defer(Mail.text), defer(Mail.html), defer(Mail.unsubscribe))
        .order_by(Mail.created_at.desc(), Mail.id.desc())
    )
    if state:
        statement = statement.where(Mail.state == state)
    if text.strip():
        statement = statement.where(Mail.to_address.contains(text.strip().lower(), autoescape=True))
    return statement


def count_by_state() -> dict[str, int]:
    """Return how many mails stand in each state."""
    rows = session().execute(select(Mail.state, func.count().label("number")).group_by(Mail.state))
    return {row.state: row.number for row in rows}


def mail_by_public_id(public_id: str) -> Mail | None:
    """Return the mail of a public id, or None."""
    return session().scalar(select(Mail).where(Mail.public_id == public_id))


def readable(row: Mail) -> bool:
    """Whether an administrator may read what a mail says: only where no mail server could carry it."""
    return row.state == OUTBOX and not transport.leaves_the_house()


def text_of(row: Mail) -> str:
    """Return what a mail in the outbox says; raise Refused where it must not be shown, KeyLost where it cannot be."""
    if not readable(row) or row.text is None:
        raise Refused(_("What this mail says is between its reader and the portal."))
    return crypto.decrypt(row.text).decode()


def may_retry(row: Mail) -> bool:
    """Whether sending a mail again makes sense: it failed or was never sent, and there is a mail server."""
    return row.state in {FAILED, OUTBOX} and row.text is not None and transport.leaves_the_house()


def retry(row: Mail) -> None:
    """Send a mail once more, under the same Message-ID; raise Refused where it was sent or there is no mail server."""
    if not may_retry(row):
        raise Refused(_("This mail cannot be sent again."))
    row.state = jobs.DUE
    row.attempts = 0
    row.not_before = now()
    row.last_error = None
    jobs.ring(send_mails)
