"""Writing mails: a template, its reader's language and time zone, and the row that carries it out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from portal.core import crypto, ids, jobs
from portal.core import mail as transport
from portal.core.i18n import speaking
from portal.core.markdown import without_controls
from portal.core.settings import address_of, settings
from portal.notices.models import OUTBOX

LONGEST_SUBJECT = 200
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Written:
    """What a mail says."""

    subject: str
    text: str
    html: str


def write(template: str, language: str, timezone: str, **context: Any) -> Written:
    """Return what templates/email/<template>.txt and .html say to a reader of a language and a time zone.

    Rendered without the shell of pages, which knows whoever asks for the mail. The first line of the text is "Subject: …".
    """
    known = {"site_name": settings().site_name, "base_url": settings().base_url, "address_of": address_of, **context}
    with speaking(language, timezone):
        known["language"] = language
        text = current_app.jinja_env.get_template(f"email/{template}.txt").render(known)
        first, _line, text = text.strip().partition("\n")
        subject = one_line(first.removeprefix("Subject:"))
        html = current_app.jinja_env.get_template(f"email/{template}.html").render({**known, "subject": subject})
    return Written(subject, _GAPS.sub("\n\n", text.strip()) + "\n", html)


def values_of(
    written: Written, *, to: str, template: str, message_id: str | None = None, unsubscribe: str | None = None
) -> dict[str, Any]:
    """Return what the row of a mail holds: due where there is a mail server, else in the outbox.

    `message_id` is the part before the @ where what is told names it, so that it is the same however often it is written;
    `unsubscribe` is the address at which its reader ends such mails.
    """
    own_id = ids.public_id()
    return {
        "public_id": own_id,
        "to_address": to,
        "template": template,
        "subject": written.subject,
        "text": crypto.encrypt(written.text.encode()),
        "html": crypto.encrypt(written.html.encode()),
        "unsubscribe": crypto.encrypt(unsubscribe.encode()) if unsubscribe else None,
        "message_id": f"<{message_id or own_id}@{urlsplit(settings().base_url).hostname}>",
        "state": jobs.DUE if transport.leaves_the_house() else OUTBOX,
    }


def one_line(text: str) -> str:
    """Return text that cannot start a second header line."""
    return " ".join(without_controls(text).split())[:LONGEST_SUBJECT]
