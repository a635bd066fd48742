"""Every kind of notice: what it is called, what it says, and what its words may name. A new kind is one entry here.

A line of a text is left out where all its placeholders are empty. `{name}`, `{site}` and `{link}` may stand in every text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.core.i18n import _l
from portal.web.policy import Permission

COMMON = ("name", "site", "link")


class Group(StrEnum):
    """What a kind belongs to, as lists of kinds are ordered."""

    LEARNING = "learning"
    CERTIFICATES = "certificates"
    TEACHING = "teaching"


GROUPS: dict[Group, Any] = {
    Group.LEARNING: _l("Your learning"),
    Group.CERTIFICATES: _l("Certificates and badges"),
    Group.TEACHING: _l("Your instructing"),
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of notice: `values` are its own placeholders, those in `optional` may be empty.

    `detail` names the one that stands below the line in
    the portal. `mail` is whether it goes by mail where nobody chose; a kind that is `kept` cannot be switched off.
    """

    name: str
    group: Group
    label: Any
    subject: Any
    body: Any
    button: Any
    values: tuple[str, ...]
    optional: tuple[str, ...] = ()
    detail: str = ""
    icon: str = "bell"
    tone: str = "neutral"
    timed: bool = False
    mail: bool = True
    kept: bool = False
    permission: Permission | None = None

    @property
    def placeholders(self) -> tuple[str, ...]:
        """What may stand in braces in the kind's texts."""
        return (*COMMON, *self.values)


_PATH = _l("Open the learning path")
_CERTIFICATE = _l("See your certificate")

