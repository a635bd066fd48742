"""What this room can do: tell people something, keep what they are told, write mails, and carry them out of the house."""

from __future__ import annotations

from portal.notices.services.inbox import (
    lines_of,
    mark_all_read,
    mark_read,
    notice_by_public_id,
    notices_of,
    unread_count,
)
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
from portal.notices.services.preferences import (
    Choice,
    cadence_of,
    choices_of,
    save_choices,
    set_cadence,
    stop_kind,
    stopped,
)
from portal.notices.services.telling import Telling, tell, tell_each
from portal.notices.services.wording import (
    KindState,
    decide,
    example,
    kind_states,
    own_words,
    reset_words,
    save_words,
    send_example,
    words_of,
)

__all__ = [
    "Choice",
    "KindState",
    "Telling",
    "cadence_of",
    "choices_of",
    "count_by_state",
    "decide",
    "example",
    "kind_states",
    "lines_of",
    "mail",
    "mail_by_public_id",
    "mails",
    "mark_all_read",
    "mark_read",
    "may_retry",
    "notice_by_public_id",
    "notices_of",
    "own_words",
    "readable",
    "reset_words",
    "retry",
    "save_choices",
    "save_words",
    "send_example",
    "set_cadence",
    "stop_kind",
    "stopped",
    "tell",
    "tell_each",
    "text_of",
    "unread_count",
    "words_of",
]
