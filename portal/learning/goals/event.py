"""An event: learners sign up for a date, and the instructor says who came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from portal.core.clock import now
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.learning import event_words
from portal.learning.goals.forms import StepForm
from portal.learning.goals.kind import HandedIn, Turn
from portal.learning.goals.outside_forms import EventForm
from portal.learning.models import SeatState


class AnEvent:
    """An event with one or several dates."""

    name = "event"
    label = _l("Event")
    hint = _l("Something at a time and place. Learners choose a date, and the instructor confirms who came.")
    icon = "calendar"
    form: type[StepForm] = EventForm
    editor = "authoring/kinds/event.html"
    player = "learning/kinds/event.html"
    work: str | None = None
    reviewed = True
    graded = False
    by_learner = False

    def content_of(self, form: StepForm) -> dict[str, Any]:
        """Return what the event is about; its dates stand beside the step."""
        return {"text": cast("EventForm", form).text.data or ""}

    def fill(self, form: StepForm, content: Mapping[str, Any]) -> None:
        """Put what the event is about into the form."""
        cast("EventForm", form).text.data = content.get("text", "")

    def missing(self, content: Mapping[str, Any]) -> list[str]:
        """Say that learners have to know what the event is about."""
        return [] if str(content.get("text", "")).strip() else [_("The event does not say yet what it is about.")]

    def criterion(self, title: str) -> str:
        """Say what was done."""
        return _("Attended “%(title)s”", title=title)

    def shown(self, turn: Turn) -> dict[str, Any]:
        """Show the dates, the next ones first, and the learner's place at each."""
        from portal.learning.services import events, seats

        membership = turn.membership
        path = membership.path if membership is not None else turn.step.version.path
        held = seats.seats_of_member(membership, turn.step.key) if membership is not None else {}
        dates = [
            date
            for date in events.dates_of(path, turn.step.key)
            if date.is_open or (date.id in held and held[date.id].state != SeatState.GIVEN_UP)
        ]
        states = {number: seat.state for number, seat in held.items()}
        return {
            "dates": dates,
            "seats": states,
            "chosen": next(
                (date for date in dates if states.get(date.id) in {SeatState.TAKEN, SeatState.WAITING}), None
            ),
            "moment": now(),
            "words": event_words,
        }

    def hand_in(self, turn: Turn) -> HandedIn:  # noqa: ARG002
        """Refuse: the instructor says who came."""
        raise Refused(_("Sign up for a date. Your instructor confirms that you were there."))
