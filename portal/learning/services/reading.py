"""What others read of this room: lists as SELECTs, progress of one or many, whose learner somebody is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from portal.accounts.models import Person
from portal.accounts.services import search_people
from portal.core.db import session
from portal.learning.models import (
    GROUP,
    Category,
    CoInstructor,
    LearningPath,
    Membership,
    PathState,
    PathTag,
    PathVersion,
    RecordState,
    Step,
    StepRecord,
    VersionState,
)
from portal.learning.services.rights import seen_by
from portal.web.policy import Permission


def _with_progress(statement: Select[Any], *, with_person: bool = True) -> Select[Any]:
    """Load with memberships what their progress needs, in a number of statements that does not grow.

    Without `with_person` the statement loads the person itself.
    """
    light = (
        Step.version_id,
        Step.key,
        Step.position,
        Step.content_hash,
        Step.mandatory,
        Step.minutes,
        Step.title,
        Step.kind,
        Step.parent_key,
        Step.needed,
        Step.points,
        Step.limit_count,
        Step.limit_unit,
        Step.due_at,
        Step.strict,
    )
    return statement.options(
        contains_eager(Membership.version).selectinload(PathVersion.steps).load_only(*light),
        selectinload(Membership.records),
        joinedload(Membership.path),
        *([joinedload(Membership.person)] if with_person else []),
    )


def paths_of(person: Person) -> Select[Any]:
    """Return a SELECT of somebody's memberships, for their transcript: the completed first, the newest of them on top.

    A path that they left counts only where they had completed it. Each row has `version.title`, `joined_at`,
    `completed_at` (None while in progress) and `path`; `progress_of` says how far they are.
    """
    statement = (
        select(Membership)
        .join(Membership.version)
        .where(
            Membership.person_id == person.id,
            or_(Membership.left_at.is_(None), Membership.completed_at.is_not(None)),
        )
        .order_by(Membership.completed_at.is_(None), Membership.completed_at.desc(), Membership.joined_at.desc())
    )
    return _with_progress(statement)


def my_learning(person: Person, *, text: str = "", state: str = "", sort: str = "recent") -> Select[Any]:
    """Return a SELECT of the memberships that somebody has: `state` open or done, sorted recent, title or joined."""
    orders: dict[str, tuple[Any, ...]] = {
        "recent": (Membership.completed_at.is_not(None), Membership.active_at.desc()),
        "title": (func.lower(PathVersion.title),),
        "joined": (Membership.joined_at.desc(),),
    }
    statement = (
        select(Membership)
        .join(Membership.version)
        .where(Membership.person_id == person.id, Membership.left_at.is_(None))
        .order_by(*orders.get(sort, orders["recent"]), Membership.id)
        .options(joinedload(Membership.certificate))
    )
    if state == "open":
        statement = statement.where(Membership.completed_at.is_(None))
    elif state == "done":
        statement = statement.where(Membership.completed_at.is_not(None))
    return _with_progress(_titled(statement, PathVersion, text))


def _titled(statement: Select[Any], version: Any, text: str) -> Select[Any]:
    return statement.where(version.title.icontains(text.strip(), autoescape=True)) if text.strip() else statement


def catalogue(
    person: Person, *, text: str = "", sort: str = "newest", category: str = "", tag: str = "", language: str = ""
) -> Select[Any]:
    """Return a SELECT of the published paths that somebody sees, sorted newest, oldest, title or title-down.

    `text` is looked for in titles and tags; `category` is the public id of one, `tag` a word, `language` a code.
    """
    orders: dict[str, Any] = {
        "newest": PathVersion.published_at.desc(),
        "oldest": PathVersion.published_at,
        "title": func.lower(PathVersion.title),
        "title-down": func.lower(PathVersion.title).desc(),
    }
    statement = (
        select(LearningPath)
        .join(LearningPath.published)
        .where(LearningPath.state == PathState.PUBLISHED, LearningPath.archived_at.is_(None), seen_by(person))
        .order_by(orders.get(sort, orders["newest"]), LearningPath.id)
        .options(
            contains_eager(LearningPath.published).joinedload(PathVersion.certification),
            selectinload(LearningPath.tags),
            selectinload(LearningPath.categories),
        )
    )
    if category:
        statement = statement.where(LearningPath.categories.any(Category.public_id == category))
    if tag:
        statement = statement.where(LearningPath.tags.any(PathTag.word == tag))
    if language:
        statement = statement.where(PathVersion.language == language)
    if text.strip():
        found = PathVersion.title.icontains(text.strip(), autoescape=True)
        tagged = LearningPath.tags.any(func.lower(PathTag.word) == text.strip().lower())
        statement = statement.where(or_(found, tagged))
    return statement


def memberships_among(person: Person, paths: Iterable[LearningPath]) -> dict[int, Membership]:
    """Return somebody's active memberships of some paths, by the path's inner number, with what progress needs."""
    statement = (
        select(Membership)
        .join(Membership.version)
        .where(
            Membership.person_id == person.id,
            Membership.left_at.is_(None),
            Membership.path_id.in_([path.id for path in paths]),
        )
    )
    return {membership.path_id: membership for membership in session().scalars(_with_progress(statement))}


def authored(person: Person, *, text: str = "", state: str = "", sort: str = "recent") -> Select[Any]:
    """Return a SELECT of the paths that somebody instructs (an administrator: all), by title text and state.

    `state` is draft, published, inactive, archived, or changes (published, with a draft beside); sorted recent or title.
    """
    draft, published = aliased(PathVersion), aliased(PathVersion)
    statement = (
        select(LearningPath)
        .outerjoin(draft, and_(draft.path_id == LearningPath.id, draft.state == VersionState.DRAFT.value))
        .outerjoin(
            published, and_(published.path_id == LearningPath.id, published.state == VersionState.PUBLISHED.value)
        )
        .options(
            contains_eager(LearningPath.draft.of_type(draft)),
            contains_eager(LearningPath.published.of_type(published)),
            joinedload(LearningPath.owner),
        )
    )
    if not person.may(Permission.ADMIN_PEOPLE):
        statement = statement.where(LearningPath.id.in_(_paths_taught_by(person)))
    title = func.coalesce(draft.title, published.title)
    if text.strip():
        statement = statement.where(title.icontains(text.strip(), autoescape=True))
    if state == "archived":
        return statement.where(LearningPath.archived_at.is_not(None)).order_by(
            LearningPath.archived_at.desc(), LearningPath.id
        )
    statement = statement.where(LearningPath.archived_at.is_(None))
    if state == "changes":
        statement = statement.where(draft.id.is_not(None), published.id.is_not(None))
    elif state:
        statement = statement.where(LearningPath.state == state)
    order = func.lower(title) if sort == "title" else LearningPath.changed_at.desc()
    return statement.order_by(order, LearningPath.id.desc())


def _paths_taught_by(person: Person) -> Select[Any]:
    named = select(CoInstructor.path_id).where(CoInstructor.person_id == person.id)
    return select(LearningPath.id).where(or_(LearningPath.owner_id == person.id, LearningPath.id.in_(named)))


def persons_among(path: LearningPath, people: Iterable[Person]) -> set[int]:
    """Return which of some people are on a path, by the person's inner number."""
    statement = select(Membership.person_id).where(
        Membership.path_id == path.id,
        Membership.left_at.is_(None),
        Membership.person_id.in_([person.id for person in people]),
    )
    return set(session().scalars(statement))


