"""What became of a sending, in words for the person whose badge it is: what happened, why, what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.core.clock import now
from portal.core.i18n import _, date_time
from portal.delivery.models import Reason, Sending, SendingState


@dataclass(frozen=True, kw_only=True)
class Said:
    """A state in words: a line, what to know or do besides, and the tone of both."""

    line: str
    text: str = ""
    tone: str = "info"


def said(sending: Sending) -> Said:
    """Return where a sending stands, in words."""
    return _STATES[SendingState(sending.state)](sending)


def _sent(sending: Sending) -> Said:
    by_you = sending.confirmed_by == "learner"
    return Said(
        tone="success",
        line=_(
            "Sent to %(backpack)s on %(when)s",
            backpack=sending.backpack_name,
            when=date_time(sending.settled_at),
        ),
        text=_("You said that the backpack accepted it.") if by_you else _("The backpack has accepted your badge."),
    )


def _already_there(sending: Sending) -> Said:
    return Said(
        tone="success",
        line=_("Already in %(backpack)s", backpack=sending.backpack_name),
        text=_("The backpack had this badge before, so nothing had to be sent."),
    )


def _waiting(sending: Sending) -> Said:
    if sending.reason is None or sending.not_before <= now():
        return Said(line=_("Waiting: your badge is on its way to %(backpack)s", backpack=sending.backpack_name))
    return Said(
        tone="warning",
        line=_("Waiting for %(backpack)s", backpack=sending.backpack_name),
        text=_(
            "%(why)s The portal tries again on %(when)s. You need not wait here.",
            why=_why(sending),
            when=date_time(sending.not_before),
        ),
    )


def _needs_permission(sending: Sending) -> Said:
    texts = {
        Reason.ACCESS_DENIED: _("It was not allowed. Nothing was sent. Allow it when you want the badge there."),
        Reason.PERMISSION_WITHDRAWN: _(
            "The permission that you gave before was withdrawn or is too old. Allow it again to send the badge."
        ),
    }
    usual = _(
        "Allow it once on the backpack's own page: this portal may then put badges of yours there, and nothing else. "
        "You can take the permission back at any time, here under Backpacks and in the backpack."
    )
    return Said(
        tone="warning" if sending.reason else "info",
        line=_("%(backpack)s needs your permission", backpack=sending.backpack_name),
        text=texts.get(Reason(sending.reason), usual) if sending.reason else usual,
    )


def _to_hand_over(sending: Sending) -> Said:
    return Said(
        line=_("%(backpack)s asks you itself", backpack=sending.backpack_name),
        text=_(
            "Open its window and accept the badge there. You may have to sign in to the backpack, with the same e-mail "
            "address that the badge goes to."
        ),
    )


def _handed_over(sending: Sending) -> Said:
    return Said(
        line=_("Handed over: did %(backpack)s accept it?", backpack=sending.backpack_name),
        text=_("The backpack has not told this portal yet. If its window is closed, say what it showed you."),
    )


def _not_sent(sending: Sending) -> Said:
    return Said(tone="danger", line=_("Could not be sent: %(why)s", why=_why(sending)), text=_advice(sending))


def _replaced(_sending: Sending) -> Said:
    return Said(line=_("Replaced by a badge for another e-mail address"))


_STATES: dict[SendingState, Callable[[Sending], Said]] = {
    SendingState.WAITING: _waiting,
    SendingState.NEEDS_PERMISSION: _needs_permission,
    SendingState.TO_HAND_OVER: _to_hand_over,
    SendingState.HANDED_OVER: _handed_over,
    SendingState.SENT: _sent,
    SendingState.ALREADY_THERE: _already_there,
    SendingState.REFUSED: _not_sent,
    SendingState.FAILED: _not_sent,
    SendingState.REPLACED: _replaced,
}


def _why(sending: Sending) -> str:
    known: dict[Reason, str] = {
        Reason.DENIED: _("you said no in the backpack."),
        Reason.NOT_ACCEPTED: _("you said that the backpack did not accept it."),
        Reason.OTHER_ADDRESS: _("the backpack belongs to another e-mail address."),
        Reason.OTHER_ORIGIN: _("the backpack does not take badges of this issuer from this portal."),
        Reason.IMAGE: _("the backpack does not accept the badge's picture."),
        Reason.INACCESSIBLE: _("the backpack cannot read the badge's public address."),
        Reason.MALFORMED: _("the backpack says that the badge is not built as it expects."),
        Reason.INVALID: _("the backpack says that the badge is not valid for you."),
        Reason.UNREACHABLE: _("the backpack cannot be reached."),
        Reason.TIMED_OUT: _("the backpack did not answer in time."),
        Reason.BUSY: _("the backpack is busy or out of order."),
        Reason.PRIVATE_ADDRESS: _("the backpack stands at a private address, which the portal does not call."),
        Reason.NOT_UNDERSTOOD: _("the backpack gave an answer that makes no sense."),
        Reason.NO_WAY_IN: _("there is no Mozilla-style backpack at the address that is set up."),
        Reason.REVOKED: _("the badge was revoked or replaced before it arrived."),
    }
    sentence = known.get(Reason(sending.reason)) if sending.reason else None
    sentence = sentence or _("the backpack does not say why.")
    return sentence if sending.state != SendingState.WAITING else sentence[:1].upper() + sentence[1:]


def _advice(sending: Sending) -> str:
    known: dict[Reason, str] = {
        Reason.DENIED: _("Send it again when you want it there, and accept it."),
        Reason.NOT_ACCEPTED: _("Send it again and accept it in the backpack's window."),
        Reason.OTHER_ADDRESS: _(
            "The badge went to %(address)s. Choose the address that you have in the backpack, or add this one there.",
            address=sending.award.recipient_address or "",
        ),
        Reason.INACCESSIBLE: _("Ask an administrator whether the portal can be reached from the internet."),
        Reason.UNREACHABLE: _("Try again later. If it stays so, tell an administrator."),
        Reason.TIMED_OUT: _("Try again later. If it stays so, tell an administrator."),
        Reason.BUSY: _("Try again later."),
    }
    usual = _("Tell an administrator. You can download the badge here and add it to a backpack yourself.")
    return known.get(Reason(sending.reason), usual) if sending.reason else usual
