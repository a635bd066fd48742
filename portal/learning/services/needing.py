"""Paths that are steps of other paths: which can be chosen, how far somebody is there, and that none waits for itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Person
from portal.core.db import session
from portal.core.i18n import _
from portal.learning.models import LearningPath, Membership, PathState, PathVersion, Prerequisite, Step, VersionState
from portal.learning.services.rights import instructs, may_join, may_see, seen_by

ANOTHER_PATH = "path"
OFFERED = 12


@dataclass(frozen=True)
class Needed:
    """A path that has to be completed as a step of another: whether it is open, and how far somebody is there."""

    path: LearningPath
    title: str
    open: bool
    seen: bool
    joinable: bool
    membership: Membership | None


def offered(text: str, *, chosen: str) -> list[tuple[str, str]]:
    """Return published paths that the reader sees or instructs, by title: the one that is chosen, and those that fit a text.

    The path that is being written is not among them.
    """
    statement = (
        select(LearningPath)
        .join(LearningPath.published)
        .where(LearningPath.state == PathState.PUBLISHED, LearningPath.archived_at.is_(None))
        .order_by(PathVersion.title, LearningPath.id)
        .options(contains_eager(LearningPath.published))
    )
    fitting = statement.limit(OFFERED)
    if text.strip():
        fitting = fitting.where(PathVersion.title.icontains(text.strip(), autoescape=True))
    if current_user.is_authenticated:
        fitting = fitting.where(or_(seen_by(current_user), LearningPath.owner_id == current_user.id))
    written = (request.view_args or {}).get("path")
    if isinstance(written, LearningPath):
        fitting = fitting.where(LearningPath.id != written.id)
    found = list(session().scalars(fitting))
    if chosen and chosen not in {path.public_id for path in found}:
        kept = session().scalar(
            select(LearningPath).where(LearningPath.public_id == chosen).options(joinedload(LearningPath.published))
        )
        found = [kept, *found] if kept is not None and _may_name(kept) else found
    return [(path.public_id, (path.published or path.edited).title) for path in found]


def _may_name(path: LearningPath) -> bool:
    return current_user.is_authenticated and (may_see(current_user, path) or instructs(current_user, path))


def needed(public_id: str, person: Person | None) -> Needed | None:
    """Return how a path stands that has to be completed, for its learner (None in a preview); None where it is gone."""
    path = session().scalar(
        select(LearningPath).where(LearningPath.public_id == public_id).options(joinedload(LearningPath.published))
    )
    if path is None or path.published is None:
        return None
    membership = None
    if person is not None:
        membership = session().scalar(
            select(Membership)
            .where(Membership.path_id == path.id, Membership.person_id == person.id)
            .options(joinedload(Membership.version))
        )
    present = membership if membership is not None and membership.left_at is None else None
    return Needed(
        path=path,
        title=path.published.title,
        open=_is_open(path),
        seen=person is None or present is not None or may_see(person, path),
        joinable=person is not None and present is None and may_join(person, path),
        membership=membership if present is not None or (membership and membership.completed_at) else None,
    )


def _is_open(path: LearningPath) -> bool:
    return path.state == PathState.PUBLISHED and path.archived_at is None


def problems(path: LearningPath, steps: Iterable[Step]) -> list[tuple[Step, str]]:
    """Return what is wrong with the other paths that the steps of a draft ask for: gone, closed, or waiting for this one."""
    asking = [step for step in steps if step.kind == ANOTHER_PATH and step.content.get("path")]
    if not asking:
        return []
    wanted = {step.content["path"] for step in asking}
    rows = session().scalars(select(LearningPath).where(LearningPath.public_id.in_(wanted)))
    known = {other.public_id: other for other in rows}
    waits = _waits()
    found = []
    for step in asking:
        other = known.get(step.content["path"])
        if other is None or other.published is None:
            found.append((step, _("The other learning path is gone. Choose another one.")))
        elif not _is_open(other):
            found.append((step, _("The other learning path is not open any more. Choose another one, or activate it.")))
        elif _leads_to(waits, other.id, path.id):
            found.append(
                (step, _("The other learning path waits for this one to be completed: nobody could complete either."))
            )
    return found


def _waits() -> dict[int, set[int]]:
    """Return which paths each path waits for, by inner numbers: those it needs to be joined, and those that are its steps."""
    waits: dict[int, set[int]] = {}
    for path_id, needs_id in session().execute(select(Prerequisite.path_id, Prerequisite.needs_id)):
        waits.setdefault(path_id, set()).add(needs_id)
    statement = (
        select(PathVersion.path_id, Step.content)
        .join(Step.version)
        .where(PathVersion.state == VersionState.PUBLISHED, Step.kind == ANOTHER_PATH, Step.mandatory)
    )
    asked = [(path_id, content.get("path")) for path_id, content in session().execute(statement)]
    rows = session().execute(
        select(LearningPath.public_id, LearningPath.id).where(
            LearningPath.public_id.in_({public_id for _path, public_id in asked})
        )
    )
    numbers = {public_id: number for public_id, number in rows}  # noqa: C416 - rows, not pairs
    for path_id, public_id in asked:
        if public_id in numbers:
            waits.setdefault(path_id, set()).add(numbers[public_id])
    return waits


def _leads_to(waits: dict[int, set[int]], begin: int, end: int) -> bool:
    waiting, seen = [begin], set()
    while waiting:
        number = waiting.pop()
        if number == end:
            return True
        if number not in seen:
            seen.add(number)
            waiting.extend(waits.get(number, ()))
    return False
