"""Something that outside content reports by the Experience API: a verb, an activity, a score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.learning.goals.forms import StepForm
from portal.learning.goals.kind import HandedIn, Turn
from portal.learning.goals.outside_forms import OWN, VERBS, StatementForm


class OutsideContent:
    """A course, a game or a simulation elsewhere that reports what its learner did."""

    name = "xapi"
    label = _l("Outside content that reports back")
    hint = _l("A course or exercise elsewhere that reports what the learner did, by the Experience API (xAPI).")
    icon = "globe"
    form: type[StepForm] = StatementForm
    editor = "authoring/kinds/xapi.html"
    player = "learning/kinds/xapi.html"
    work: str | None = None
    reviewed = False
    graded = True
    by_learner = False

    def content_of(self, form: StepForm) -> dict[str, Any]:
        """Return what has to be reported; the address of the content may change without anybody having to do it again."""
        form = cast("StatementForm", form)
        return {
            "verb": (form.own_verb.data or "") if form.verb.data == OWN else form.verb.data,
            "activity": form.activity.data or "",
            "score": form.score.data,
            "success": bool(form.success.data),
            "_text": form.text.data or "",
            "_launch": form.launch.data or "",
        }

    def fill(self, form: StepForm, content: Mapping[str, Any]) -> None:
        """Put what has to be reported into the form."""
        form = cast("StatementForm", form)
        verb = content.get("verb", "")
        form.verb.data = verb if verb in VERBS else OWN
        form.own_verb.data = "" if verb in VERBS else verb
        form.activity.data = content.get("activity", "")
        form.score.data = content.get("score")
        form.success.data = bool(content.get("success"))
        form.text.data = content.get("_text", "")
        form.launch.data = content.get("_launch", "")

    def missing(self, content: Mapping[str, Any]) -> list[str]:
        """Say that nothing could be recognised."""
        lacking = [] if content.get("activity") else [_("The step does not say yet which activity is reported.")]
        return lacking if content.get("verb") else [*lacking, _("The step does not say yet what is reported.")]

    def criterion(self, title: str) -> str:
        """Say what was done."""
        return _("Completed “%(title)s”", title=title)

    def shown(self, turn: Turn) -> dict[str, Any]:
        """Show what is enough."""
        return {"lowest": turn.content.get("score"), "launches": bool(turn.content.get("_launch"))}

    def hand_in(self, turn: Turn) -> HandedIn:  # noqa: ARG002
        """Refuse: the content reports by itself."""
        raise Refused(_("This step is done when the content reports it."))
