"""Something that an instructor confirms, with a comment; the learner can ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.core.markdown import without_controls
from portal.learning.goals.forms import ConfirmationForm, StepForm
from portal.learning.goals.kind import HandedIn, Turn
from portal.learning.models import RecordState
from portal.web.forms import TEXT


class Confirmation:
    """Something done outside the portal, which an instructor confirms."""

    name = "confirmation"
    label = _l("Confirmation by an instructor")
    hint = _l("Something done elsewhere. The learner asks, and an instructor confirms it with a comment.")
    icon = "verified"
    form: type[StepForm] = ConfirmationForm
    editor = "authoring/kinds/confirmation.html"
    player = "learning/kinds/confirmation.html"
    work: str | None = None
    reviewed = True
    graded = False
    by_learner = True

    def content_of(self, form: StepForm) -> dict[str, Any]:
        """Return what is to be done, in Markdown."""
        return {"task": cast("ConfirmationForm", form).task.data or ""}

    def fill(self, form: StepForm, content: Mapping[str, Any]) -> None:
        """Put what is to be done into the form."""
        cast("ConfirmationForm", form).task.data = content.get("task", "")

    def missing(self, content: Mapping[str, Any]) -> list[str]:
        """Say that a learner has to know what to do."""
        return [] if str(content.get("task", "")).strip() else [_("The step does not say yet what to do.")]

    def criterion(self, title: str) -> str:
        """Say what was confirmed."""
        return _("Had “%(title)s” confirmed by an instructor", title=title)

    def shown(self, turn: Turn) -> dict[str, Any]:  # noqa: ARG002
        """Show nothing but the step."""
        return {}

    def hand_in(self, turn: Turn) -> HandedIn:
        """Ask an instructor."""
        note = without_controls(turn.answers.get("note", "")).strip()
        if len(note) > TEXT:
            raise Refused(_("Use at most %(most)s characters here.", most=TEXT), field="note")
        return HandedIn(RecordState.WAITING, note=note)
