"""How a mail leaves the house: SMTP where it is configured."""

from __future__ import annotations

import smtplib
import ssl
from email import policy
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.utils import formatdate
from typing import TYPE_CHECKING

from portal.core.errors import LaurelError
from portal.core.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.policy import EmailPolicy

    from config import Smtp

TIMEOUT = 20.0


class _InOneLine(UnstructuredHeader):
    """A header that mail programs read by machine: folded, a long address would be encoded beyond recognition."""

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the header as it stands in the mail."""
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_headers = HeaderRegistry()
_headers.map_to_type("List-Unsubscribe", _InOneLine)  # type: ignore[arg-type]
_POLICY = policy.default.clone(header_factory=_headers)


class NotDelivered(LaurelError):
    """The mail server did not take the mail; `final` where trying again makes no sense."""

    def __init__(self, message: str, *, final: bool) -> None:
        super().__init__(message)
        self.final = final


def leaves_the_house() -> bool:
    """Whether mails are sent by SMTP; otherwise they only stand in the outbox."""
    return settings().smtp is not None


def compose(
    *, to: str, subject: str, text: str, html: str, message_id: str, headers: Mapping[str, str] | None = None
) -> EmailMessage:
    """Return a mail of two parts, plain text and HTML; with more headers besides."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = settings().mail_sender
    message["To"] = to
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = message_id
    message["Date"] = formatdate()
    message["Auto-Submitted"] = "auto-generated"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def _connected(smtp: Smtp, context: ssl.SSLContext) -> smtplib.SMTP:
    if smtp.security == "tls":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT)


def deliver(message: EmailMessage) -> None:
    """Hand one mail to the SMTP server; raise NotDelivered with what it said."""
    smtp = settings().smtp
    if smtp is None:
        message_text = "No mail server is configured."
        raise NotDelivered(message_text, final=True)
    context = ssl.create_default_context()
    try:
        with _connected(smtp, context) as server:
            if smtp.security == "starttls":
                server.starttls(context=context)
            if smtp.username:
                server.login(smtp.username, smtp.password)
            server.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise NotDelivered("The mail server did not accept the user name and password.", final=False) from error
    except smtplib.SMTPResponseException as error:
        raise NotDelivered(f"{error.smtp_code} {_said(error.smtp_error)}", final=error.smtp_code >= 500) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise NotDelivered(f"{code} {_said(said)}", final=code >= 500) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotDelivered(str(error) or type(error).__name__, final=False) from error


def _said(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
