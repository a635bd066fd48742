"""A page of another site, opened in a window of its own; the learner marks it as done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from portal.core.i18n import _, _l
from portal.learning.goals.forms import StepForm
from portal.learning.goals.kind import HandedIn, Turn
from portal.learning.goals.outside_forms import LinkForm
from portal.learning.models import RecordState


class Link:
    """A link to outside."""

    name = "link"
    label = _l("Link to another site")
    hint = _l("A page elsewhere. It opens in a window of its own, and the learner marks it as done.")
    icon = "link"
    form: type[StepForm] = LinkForm
    editor = "authoring/kinds/link.html"
    player = "learning/kinds/link.html"
    work: str | None = None
    reviewed = False
    graded = False
    by_learner = True

    def content_of(self, form: StepForm) -> dict[str, Any]:
        """Return where the link leads, and what to do there."""
        form = cast("LinkForm", form)
        return {"text": form.text.data or "", "link": form.link.data or ""}

    def fill(self, form: StepForm, content: Mapping[str, Any]) -> None:
        """Put the link into the form."""
        form = cast("LinkForm", form)
        form.text.data = content.get("text", "")
        form.link.data = content.get("link", "")

    def missing(self, content: Mapping[str, Any]) -> list[str]:
        """Say that the link leads nowhere."""
        return [] if content.get("link") else [_("There is no web address yet.")]

    def criterion(self, title: str) -> str:
        """Say what was done."""
        return _("Went through “%(title)s”", title=title)

    def shown(self, turn: Turn) -> dict[str, Any]:
        """Show which site the link leads to."""
        return {"site": urlsplit(str(turn.content.get("link", ""))).hostname or ""}

    def hand_in(self, turn: Turn) -> HandedIn:
        """Note that the link was opened, or take the learner's word that it is done."""
        opened = turn.answers.get("opened") == "y"
        return HandedIn(RecordState.STARTED if opened else RecordState.DONE)
