"""The form in which an assignment is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import current_app
from flask_wtf.file import MultipleFileField
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import HiddenField, IntegerField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.core import ids
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.learning.goals.assignment.files import keep, task_files
from portal.learning.goals.assignment.types import GROUPS, USUAL
from portal.learning.goals.forms import StepForm
from portal.web.forms import LONG, Paragraphs, Switch

MOST_FILES = 20
MOST_TASK_FILES = 10
USUAL_FILES = 5
FULL = 100


class AssignmentForm(StepForm):
    """An assignment."""

    task = Paragraphs(_l("What to do"), most=LONG)
    files = MultipleFileField(_l("Files to download"))
    kept_files = HiddenField()
    wants_text = Switch(_l("Learners write a text"), default=True)
    most_files = IntegerField(
        _l("Files at most"),
        default=USUAL_FILES,
        validators=[
            InputRequired(_l("Enter a whole number from 0 to 20.")),
            NumberRange(0, MOST_FILES, message=_l("Enter a whole number from 0 to 20.")),
        ],
    )
    types = SelectMultipleField(
        _l("Kinds of files"),
        choices=[SelectChoice(name, label) for name, (label, _endings) in GROUPS.items()],
        default=list(USUAL),
    )
    graded = Switch(_l("Graded"))
    pass_grade = IntegerField(
        _l("Grade to pass"),
        validators=[Optional(), NumberRange(1, FULL, message=_l("Enter a whole number from 1 to 100."))],
    )

    @property
    def kept(self) -> list[dict[str, Any]]:
        """The files that the form carries."""
        try:
            found = _seal().loads(self.kept_files.data or "")
        except BadSignature:
            return []
        return task_files({"files": found})

    def _carry(self, kept: list[dict[str, Any]]) -> None:
        self.kept_files.data = _seal().dumps(kept) if kept else ""

    @property
    def content(self) -> dict[str, Any]:
        """What the form says, as it is stored."""
        return {
            "task": self.task.data or "",
            "files": self.kept,
            "text": bool(self.wants_text.data),
            "most_files": self.most_files.data or 0,
            "types": [name for name in GROUPS if name in (self.types.data or [])],
            "graded": bool(self.graded.data),
            "pass_grade": self.pass_grade.data or None,
        }

    def put(self, content: Mapping[str, Any]) -> None:
        """Show stored content."""
        self.task.data = content.get("task", "")
        self._carry(task_files(content))
        self.wants_text.data = bool(content.get("text", True))
        self.most_files.data = content.get("most_files", USUAL_FILES)
        self.types.data = list(content.get("types", USUAL))
        self.graded.data = bool(content.get("graded"))
        self.pass_grade.data = content.get("pass_grade")

    def rework(self, action: str) -> bool:
        """Carry out the buttons that add the chosen files and that remove one."""
        verb, _colon, name = action.partition(":")
        if verb not in {"files-add", "file-remove"}:
            return False
        self.keep_files()
        if verb == "file-remove":
            self._carry([file for file in self.kept if file["id"] != name])
        return True

    def keep_files(self) -> None:
        """Store the chosen files, and let the form carry them."""
        kept = self.kept
        for file in self.files.data or []:
            if not getattr(file, "filename", ""):
                continue
            if len(kept) >= MOST_TASK_FILES:
                self.refuse(Refused(_("At most %(most)s files can be given.", most=MOST_TASK_FILES), field="files"))
                break
            try:
                kept.append({"id": ids.public_id(), **asdict(keep(file, GROUPS))})
            except Refused as error:
                self.refuse(error)
        self._carry(kept)


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="files to download of an assignment")
