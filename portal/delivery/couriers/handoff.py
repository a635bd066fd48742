"""The hand-off in the browser: the backpack's own script asks its own question, and tells the page what was answered."""

from __future__ import annotations

from typing import Any

from portal.delivery.couriers.courier import Outcome, Parcel
from portal.delivery.models import Reason, SendingState
from portal.delivery.probing import ProbeResult

_REASONS = {
    "DENIED": (SendingState.REFUSED, Reason.DENIED),
    "EXISTS": (SendingState.ALREADY_THERE, None),
    "INACCESSIBLE": (SendingState.FAILED, Reason.INACCESSIBLE),
    "MALFORMED": (SendingState.FAILED, Reason.MALFORMED),
    "INVALID": (SendingState.FAILED, Reason.INVALID),
}


class HandOffCourier:
    """Opens the backpack's own Send window in the learner's browser (Mozilla Issuer API)."""

    key = "handoff"

    def serves(self, found: ProbeResult) -> bool:
        """Whether the backpack has an issuer.js."""
        return found.issuer

    def begin(self, parcel: Parcel) -> Outcome:  # noqa: ARG002 - it begins alike for every parcel
        """Return that the learner has to open the window."""
        return Outcome(state=SendingState.TO_HAND_OVER)

    def carry(self, parcel: Parcel) -> Outcome:
        """Return that the worker can do nothing here: the learner opens the window."""
        return self.begin(parcel)


def outcome_of(answer: Any, assertion_url: str) -> Outcome | None:
    """Return what a backpack's callback means, or None where it says nothing of this badge.

    `answer` is {"errors": […], "successes": […]} as `OpenBadges.issue` hands them over: errors are {assertion, reason}
    objects or, from the last release, bare strings. (Mozilla Issuer API.)
    """
    if not isinstance(answer, dict):
        return None
    successes, errors = answer.get("successes"), answer.get("errors")
    if isinstance(successes, list) and assertion_url in [item for item in successes if isinstance(item, str)]:
        return Outcome(state=SendingState.SENT)
    for error in errors[:20] if isinstance(errors, list) else ():
        reason = error
        if isinstance(error, dict):
            about = error.get("assertion")
            if isinstance(about, str) and about != assertion_url:
                continue
            reason = error.get("reason")
        if isinstance(reason, str):
            state, word = _REASONS.get(reason.strip().upper(), (SendingState.FAILED, Reason.NOT_UNDERSTOOD))
            return Outcome(state=state, reason=word)
    return None