def counts_of_members(paths: Iterable[LearningPath]) -> dict[int, int]:
    """Return how many people are on each of some paths, by the path's inner number."""
    statement = (
        select(Membership.path_id, func.count())
        .where(Membership.path_id.in_([path.id for path in paths]), Membership.left_at.is_(None))
        .group_by(Membership.path_id)
    )
    return dict(session().execute(statement).all())


def counts_of_steps(versions: Iterable[PathVersion]) -> dict[int, int]:
    """Return how many steps some versions have, by the version's inner number."""
    statement = (
        select(Step.version_id, func.count())
        .where(Step.version_id.in_([version.id for version in versions]), Step.kind != GROUP)
        .group_by(Step.version_id)
    )
    return dict(session().execute(statement).all())


def members_of(path: LearningPath, *, text: str = "", state: str = "") -> Select[Any]:
    """Return a SELECT of a path's active memberships by name: `state` open, done or waiting."""
    statement = (
        select(Membership)
        .join(Membership.person)
        .join(Membership.version)
        .where(Membership.path_id == path.id, Membership.left_at.is_(None))
        .order_by(Person.name, Membership.id)
        .options(contains_eager(Membership.person), joinedload(Membership.certificate))
    )
    if text.strip():
        statement = statement.where(Person.name.icontains(text.strip(), autoescape=True))
    if state == "open":
        statement = statement.where(Membership.completed_at.is_(None))
    elif state == "done":
        statement = statement.where(Membership.completed_at.is_not(None))
    elif state == "waiting":
        statement = statement.where(Membership.id.in_(_waiting_rows().with_only_columns(StepRecord.membership_id)))
    return _with_progress(statement, with_person=False)


