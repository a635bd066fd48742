"""What the pages of this room show of their rows: lines of steps, words of states, addresses of other rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app, url_for

from portal.accounts.services import current_person
from portal.certificates.services import valid_until
from portal.core.clock import now
from portal.core.i18n import _, date, ngettext
from portal.learning.goals.registry import kind_of
from portal.learning.models import LearningPath, Membership, PathState, PathVersion, Status, Step
from portal.learning.progress import Progress, StepState
from portal.learning.services import Problem, count_waiting, counts_of_members, edits, problems_of, reviews
from portal.learning.services.roster import EXPIRED, EXPIRING
from portal.learning.services.settling import progress_at_the_start, progress_of
from portal.web.policy import Permission

HOUR = 60


@dataclass(frozen=True)
class StepLine:
    """One step or group in a list: `state` is done, current, waiting, failed, locked or todo; `word` and `tone` say it.

    `depth` counts the groups round it, `number` the steps before it (groups have none), `due` is until when it is to be
    done. A group leads nowhere.
    """

    step: Step
    title: str
    note: str
    state: str
    word: str
    tone: str
    url: str | None
    current: bool
    depth: int = 0
    number: int | None = None
    due: datetime | None = None
    overdue: bool = False


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
    what = group_words(step) if step.is_group else str(kind_of(step.kind).label)
    points = ngettext("%(num)s point", "%(num)s points", step.points) if step.points else ""
    parts = [what, duration(step.minutes), points, "" if step.mandatory else _("Optional")]
    return " · ".join(part for part in parts if part)


def group_words(step: Step) -> str:
    """Return how many steps of a group are enough."""
    if step.needed is None:
        return _("All mandatory steps of this group")
    return ngettext("Any %(num)s of these", "Any %(num)s of these", step.needed)


def standing_of(version: PathVersion, membership: Membership | None) -> Progress:
    """Return how far a member is, or where everybody begins."""
    return progress_of(membership) if membership is not None else progress_at_the_start(version)


def depths_of(steps: Iterable[Step]) -> dict[str, int]:
    """Return how many groups there are round each of some steps, by the step's key; a group comes before what it holds."""
    depths: dict[str, int] = {}
    for step in steps:
        depths[step.key] = depths[step.parent_key] + 1 if step.parent_key in depths else 0
    return depths


def lines_of(version: PathVersion, standing: Progress, url_of: Callable[[Step], str] | None) -> list[StepLine]:
    """Return the steps of a version as a list shows them; `url_of` where they lead somewhere."""
    depths = depths_of(version.steps)
    numbers = {step.key: number for number, step in enumerate(version.tasks, start=1)}
    return [
        replace(
            _line(step, standing, url_of if not step.is_group else None),
            depth=depths[step.key],
            number=numbers.get(step.key),
        )
        for step in version.steps
        if step.key in standing.standings
    ]


def _line(step: Step, standing: Progress, url_of: Callable[[Step], str] | None) -> StepLine:
    found = standing.standings[step.key]
    current = step.key == standing.next_key and url_of is not None
    shown = {StepState.DONE: "done", StepState.WAITING: "waiting", StepState.FAILED: "failed"}.get(
        found.state, "locked" if found.locked else "current" if current else "todo"
    )
    word, tone = word_of(found.state)
    if found.overdue:
        word, tone = _("Overdue"), "danger"
    elif found.locked and found.state is StepState.TODO:
        word, tone = _("Not open yet"), "neutral"
    return StepLine(
        step=step,
        title=step.title,
        note=note_of(step),
        state=shown,
        word=word,
        tone=tone,
        url=url_of(step) if url_of else None,
        current=current,
        due=found.goal.deadline,
        overdue=found.overdue,
    )


def word_of(state: StepState) -> tuple[str, str]:
    """Return the word for a state of a step, and its tone."""
    return {
        StepState.DONE: (_("Done"), "success"),
        StepState.WAITING: (_("Waiting for an instructor"), "warning"),
        StepState.RETURNED: (_("Sent back"), "danger"),
        StepState.FAILED: (_("Failed"), "danger"),
        StepState.STARTED: (_("Begun"), "info"),
        StepState.TODO: (_("To do"), "neutral"),
    }[state]


def word_of_status(status: str) -> tuple[str, str]:
    """Return the word for where a member stands on a path, and its tone."""
    return {
        Status.IN_PROGRESS: (_("In progress"), "info"),
        Status.IN_REVIEW: (_("In review"), "warning"),
        Status.COMPLETED: (_("Completed"), "success"),
        Status.FAILED: (_("Failed"), "danger"),
        Status.OVERDUE: (_("Overdue"), "danger"),
    }[Status(status)]


def word_of_state(state: str) -> tuple[str, str]:
    """Return the word for where a member stands, one of roster's STATES, and its tone."""
    if state == EXPIRING:
        return _("Expiring"), "warning"
    return (_("Expired"), "danger") if state == EXPIRED else word_of_status(state)


def chips_of(path: LearningPath) -> list[tuple[str, str]]:
    """Return the words for the state of a path, each with its tone."""
    chip = {
        PathState.DRAFT: (_("Draft"), "neutral"),
        PathState.PUBLISHED: (_("Published"), "success"),
        PathState.INACTIVE: (_("Inactive"), "warning"),
    }[PathState(path.state)]
    if path.archived_at is not None:
        return [(_("Archived"), "neutral")]
    return [chip, (_("Has unpublished changes"), "info")] if path.has_unpublished_changes else [chip]


def validity_words(version: PathVersion) -> str:
    """Return how long the certificate of a version is valid."""
    settings = version.certification
    if settings.validity_kind == "date" and settings.valid_day is not None:
        day = date(valid_until(settings, now()), settings.valid_zone)
        words = _("Through %(day)s, every year anew", day=day) if settings.valid_yearly else None
        return words or _("Through %(day)s", day=day)
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
    may_edit: bool
    may_review: bool


def editor_of(path: LearningPath) -> Editor:
    """Return what stands round the pages of a path's editor."""
    return Editor(
        path=path,
        version=path.edited,
        chips=chips_of(path),
        problems=[(problem.text, _place_of(path, problem)) for problem in problems_of(path)] if path.draft else [],
        members=counts_of_members([path]).get(path.id, 0),
        waiting=count_waiting(path),
        may_edit=edits(current_person(), path),
        may_review=reviews(current_person(), path),
    )


def _place_of(path: LearningPath, problem: Problem) -> str:
    if problem.place == "issuer":
        return url_for("admin.open_badges") if _leads_to_issuer() else ""
    if problem.place in {"step", "group"}:
        return url_for(f"authoring.{problem.place}", path=path, key=problem.key)
    return url_for(f"authoring.{problem.place}", path=path)


def _leads_to_issuer() -> bool:
    return "admin.open_badges" in current_app.view_functions and current_person().may(Permission.ADMIN_OPEN_BADGES)
