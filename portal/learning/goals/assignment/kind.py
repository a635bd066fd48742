"""Something to work out: the learner hands in text and files, an instructor accepts them or gives them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.core.markdown import without_controls
from portal.learning.goals.assignment.files import (
    Carried,
    carried,
    refuse_too_many,
    said_of,
    taken,
    task_files,
)
from portal.learning.goals.assignment.forms import AssignmentForm
from portal.learning.goals.assignment.types import LARGEST, MEGABYTE, extensions_of
from portal.learning.goals.forms import StepForm
from portal.learning.goals.kind import HandedIn, Turn
from portal.learning.models import RecordState, StepEvent
from portal.web.forms import LONG

SAVE = "save"
KEPT_WORKS = 20


@dataclass(frozen=True)
class TaskFile:
    """A file that goes with the task."""

    name: str
    size: int
    url: str


@dataclass(frozen=True)
class Sheet:
    """What a learner's page needs: the task's files, what is handed in or in the making, and what happened before."""

    task_files: tuple[TaskFile, ...]
    text: str
    files: tuple[Carried, ...]
    handed_in: tuple[Mapping[str, Any], ...]
    events: tuple[StepEvent, ...]
    endings: tuple[str, ...]
    largest: int
    changed: bool


class Assignment:
    """Text and files that are handed in and reviewed."""

    name = "assignment"
    label = _l("Assignment")
    hint = _l("Text and files that the learner hands in. An instructor accepts them, gives a grade, or returns them.")
    icon = "upload"
    form: type[StepForm] = AssignmentForm
    editor = "authoring/kinds/assignment.html"
    player = "learning/kinds/assignment.html"
    work: str | None = "authoring/work/assignment.html"
    reviewed = True
    graded = True
    by_learner = True

    def content_of(self, form: StepForm) -> dict[str, Any]:
        """Return the task, and what may be handed in."""
        return cast("AssignmentForm", form).content

    def fill(self, form: StepForm, content: Mapping[str, Any]) -> None:
        """Put the task into the form."""
        cast("AssignmentForm", form).put(content)

    def missing(self, content: Mapping[str, Any]) -> list[str]:
        """Say that a learner has to know what to do and needs something to hand in."""
        lacks = [] if str(content.get("task", "")).strip() else [_("The assignment does not say yet what to do.")]
        if not content.get("text", True) and not content.get("most_files"):
            lacks.append(_("Learners can hand in neither text nor files."))
        elif content.get("most_files") and not content.get("types", True):
            lacks.append(_("It does not say which kinds of files are taken."))
        return lacks

    def criterion(self, title: str) -> str:
        """Say what was accepted."""
        return _("Handed in “%(title)s”, which an instructor accepted", title=title)

    def shown(self, turn: Turn) -> dict[str, Any]:
        """Show what was written and chosen so far, and what became of it."""
        evidence, changed = _evidence_of(turn)
        ids = [file["upload"] for file in evidence.get("files") or []]
        membership = turn.membership
        return {
            "work": Sheet(
                task_files=_task_files(turn),
                text=evidence.get("text", ""),
                files=tuple(carried(membership, turn.step.key, ids)) if membership is not None else (),
                handed_in=tuple(_dated(work) for work in evidence.get("handed_in") or ()),
                events=_events_of(turn),
                endings=extensions_of(turn.content.get("types") or ()),
                largest=LARGEST // MEGABYTE,
                changed=changed,
            ),
            "carried": lambda values: carried(membership, turn.step.key, values) if membership is not None else [],
        }

    def worked(self, turn: Turn) -> dict[str, Any]:
        """Show an instructor what was handed in, the newest first; never a draft."""
        return {"works": [_dated(work) for work in reversed(turn.evidence.get("handed_in") or [])]}

    def hand_in(self, turn: Turn) -> HandedIn:
        """Keep a draft, or hand it in for an instructor to decide."""
        text = without_controls(turn.answers.get("text", "")).strip() if turn.content.get("text", True) else ""
        if len(text) > LONG:
            raise Refused(_("Use at most %(most)s characters here.", most=LONG), field="text")
        removed = turn.answers.getlist("remove")
        values = [value for value in turn.answers.getlist("kept") if value not in removed]
        uploads = taken(turn.membership, turn.step.key, values) if turn.membership is not None else []
        refuse_too_many(len(uploads), int(turn.content.get("most_files") or 0))
        earlier = list(_evidence_of(turn)[0].get("handed_in") or [])
        work = {"text": text, "files": [said_of(upload) for upload in uploads]}
        if removed or turn.answers.get("action") == SAVE:
            return HandedIn(_draft_state(turn), evidence={**work, "handed_in": earlier})
        if not text and not uploads:
            raise Refused(_nothing(turn), field="text" if turn.content.get("text", True) else "files")
        for upload in uploads:
            upload.handed_in_at = upload.handed_in_at or now()
        handed_in = [*earlier, {**work, "at": now().isoformat()}][-KEPT_WORKS:]
        return HandedIn(RecordState.WAITING, evidence={**work, "handed_in": handed_in})


def _dated(work: Mapping[str, Any]) -> dict[str, Any]:
    return {**work, "at": datetime.fromisoformat(work["at"])}


def _draft_state(turn: Turn) -> RecordState:
    """Work that was returned stays returned while it is being changed."""
    returned = turn.record is not None and turn.record.state == RecordState.RETURNED
    return RecordState.RETURNED if returned else RecordState.STARTED


def _nothing(turn: Turn) -> str:
    if not turn.content.get("text", True):
        return _("Add a file first.")
    if not turn.content.get("most_files"):
        return _("Write something first.")
    return _("Write something, or add a file, before you hand it in.")


def _evidence_of(turn: Turn) -> tuple[Mapping[str, Any], bool]:
    """Return what was written of the step so far, and whether that was when the step said something else."""
    if turn.record is not None or turn.membership is None:
        return turn.evidence, False
    before = next(
        (
            record
            for record in turn.membership.records
            if record.step_key == turn.step.key and record.round == turn.membership.round
        ),
        None,
    )
    return (before.evidence, bool(before.evidence)) if before is not None else ({}, False)


def _task_files(turn: Turn) -> tuple[TaskFile, ...]:
    path, endpoint = turn.step.version.path if turn.step.version is not None else None, "authoring.task_file_of_draft"
    if turn.membership is not None:
        path, endpoint = turn.membership.path, "learning.task_file"
    return tuple(
        TaskFile(file["name"], file["size"], url_for(endpoint, path=path, key=turn.step.key, file=file["id"]))
        for file in task_files(turn.content)
    )


def _events_of(turn: Turn) -> tuple[StepEvent, ...]:
    if turn.membership is None:
        return ()
    statement = (
        select(StepEvent)
        .where(StepEvent.membership_id == turn.membership.id, StepEvent.step_key == turn.step.key)
        .order_by(StepEvent.at.desc(), StepEvent.id.desc())
        .options(joinedload(StepEvent.by))
    )
    return tuple(session().scalars(statement))
