"""Another learning path: done when its learner completes that one, before or after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.learning.goals.forms import StepForm
from portal.learning.goals.kind import HandedIn, Turn
from portal.learning.goals.outside_forms import AnotherPathForm


class AnotherPath:
    """Another learning path as a step of this one."""

    name = "path"
    label = _l("Another learning path")
    hint = _l("Done when the learner completes another path, whether before this one or after.")
    icon = "path"
    form: type[StepForm] = AnotherPathForm
    editor = "authoring/kinds/path.html"
    player = "learning/kinds/path.html"
    work: str | None = None
    reviewed = False
    graded = False
    by_learner = False

    def content_of(self, form: StepForm) -> dict[str, Any]:
        """Return which path it is."""
        form = cast("AnotherPathForm", form)
        return {"path": form.needs.data or "", "_text": form.text.data or ""}

    def fill(self, form: StepForm, content: Mapping[str, Any]) -> None:
        """Choose the path in the form."""
        form = cast("AnotherPathForm", form)
        form.needs.data = content.get("path", "")
        form.text.data = content.get("_text", "")
        form.offer()

    def missing(self, content: Mapping[str, Any]) -> list[str]:
        """Say that no path is chosen."""
        return [] if content.get("path") else [_("Choose the learning path that has to be completed.")]

    def criterion(self, title: str) -> str:
        """Say what was done."""
        return _("Completed the learning path of “%(title)s”", title=title)

    def shown(self, turn: Turn) -> dict[str, Any]:
        """Show the other path, and how far the learner is there."""
        from portal.learning.services import needing

        person = turn.membership.person if turn.membership is not None else None
        return {"needed": needing.needed(str(turn.content.get("path", "")), person)}

    def hand_in(self, turn: Turn) -> HandedIn:  # noqa: ARG002
        """Refuse: the other path says when it is completed."""
        raise Refused(_("This step is done when you complete the other learning path."))
