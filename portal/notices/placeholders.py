"""What the placeholders of notices stand for, and an example of each."""

from __future__ import annotations

from typing import Any

from portal.core.i18n import _l

MEANINGS: dict[str, Any] = {
    "name": _l("the reader's name"),
    "site": _l("the portal's name"),
    "link": _l("a button that leads to what the notice is about"),
    "path": _l("the learning path"),
    "by": _l("who added the reader; empty where they joined themselves"),
    "step": _l("the step"),
    "date": _l("the day, in the reader's language and time zone"),
    "days": _l("how many days are left"),
    "comment": _l("the instructor's comment"),
    "grade": _l("the grade"),
    "learner": _l("the learner's name"),
    "place": _l("where the event takes place"),
    "certificate": _l("the certificate"),
    "badge": _l("the badge"),
    "backpack": _l("the backpack"),
    "reason": _l("the reason that was given"),
    "sender": _l("who wrote the message"),
    "subject": _l("the subject of the message"),
    "text": _l("the message"),
}
EXAMPLES: dict[str, Any] = {
    "path": _l("First aid at work"),
    "by": _l("Nadia Haddad"),
    "step": _l("Bandaging a wound"),
    "days": "30",
    "comment": _l("Please say more about the second case."),
    "grade": _l("87 of 100"),
    "learner": _l("Elena Rossi"),
    "place": _l("Room 4, second floor"),
    "certificate": _l("First aid at work"),
    "badge": _l("First aider"),
    "backpack": _l("Backpack"),
    "reason": _l("It was granted by mistake."),
    "sender": _l("Nadia Haddad"),
    "subject": _l("The room has changed"),
    "text": _l("We meet in room 4 on Thursday.\n\nPlease bring something to write."),
}
