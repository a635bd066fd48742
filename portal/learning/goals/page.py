"""A page to read; the learner marks it as done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from portal.core.i18n import _, _l
from portal.learning.goals.forms import PageForm, StepForm
from portal.learning.goals.kind import HandedIn, Turn
from portal.learning.models import RecordState


class ReadingPage:
    """A page to read, with pictures and links."""

    name = "page"
    label = _l("Page to read")
    hint = _l("Text with pictures and links. The learner marks it as done.")
    icon = "page"
    form: type[StepForm] = PageForm
    editor = "authoring/kinds/page.html"
    player = "learning/kinds/page.html"
    work: str | None = None
    reviewed = False
    graded = False
    by_learner = True

    def content_of(self, form: StepForm) -> dict[str, Any]:
        """Return the text of the page, in Markdown."""
        return {"text": cast("PageForm", form).text.data or ""}

    def fill(self, form: StepForm, content: Mapping[str, Any]) -> None:
        """Put the text into the form."""
        cast("PageForm", form).text.data = content.get("text", "")

    def missing(self, content: Mapping[str, Any]) -> list[str]:
        """Say that a page without text is none."""
        return [] if str(content.get("text", "")).strip() else [_("The page has no text yet.")]

    def criterion(self, title: str) -> str:
        """Say what was done."""
        return _("Read “%(title)s”", title=title)

    def shown(self, turn: Turn) -> dict[str, Any]:  # noqa: ARG002
        """Show nothing but the step."""
        return {}

    def hand_in(self, turn: Turn) -> HandedIn:  # noqa: ARG002
        """Take the learner's word for it."""
        return HandedIn(RecordState.DONE)
