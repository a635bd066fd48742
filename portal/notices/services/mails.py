"""What can be done with mails: write one, send it again, read what stands in the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import defer

from portal.core import crypto, ids, jobs
from portal.core import mail as transport
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _, speaking
from portal.core.markdown import without_controls
from portal.core.settings import address_of, settings
from portal.notices.jobs import send_mails
from portal.notices.models import FAILED, OUTBOX, Mail

if TYPE_CHECKING:
    from sqlalchemy import Select

LONGEST_SUBJECT = 200


def mail(*, to: str, template: str, language: str, timezone: str = "UTC", **context: Any) -> Mail:
    """Write a mail from templates/email/<template>.txt and .html; it is sent after the commit.

    `language` and `timezone` are those of its reader, whoever asks for it now. The first line of the text is
    "Subject: …". Without a mail server the mail stays in the outbox, where an administrator can read it.
    """
    subject, text, html = _write(template, language, timezone, context)
    own_id = ids.public_id()
    row = Mail(
        public_id=own_id,
        to_address=to,
        template=template,
        subject=subject,
        text=crypto.encrypt(text.encode()),
        html=crypto.encrypt(html.encode()),
        message_id=f"<{own_id}@{urlsplit(settings().base_url).hostname}>",
        state=jobs.DUE if transport.leaves_the_house() else OUTBOX,
    )
    session().add(row)
    session().flush()
    if row.state == jobs.DUE:
        jobs.ring(send_mails)
    return row


def _write(template: str, language: str, timezone: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Return subject, text and HTML; rendered without the shell of pages, which knows whoever asks for the mail."""
    known = {"site_name": settings().site_name, "base_url": settings().base_url, "address_of": address_of, **context}
    with speaking(language, timezone):
        known["language"] = language
        text = current_app.jinja_env.get_template(f"email/{template}.txt").render(known)
        first, _line, text = text.strip().partition("\n")
        subject = _one_line(first.removeprefix("Subject:"))
        html = current_app.jinja_env.get_template(f"email/{template}.html").render(known, subject=subject)
    return subject, text.strip() + "\n", html


def _one_line(text: str) -> str:
    """Return text that cannot start a second header line."""
    return " ".join(without_controls(text).split())[:LONGEST_SUBJECT]


def mails(state: str = "", text: str = "") -> Select[Any]:
    """Return a SELECT of mails, the newest first, without their bodies."""
    statement = (
        select(Mail).options(defer(Mail.text), defer(Mail.html)).order_by(Mail.created_at.desc(), Mail.id.desc())
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