KINDS: tuple[Kind, ...] = (
    Kind(
        name="joined",
        group=Group.LEARNING,
        icon="path",
        label=_l("You were added to a learning path"),
        values=("path", "by"),
        optional=("by",),
        subject=_l("You are a member of “{path}”"),
        body=_l(
            "Hello {name},\n\nyou are now a member of the learning path “{path}”.\n\nAdded by: {by}\n\n{link}\n\n"
            "You find it under My learning whenever you want to go on."
        ),
        button=_PATH,
    ),
    Kind(
        name="deadline_near",
        group=Group.LEARNING,
        icon="clock",
        tone="warning",
        label=_l("A deadline is near"),
        values=("path", "step", "date"),
        optional=("step",),
        detail="step",
        timed=True,
        subject=_l("Due on {date}: {path}"),
        body=_l("Hello {name},\n\nsomething in the learning path “{path}” is due on {date}.\n\nStep: {step}\n\n{link}"),
        button=_PATH,
    ),
    Kind(
        name="overdue",
        group=Group.LEARNING,
        icon="clock",
        tone="danger",
        label=_l("A deadline has passed"),
        values=("path", "step", "date"),
        optional=("step",),
        detail="step",
        timed=True,
        subject=_l("Overdue since {date}: {path}"),
        body=_l(
            "Hello {name},\n\nsomething in the learning path “{path}” was due on {date} and is not done.\n\n"
            "Step: {step}\n\n{link}\n\nIf you cannot finish it any more, ask your instructor."
        ),
        button=_PATH,
    ),
    Kind(
        name="failed",
        group=Group.LEARNING,
        icon="warning",
        tone="danger",
        label=_l("You did not pass a learning path"),
        values=("path", "step"),
        optional=("step",),
        detail="step",
        subject=_l("Not passed: {path}"),
        body=_l(
            "Hello {name},\n\nyou did not pass the learning path “{path}” this time.\n\nStep: {step}\n\n{link}\n\n"
            "Your instructor can give you another try."
        ),
        button=_PATH,
    ),
    Kind(
        name="another_try",
        group=Group.LEARNING,
        icon="refresh",
        tone="info",
        label=_l("You have another try"),
        values=("path", "date"),
        optional=("date",),
        timed=True,
        subject=_l("You have another try: {path}"),
        body=_l(
            "Hello {name},\n\nyou may try the learning path “{path}” once more.\n\nTime until: {date}\n\n{link}\n\n"
            "What you had done and still counts is kept."
        ),
        button=_PATH,
    ),
    Kind(
        name="work_returned",
        group=Group.LEARNING,
        icon="arrow-left",
        tone="warning",
        label=_l("Your work was returned"),
        values=("path", "step", "comment"),
        optional=("comment",),
        detail="comment",
        subject=_l("Your work was returned: {step}"),
        body=_l(
            "Hello {name},\n\nyour work for “{step}” in the learning path “{path}” was returned. You can change it and "
            "hand it in again.\n\nComment: {comment}\n\n{link}"
        ),
        button=_l("Open your work"),
    ),
    Kind(
        name="work_accepted",
        group=Group.LEARNING,
        icon="check-circle",
        tone="success",
        label=_l("Your work was accepted"),
        values=("path", "step", "comment", "grade"),
        optional=("comment", "grade"),
        detail="comment",
        subject=_l("Your work was accepted: {step}"),
        body=_l(
            "Hello {name},\n\nyour work for “{step}” in the learning path “{path}” was accepted.\n\nGrade: {grade}\n"
            "Comment: {comment}\n\n{link}"
        ),
        button=_l("Open your work"),
    ),
    Kind(
        name="approved",
        group=Group.LEARNING,
        icon="check-circle",
        tone="success",
        label=_l("Your completion was approved"),
        values=("path", "comment"),
        optional=("comment",),
        detail="comment",
        subject=_l("Your completion was approved: {path}"),
        body=_l(
            "Hello {name},\n\nyour completion of the learning path “{path}” was approved.\n\nComment: {comment}\n\n{link}"
        ),
        button=_PATH,
    ),
    Kind(
        name="deactivated",
        group=Group.LEARNING,
        icon="archive",
        label=_l("A learning path was closed"),
        values=("path",),
        subject=_l("Closed: {path}"),
        body=_l(
            "Hello {name},\n\nthe learning path “{path}” was closed. You cannot go on with it for the time being.\n\n"
            "Certificates and badges that you earned from it stay yours.\n\n{link}"
        ),
        button=_PATH,
    ),
    Kind(
        name="event_changed",
        group=Group.LEARNING,
        icon="calendar",
        tone="info",
        label=_l("An event was changed"),
        values=("path", "step", "date", "place"),
        optional=("date", "place"),
        detail="place",
        timed=True,
        subject=_l("Changed: {step}"),
        body=_l(
            "Hello {name},\n\nthe event “{step}” of the learning path “{path}” was changed.\n\nWhen: {date}\n"
            "Where: {place}\n\n{link}\n\nIf it stands in your calendar, change it there too."
        ),
        button=_l("See the event"),
    ),
    Kind(
        name="event_place",
        group=Group.LEARNING,
        icon="calendar",
        tone="success",
        label=_l("A place at an event came free"),
        values=("path", "step", "date", "place"),
        optional=("date", "place"),
        detail="place",
        timed=True,
        subject=_l("You have a place: {step}"),
        body=_l(
            "Hello {name},\n\na place came free at the event “{step}” of the learning path “{path}”, and it is yours.\n\n"
            "When: {date}\nWhere: {place}\n\n{link}\n\nIf you cannot come, give the place up there, so that somebody else gets it."
        ),
        button=_l("See the event"),
    ),
    Kind(
        name="message",
        group=Group.LEARNING,
        icon="mail",
        tone="info",
        label=_l("An instructor wrote to you"),
        values=("path", "sender", "subject", "text"),
        detail="text",
        subject=_l("{subject}"),
        body=_l(
            "Hello {name},\n\n{sender} writes to the members of “{path}”:\n\n{text}\n\n{link}\n\n"
            "Answers to this mail reach nobody: write to your instructor."
        ),
        button=_PATH,
    ),
    Kind(
        name="achieved",
        group=Group.CERTIFICATES,
        icon="certificate",
        tone="success",
        label=_l("You achieved a certificate"),
        values=("certificate", "badge"),
        optional=("badge",),
        subject=_l("Certificate achieved: {certificate}"),
        body=_l(
            "Hello {name},\n\nwell done: you have achieved the certificate “{certificate}”.\n\n"
            "With it you can earn the badge “{badge}”: open your certificate and choose Earn badge.\n\n{link}"
        ),
        button=_CERTIFICATE,
    ),
    Kind(
        name="badge_offered",
        group=Group.CERTIFICATES,
        icon="certificate",
        tone="success",
        label=_l("You were given a badge"),
        values=("badge", "path"),
        subject=_l("You were given the badge “{badge}”"),
        body=_l(
            "Hello {name},\n\nyou were given the badge “{badge}” for “{path}”. It is not public yet: look at it, and accept it "
            "or decline it.\n\n{link}"
        ),
        button=_l("See the badge"),
    ),
    Kind(
        name="expiring",
        group=Group.CERTIFICATES,
        icon="clock",
        tone="warning",
        label=_l("A certificate expires soon"),
        values=("certificate", "date", "days"),
        optional=("days",),
        subject=_l("Your certificate expires on {date}: {certificate}"),
        body=_l(
            "Hello {name},\n\nyour certificate “{certificate}” is valid through {date}.\n\nDays left: {days}\n\n{link}"
        ),
        button=_CERTIFICATE,
    ),
    Kind(
        name="expired",
        group=Group.CERTIFICATES,
        icon="clock",
        tone="danger",
        label=_l("A certificate has expired"),
        values=("certificate", "date"),
        subject=_l("Your certificate has expired: {certificate}"),
        body=_l(
            "Hello {name},\n\nyour certificate “{certificate}” was valid through {date} and has expired. It stays in your "
            "transcript.\n\n{link}"
        ),
        button=_CERTIFICATE,
    ),
    Kind(
        name="renewal_open",
        group=Group.CERTIFICATES,
        icon="refresh",
        tone="info",
        label=_l("A certificate can be renewed"),
        values=("certificate", "date"),
        optional=("date",),
        subject=_l("You can renew your certificate: {certificate}"),
        body=_l(
            "Hello {name},\n\nyou can renew your certificate “{certificate}” now.\n\nValid through: {date}\n\n{link}\n\n"
            "The present certificate stays in your history."
        ),
        button=_l("Renew your certificate"),
    ),
    Kind(
        name="certificate_revoked",
        group=Group.CERTIFICATES,
        icon="warning",
        tone="danger",
        kept=True,
        label=_l("A certificate was revoked"),
        values=("certificate", "reason"),
        optional=("reason",),
        detail="reason",
        subject=_l("Your certificate was revoked: {certificate}"),
        body=_l(
            "Hello {name},\n\nyour certificate “{certificate}” does not count any more. Everybody who checks it sees this."
            "\n\nThe reason: {reason}\n\n{link}\n\nIf you think that this is a mistake, ask your instructor."
        ),
        button=_CERTIFICATE,
    ),
    Kind(
        name="reissued",
        group=Group.CERTIFICATES,
        icon="certificate",
        label=_l("A certificate was issued with your new name"),
        values=("certificate",),
        subject=_l("Your certificate with your new name: {certificate}"),
        body=_l(
            "Hello {name},\n\nyour certificate “{certificate}” was issued anew with your new name. It has a number of its "
            "own; whoever checks the old one is led to it.\n\n{link}"
        ),
        button=_CERTIFICATE,
    ),
    Kind(
        name="sending_failed",
        group=Group.CERTIFICATES,
        icon="backpack",
        tone="danger",
        label=_l("A badge did not reach your backpack"),
        values=("badge", "backpack"),
        subject=_l("Your badge “{badge}” was not sent"),
        body=_l(
            "Hello {name},\n\nyour badge “{badge}” could not be put into {backpack}. It is still yours: open it to see why, "
            "and try again.\n\n{link}"
        ),
        button=_l("See what happened"),
    ),
    Kind(
        name="work_waiting",
        group=Group.TEACHING,
        icon="file",
        tone="info",
        permission=Permission.STEP_CONFIRM,
        label=_l("Work waits for your review"),
        values=("path", "step", "learner"),
        subject=_l("{learner} waits for your review: {step}"),
        body=_l(
            "Hello {name},\n\n{learner} has handed in work for “{step}” in the learning path “{path}”. It waits for your "
            "review.\n\n{link}"
        ),
        button=_l("Review the work"),
    ),
    Kind(
        name="new_name_asked",
        group=Group.TEACHING,
        icon="certificate",
        permission=Permission.CERTIFICATE_REVOKE,
        label=_l("A learner asks for a new name on a certificate"),
        values=("certificate", "learner"),
        subject=_l("{learner} has a new name: {certificate}"),
        body=_l(
            "Hello {name},\n\n{learner} has a new name and asks you to issue the certificate “{certificate}” anew. The old "
            "one will say that it was replaced.\n\n{link}"
        ),
        button=_l("Open the certificate"),
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
