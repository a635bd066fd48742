"""A file or video: uploaded or elsewhere, opened or played; how much was played is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.core.errors import Refused
from portal.core.i18n import _, _l, language_name
from portal.learning.goals import watching
from portal.learning.goals.file_form import ENOUGH, LINK, UPLOAD, WATCHED, FileForm, is_media
from portal.learning.goals.forms import StepForm
from portal.learning.goals.kind import HandedIn, Turn
from portal.learning.models import RecordState


class FileOrVideo:
    """A file to open, or a video or recording to play."""

    name = "file"
    label = _l("File or video")
    hint = _l("A document, a video or a recording. How much of it was played is remembered.")
    icon = "play"
    form: type[StepForm] = FileForm
    editor = "authoring/kinds/file.html"
    player = "learning/kinds/file.html"
    work: str | None = None
    reviewed = False
    graded = False
    by_learner = True

    def content_of(self, form: StepForm) -> dict[str, Any]:
        """Return what is given to learners; captions may change without anybody having to watch again."""
        form = cast("FileForm", form)
        own = form.source.data != LINK
        stored = form.stored if own else {"file": None, "captions": []}
        return {
            "text": form.text.data or "",
            "source": UPLOAD if own else LINK,
            "file": stored["file"],
            "_captions": stored["captions"],
            "link": "" if own else form.link.data or "",
            "done_when": form.done_when.data,
            "percent": form.percent.data or ENOUGH,
        }

    def fill(self, form: StepForm, content: Mapping[str, Any]) -> None:
        """Put what is given to learners into the form."""
        form = cast("FileForm", form)
        form.text.data = content.get("text", "")
        form.source.data = content.get("source", UPLOAD)
        form.link.data = content.get("link", "")
        form.done_when.data = content.get("done_when", WATCHED)
        form.percent.data = content.get("percent", ENOUGH)
        form.keep(content.get("file"), list(content.get("_captions", ())))

    def missing(self, content: Mapping[str, Any]) -> list[str]:
        """Say that there is nothing to open."""
        if content.get("source") == LINK:
            return [] if content.get("link") else [_("There is no web address yet.")]
        return [] if content.get("file") else [_("There is no file yet.")]

    def criterion(self, title: str) -> str:
        """Say what was done."""
        return _("Went through “%(title)s”", title=title)

    def shown(self, turn: Turn) -> dict[str, Any]:
        """Show where the file is, and how far it was played."""
        content = turn.content
        file = content.get("file") if content.get("source") != LINK else None
        return {"media": _media(turn, file) if file else None, "played": _played(turn.evidence)}

    def hand_in(self, turn: Turn) -> HandedIn:
        """Take the learner's word for it, or note what they have played and see whether that is enough."""
        if "stretches" not in turn.answers:
            return HandedIn(RecordState.DONE, evidence=dict(turn.evidence))
        evidence = _played_more(turn.evidence, turn.answers)
        content = turn.content
        enough = evidence["percent"] >= int(content.get("percent", ENOUGH)) and content.get("done_when") == WATCHED
        return HandedIn(RecordState.DONE if enough else RecordState.STARTED, evidence=evidence)


def _played(evidence: Mapping[str, Any]) -> dict[str, Any]:
    return {"position": evidence.get("position", 0), "percent": evidence.get("percent", 0)}


def _played_more(evidence: Mapping[str, Any], answers: MultiDict[str, str]) -> dict[str, Any]:
    stretches = watching.read_stretches(answers.get("stretches", ""))
    duration = watching.read_number(answers.get("duration", ""))
    position = watching.read_number(answers.get("position", "0"))
    if stretches is None or position is None or not duration:
        raise Refused(_("What was played could not be read. Load the page again."), field="stretches")
    together = watching.put_together([*evidence.get("stretches", ()), *stretches], duration)
    return {
        "stretches": together,
        "percent": watching.percent_of(together, duration),
        "position": min(position, duration),
        "duration": duration,
    }


def _media(turn: Turn, file: Mapping[str, Any]) -> dict[str, Any]:
    path = turn.membership.path if turn.membership is not None else turn.step.version.path
    learning = ("learning.step_file", "learning.step_captions")
    writing = ("authoring.step_file_of_draft", "authoring.step_captions_of_draft")
    to_file, to_captions = learning if turn.membership is not None else writing
    here: dict[str, Any] = {"path": path, "key": turn.step.key}
    kind = str(file["type"])
    return {
        "url": url_for(to_file, **here),
        "download": url_for(to_file, **here, download=1),
        "watched": url_for("learning.watched", **here) if turn.membership is not None else "",
        "name": file["name"],
        "type": kind,
        "what": _what(kind),
        "megabytes": f"{max(0.1, file['size'] / 1_000_000):.1f}",
        "tag": kind.partition("/")[0] if is_media(kind) else "",
        "opens": kind == "application/pdf",
        "tracks": [
            {
                "url": url_for(to_captions, **here, number=number),
                "language": entry["language"],
                "label": language_name(entry["language"]),
            }
            for number, entry in enumerate(turn.content.get("_captions", ()))
        ],
        "by_playing": is_media(kind) and turn.content.get("done_when") == WATCHED,
    }


def _what(kind: str) -> str:
    if kind.startswith("video/"):
        return _("Video")
    if kind.startswith("audio/"):
        return _("Recording")
    words = {"pdf": "PDF", "presentation": _("Presentation"), "sheet": _("Spreadsheet")}
    return next((word for part, word in words.items() if part in kind), _("Document"))
