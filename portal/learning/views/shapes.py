"""What the pages of this room show of their rows: lines of steps, words of states, addresses of other rooms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from portal.accounts.services import current_person
from portal.core.i18n import _, ngettext
from portal.learning.goals.registry import kind_of
from portal.learning.models import LearningPath, Membership, PathState, PathVersion, Step
from portal.learning.progress import Progress, StepState, progress
from portal.learning.services import Problem, count_waiting, counts_of_members, problems_of
from portal.learning.services.reading import goals_of, progress_of
from portal.web.policy import Permission

HOUR = 60


@dataclass(frozen=True)
class StepLine:
    """One step in a list: `state` is done, current, waiting or todo; `word` and `tone` say it beside the step."""

    step: Step
    title: str
    note: str
    state: str
    word: str
    tone: str
    url: str | None
    current: bool


def duration(minutes: int | None) -> str:
    """Write a duration, given in minutes, in words."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, HOUR)
    words = [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
    if rest or not hours:
        words.append(_("%(minutes)s min", minutes=rest))
    return " ".join(words)


def note_of(step: Step) -> str:
    """Return the line under a step's title: what it is, how long it takes, whether it may be left out."""
    parts = [str(kind_of(step.kind).label), duration(step.minutes), "" if step.mandatory else _("Optional")]
    return " · ".join(part for part in parts if part)


def standing_of(version: PathVersion, membership: Membership | None) -> Progress:
    """Return how far a member is, or where everybody begins."""
    return progress_of(membership) if membership is not None else progress(goals_of(version), ())


def lines_of(version: PathVersion, standing: Progress, url_of: Callable[[Step], str] | None) -> list[StepLine]:
    """Return the steps of a version as a list shows them; `url_of` where they lead somewhere."""
    states = dict(standing.states)
    return [_line(step, states[step.key], standing, url_of) for step in version.steps]


def _line(step: Step, state: StepState, standing: Progress, url_of: Callable[[Step], str] | None) -> StepLine:
    current = step.key == standing.next_key and url_of is not None
    shown = {StepState.DONE: "done", StepState.WAITING: "waiting"}.get(state, "current" if current else "todo")
    word, tone = word_of(state)
    return StepLine(
        step=step,
        title=step.title,
        note=note_of(step),
        state=shown,
        word=word,
        tone=tone,
        url=url_of(step) if url_of else None,
        current=current,
    )


def word_of(state: StepState) -> tuple[str, str]:
    """Return the word for a state of a step, and its tone."""
    return {
        StepState.DONE: (_("Done"), "success"),
        StepState.WAITING: (_("Waiting for an instructor"), "warning"),
        StepState.RETURNED: (_("Sent back"), "danger"),
        StepState.TODO: (_("To do"), "neutral"),
    }[state]


def chips_of(path: LearningPath) -> list[tuple[str, str]]:
    """Return the words for the state of a path, each with its tone."""
    chip = {
        PathState.DRAFT: (_("Draft"), "neutral"),
        PathState.PUBLISHED: (_("Published"), "success"),
        PathState.INACTIVE: (_("Inactive"), "warning"),
    }[PathState(path.state)]
    return [chip, (_("Has unpublished changes"), "info")] if path.has_unpublished_changes else [chip]


def validity_words(version: PathVersion) -> str:
    """Return how long the certificate of a version is valid."""
    settings = version.certification
    if settings.validity_kind == "permanent" or not settings.validity_count:
        return _("Permanent")
    count = settings.validity_count
    return {
        "days": ngettext("%(num)s day", "%(num)s days", count),
        "weeks": ngettext("%(num)s week", "%(num)s weeks", count),
        "months": ngettext("%(num)s month", "%(num)s months", count),
        "years": ngettext("%(num)s year", "%(num)s years", count),
    }[settings.validity_unit]


def designer_url(path: LearningPath | None) -> str | None:
    """Return the address of the badge designer, to draw the picture of a path; None where there is no designer."""
    if "designer.new" not in current_app.view_functions:
        return None
    values: dict[str, Any] = {"for": path.public_id} if path is not None else {}
    return url_for("designer.new", **values)


@dataclass(frozen=True)
class Editor:
    """What stands round the pages on which a path is written: its tabs, its state, what it lacks."""

    path: LearningPath
    version: PathVersion
    chips: list[tuple[str, str]]
    problems: list[tuple[str, str]]
    members: int
    waiting: int


def editor_of(path: LearningPath) -> Editor:
    """Return what stands round the pages of a path's editor."""
    return Editor(
        path=path,
        version=path.edited,
        chips=chips_of(path),
        problems=[(problem.text, _place_of(path, problem)) for problem in problems_of(path)] if path.draft else [],
        members=counts_of_members([path]).get(path.id, 0),
        waiting=count_waiting(path),
    )


def _place_of(path: LearningPath, problem: Problem) -> str:
    if problem.place == "issuer":
        return url_for("admin.open_badges") if _leads_to_issuer() else ""
    if problem.place == "step":
        return url_for("authoring.step", path=path, key=problem.key)
    return url_for(f"authoring.{problem.place}", path=path)


def _leads_to_issuer() -> bool:
    return "admin.open_badges" in current_app.view_functions and current_person().may(Permission.ADMIN_OPEN_BADGES)
