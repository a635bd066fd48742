"""Writing the steps of a draft: adding, changing, moving, removing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.models import LearningPath, PathVersion, Step, content_hash
from portal.learning.services.authoring import draft_of, lock

MOST_STEPS = 200


def add_step(
    path: LearningPath,
    kind: str,
    *,
    title: str,
    content: Mapping[str, Any],
    mandatory: bool = True,
    minutes: int | None = None,
) -> Step:
    """Add a step at the end of the draft; `minutes` is how long it takes. Flushed."""
    draft = draft_of(path)
    if len(draft.steps) >= MOST_STEPS:
        raise Refused(_("A learning path can have at most %(most)s steps.", most=MOST_STEPS))
    step = Step(
        position=len(draft.steps) + 1,
        kind=kind,
        title=title,
        mandatory=mandatory,
        minutes=minutes,
        content=dict(content),
        content_hash=content_hash(kind, title, dict(content)),
    )
    draft.steps.append(step)
    return _changed(draft, step)


def save_step(
    path: LearningPath, key: str, *, title: str, content: Mapping[str, Any], mandatory: bool, minutes: int | None
) -> Step:
    """Write a step of the draft anew; saying nothing new makes no draft. Flushed."""
    lock(path)
    present = _step(path.edited, key)
    if (present.title, dict(present.content), present.mandatory, present.minutes) == (
        title,
        dict(content),
        mandatory,
        minutes,
    ):
        return present
    draft = draft_of(path)
    step = _step(draft, key)
    step.title = title
    step.content = dict(content)
    step.mandatory = mandatory
    step.minutes = minutes
    step.content_hash = content_hash(step.kind, title, dict(content))
    return _changed(draft, step)


def set_mandatory(path: LearningPath, key: str, *, mandatory: bool) -> Step:
    """Say whether a step of the draft counts. Flushed."""
    lock(path)
    present = _step(path.edited, key)
    if present.mandatory is mandatory:
        return present
    draft = draft_of(path)
    step = _step(draft, key)
    step.mandatory = mandatory
    return _changed(draft, step)


def remove_step(path: LearningPath, key: str) -> None:
    """Take a step out of the draft; removing it twice changes nothing. Flushed."""
    lock(path)
    if path.edited.step(key) is None:
        return
    draft = draft_of(path)
    draft.steps.remove(_step(draft, key))
    _number(draft)
    draft.revision += 1
    session().flush()


def move_step(path: LearningPath, key: str, position: int) -> Step:
    """Put a step of the draft at a position, counted from 1; a position outside means the end that is nearer. Flushed."""
    lock(path)
    step = _step(path.edited, key)
    position = min(max(position, 1), len(path.edited.steps))
    if step.position == position:
        return step
    draft = draft_of(path)
    step = _step(draft, key)
    others = [other for other in draft.steps if other is not step]
    others.insert(position - 1, step)
    draft.steps[:] = others
    _number(draft)
    return _changed(draft, step)


def _step(version: PathVersion, key: str) -> Step:
    step = version.step(key)
    if step is None:
        raise Refused(_("This step is not part of the learning path any more."))
    return step


def _number(version: PathVersion) -> None:
    for position, step in enumerate(version.steps, start=1):
        step.position = position


def _changed(draft: PathVersion, step: Step) -> Step:
    draft.revision += 1
    session().flush()
    return step