def _waiting_rows() -> Select[Any]:
    """Return what waits for an instructor: asked by an active member, of a step that still says the same."""
    return (
        select(StepRecord)
        .join(StepRecord.membership)
        .join(
            Step,
            and_(
                Step.version_id == Membership.version_id,
                Step.key == StepRecord.step_key,
                Step.content_hash == StepRecord.content_hash,
            ),
        )
        .where(StepRecord.state == RecordState.WAITING, Membership.left_at.is_(None))
    )


def waiting_for(person: Person, path: LearningPath | None = None) -> Select[Any]:
    """Return a SELECT of the step records that wait for an instructor, on one path or all of theirs, the oldest first."""
    statement = (
        _waiting_rows()
        .join(LearningPath, LearningPath.id == Membership.path_id)
        .where(LearningPath.state == PathState.PUBLISHED)
        .order_by(StepRecord.handed_in_at, StepRecord.id)
        .options(
            contains_eager(StepRecord.membership).joinedload(Membership.person),
            contains_eager(StepRecord.membership).joinedload(Membership.version),
            contains_eager(StepRecord.membership).contains_eager(Membership.path),
        )
    )
    if path is not None:
        return statement.where(LearningPath.id == path.id)
    if person.may(Permission.ADMIN_PEOPLE):
        return statement
    return statement.where(LearningPath.id.in_(_paths_taught_by(person)))


def count_waiting(path: LearningPath) -> int:
    """Return how many confirmations wait on a path."""
    rows = _waiting_rows().where(Membership.path_id == path.id).with_only_columns(StepRecord.id)
    return session().scalar(select(func.count()).select_from(rows.subquery())) or 0


def steps_of(records: Iterable[StepRecord]) -> dict[int, Step]:
    """Return the step that each of some records is about, as its member has it, by the record's inner number."""
    wanted = {record.id: (record.membership.version_id, record.step_key) for record in records}
    statement = select(Step).where(
        Step.version_id.in_({version for version, _key in wanted.values()}),
        Step.key.in_({key for _version, key in wanted.values()}),
    )
    found = {(step.version_id, step.key): step for step in session().scalars(statement)}
    return {number: found[place] for number, place in wanted.items() if place in found}


def learners_of(instructor: Person, text: str = "") -> Select[Any]:
    """Return a SELECT of the people who are on a path of an instructor, by name; an administrator's are everybody."""
    people = search_people(text)
    if instructor.may(Permission.ADMIN_PEOPLE):
        return people
    theirs = select(Membership.person_id).where(
        Membership.left_at.is_(None), Membership.path_id.in_(_paths_taught_by(instructor))
    )
    return people.where(Person.id.in_(theirs))


def is_instructor_of(instructor: Person, learner: Person) -> bool:
    """Whether somebody instructs a path that a learner is on; an administrator is everybody's instructor."""
    if instructor.may(Permission.ADMIN_PEOPLE):
        return True
    if not instructor.may(Permission.PATH_MEMBERS):
        return False
    statement = select(
        exists().where(
            Membership.person_id == learner.id,
            Membership.left_at.is_(None),
            Membership.path_id.in_(_paths_taught_by(instructor)),
        )
    )
    return bool(session().scalar(statement))
