"""What this room can do: tell people something, keep what they are told, write mails, and carry them out of the house."""

from __future__ import annotations

from portal.notices.services.mails import (
    count_by_state,
    mail,
    mail_by_public_id,
    mails,
    may_retry,
    readable,
    retry,
    text_of,
)
from portal.notices.services.telling import Telling, tell, tell_each

__all__ = [
    "Telling",
    "count_by_state",
    "mail",
    "mail_by_public_id",
    "mails",
    "may_retry",
    "readable",
    "retry",
    "tell",
    "tell_each",
    "text_of",
]
