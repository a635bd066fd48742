"""Writing the steps of a draft: adding, changing, moving, grouping, removing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.models import LearningPath, PathVersion, Step, content_hash
from portal.learning.rules import Rules
from portal.learning.services.authoring import draft_of, lock

MOST_STEPS = 200
DEEPEST = 4


def rules_of(step: Step) -> Rules:
    """Return the rules of a step."""
    return Rules(
        points=step.points,
        limit_count=step.limit_count,
        limit_unit=step.limit_unit,
        due_at=step.due_at,
        strict=step.strict,
        needed=step.needed,
    )


def _set_rules(step: Step, rules: Rules) -> None:
    step.points = rules.points
    step.limit_count = rules.limit_count
    step.limit_unit = rules.limit_unit
    step.due_at = rules.due_at
    step.strict = rules.strict
    step.needed = rules.needed


def add_step(
    path: LearningPath,
    kind: str,
    *,
    title: str,
    content: Mapping[str, Any] | None = None,
    mandatory: bool = True,
    minutes: int | None = None,
    rules: Rules | None = None,
    parent: str | None = None,
) -> Step:
    """Add a step at the end of the draft, or of the group whose key `parent` is; `minutes` is how long it takes. Flushed.

    The kind "group" makes a group. Raises Refused where there are too many steps, or the group is not there.
    """
    draft = draft_of(path)
    if len(draft.steps) >= MOST_STEPS:
        raise Refused(_("A learning path can have at most %(most)s steps.", most=MOST_STEPS))
    step = Step(
        position=len(draft.steps) + 1,
        kind=kind,
        title=title,
        mandatory=mandatory,
        minutes=minutes,
        content=dict(content or {}),
        content_hash=content_hash(kind, title, dict(content or {})),
    )
    _set_rules(step, rules or Rules())
    draft.steps.append(step)
    session().flush()
    _put(draft, step, parent, len(draft.steps))
    return _changed(draft, step)


def save_step(
    path: LearningPath,
    key: str,
    *,
    title: str,
    content: Mapping[str, Any],
    mandatory: bool,
    minutes: int | None,
    rules: Rules | None = None,
) -> Step:
    """Write a step of the draft anew; saying nothing new makes no draft. Without `rules` they stay. Flushed."""
    lock(path)
    present = _step(path.edited, key)
    rules = rules or rules_of(present)
    said = (title, dict(content), mandatory, minutes, rules)
    if (present.title, dict(present.content), present.mandatory, present.minutes, rules_of(present)) == said:
        return present
    draft = draft_of(path)
    step = _step(draft, key)
    step.title = title
    step.content = dict(content)
    step.mandatory = mandatory
    step.minutes = minutes
    step.content_hash = content_hash(step.kind, title, dict(content))
    _set_rules(step, rules)
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


def set_order(path: LearningPath, *, ordered: bool) -> None:
    """Say whether the steps of the draft are done one after the other. Flushed."""
    lock(path)
    if path.edited.ordered is not ordered:
        draft = draft_of(path)
        draft.ordered = ordered
        draft.revision += 1
        session().flush()


def set_approval(path: LearningPath, *, approved: bool) -> None:
    """Say whether an instructor approves each completion of the draft. Flushed."""
    lock(path)
    if path.edited.approved is not approved:
        draft = draft_of(path)
        draft.approved = approved
        draft.revision += 1
        session().flush()


def remove_step(path: LearningPath, key: str) -> None:
    """Take a step out of the draft; removing it twice changes nothing. Flushed.

    What a group held stays on the path, where the group stood.
    """
    lock(path)
    if path.edited.step(key) is None:
        return
    draft = draft_of(path)
    step = _step(draft, key)
    for other in draft.steps:
        if other.parent_key == key:
            other.parent_key = step.parent_key
    draft.steps.remove(step)
    _number(draft)
    draft.revision += 1
    session().flush()


def move_step(path: LearningPath, key: str, position: int) -> Step:
    """Put a step of the draft at a position among those beside it, counted from 1. Flushed.

    A position outside means the end that is nearer.
    """
    lock(path)
    step = _step(path.edited, key)
    beside = held_by(path.edited, step.parent_key)
    position = min(max(position, 1), len(beside))
    if beside[position - 1] is step:
        return step
    draft = draft_of(path)
    step = _step(draft, key)
    _put(draft, step, step.parent_key, position)
    return _changed(draft, step)


def move_into(path: LearningPath, key: str, parent: str | None) -> Step:
    """Put a step of the draft at the end of a group, or (without one) of the path itself. Flushed.

    Raises Refused where the group is not there, is the step itself or inside it, or stands too deep.
    """
    lock(path)
    if _step(path.edited, key).parent_key == parent:
        return _step(path.edited, key)
    draft = draft_of(path)
    step = _step(draft, key)
    _put(draft, step, parent, len(draft.steps))
    return _changed(draft, step)


def held_by(version: PathVersion, parent: str | None) -> list[Step]:
    """Return what stands directly in a group of a version, or (without one) in the path itself, in order."""
    return [step for step in version.steps if step.parent_key == parent]


def place_of(version: PathVersion, step: Step) -> int:
    """Return the place of a step among those beside it, counted from 1."""
    return held_by(version, step.parent_key).index(step) + 1


def _put(draft: PathVersion, step: Step, parent: str | None, position: int) -> None:
    """Put a step at a position in a group, and number the whole anew."""
    if parent is not None:
        _refuse_group(draft, step, parent)
    step.parent_key = parent
    beside = [other for other in held_by(draft, parent) if other is not step]
    beside.insert(position - 1, step)
    places = {other.key: place for place, other in enumerate(beside)}

    def order(other: Step) -> int:
        return places.get(other.key, other.position)

    _number(draft, order)


def _refuse_group(draft: PathVersion, step: Step, parent: str) -> None:
    group = draft.step(parent)
    if group is None or not group.is_group:
        raise Refused(_("This group is not part of the learning path any more."), field="parent")
    depth = 1 + _height(draft, step) if step.is_group else 0
    around: Step | None = group
    while around is not None:
        if around is step:
            raise Refused(_("A group cannot stand inside itself."), field="parent")
        depth += 1
        around = draft.step(around.parent_key) if around.parent_key else None
    if depth > DEEPEST:
        raise Refused(_("Groups can stand at most %(most)s deep.", most=DEEPEST), field="parent")


def _height(version: PathVersion, group: Step) -> int:
    """Return how many groups stand in one another inside a group."""
    return max((1 + _height(version, step) for step in held_by(version, group.key) if step.is_group), default=0)


def _step(version: PathVersion, key: str) -> Step:
    step = version.step(key)
    if step is None:
        raise Refused(_("This step is not part of the learning path any more."))
    return step


def _number(version: PathVersion, order: Callable[[Step], int] | None = None) -> None:
    """Count through the whole version, each group before what it holds, those beside one another in `order`."""
    held: dict[str | None, list[Step]] = {}
    for step in version.steps:
        held.setdefault(step.parent_key, []).append(step)
    counted: list[Step] = []

    def count(parent: str | None) -> None:
        for step in sorted(held.get(parent, ()), key=order or (lambda other: other.position)):
            counted.append(step)
            count(step.key)

    count(None)
    version.steps[:] = counted
    for position, step in enumerate(counted, start=1):
        step.position = position


def _changed(draft: PathVersion, step: Step) -> Step:
    draft.revision += 1
    session().flush()
    return step
