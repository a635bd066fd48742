"""How people come to a path, one or many at once: rows in bulk, progress from the start, a word to whoever was added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Person
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.audience_models import MembershipGroup, PathGroup
from portal.learning.models import LearningPath, Membership, PathVersion
from portal.learning.services.carrying import look_back_on
from portal.learning.services.settling import settle_all
from portal.notices import services as notices


def bring(
    path: LearningPath, person_ids: Collection[int], *, by_person: bool = True, mandatory: bool = False
) -> list[Membership]:
    """Put people (inner numbers) on a path; return the memberships of those who were not on it before. Flushed.

    Whoever comes again finds what they did before. `by_person` says that they are meant by name and not because of a group,
    `mandatory` that they cannot leave by themselves. A few statements, however many people; some hundred at a time.
    Raises Refused where nothing was ever published.
    """
    version = path.published
    if version is None:
        raise Refused(_("Publish this learning path first. Then you can add members."))
    new = _insert_missing(path, version, person_ids)
    came = []
    for membership in members_among(path, person_ids):
        if membership.person_id in new or membership.left_at is not None:
            came.append(membership)
        if by_person:
            membership.by_person = True
            membership.obliged_by_person = membership.obliged_by_person or mandatory
            membership.mandatory = membership.mandatory or membership.obliged_by_person
    _begin([membership for membership in came if membership.person_id not in new], version)
    _weigh(came)
    session().flush()
    return came


def _insert_missing(path: LearningPath, version: PathVersion, person_ids: Collection[int]) -> set[int]:
    known = session().scalars(
        select(Membership.person_id).where(Membership.path_id == path.id, Membership.person_id.in_(person_ids))
    )
    missing = sorted(set(person_ids) - set(known))
    rows = [
        {"path_id": path.id, "person_id": number, "version_id": version.id, "by_person": False} for number in missing
    ]
    if rows:
        session().execute(_insert_new(), rows)
    return set(missing)


def _insert_new() -> Any:
    """Return an INSERT that leaves alone whom somebody else has put on the path at the same moment."""
    table = Membership.__table__
    assert isinstance(table, Table)
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing(index_elements=["path_id", "person_id"])


def members_among(path: LearningPath, person_ids: Collection[int]) -> Sequence[Membership]:
    """Return the memberships that some people have of a path, ended ones too, held for the running transaction."""
    statement = (
        select(Membership)
        .where(Membership.path_id == path.id, Membership.person_id.in_(person_ids))
        .order_by(Membership.id)
        .with_for_update(of=Membership)
        .options(
            selectinload(Membership.records),
            joinedload(Membership.person),
            joinedload(Membership.path),
            joinedload(Membership.version).selectinload(PathVersion.steps),
            joinedload(Membership.version).joinedload(PathVersion.certification),
        )
        .execution_options(populate_existing=True)
    )
    session().flush()
    return session().scalars(statement).unique().all()


def _begin(memberships: Iterable[Membership], version: PathVersion) -> None:
    """Let those who come again begin anew where they had not completed the path."""
    for membership in memberships:
        membership.left_at = None
        membership.joined_at = membership.active_at = membership.started_at = now()
        if membership.completed_at is None:
            membership.version = version


def _weigh(memberships: Sequence[Membership]) -> None:
    going_on = [membership for membership in memberships if membership.completed_at is None]
    settle_all(going_on)
    look_back_on(going_on)


def tell_joined(path: LearningPath, memberships: Iterable[Membership], by: Person | None) -> None:
    """Tell people that they were put on a path, each once for each time; `by` is who did it, None for a group's change."""
    title = path.published.title if path.published is not None else path.title
    notices.tell_each(
        "joined",
        (
            notices.Telling(
                person_id=membership.person_id,
                key=f"joined:{membership.public_id}:{membership.joined_at:%Y%m%d%H%M%S}",
                url=f"/learning-paths/{path.public_id}",
                values={"path": title, "by": by.name if by is not None else ""},
            )
            for membership in memberships
            if by is None or membership.person_id != by.id
        ),
    )


def origins_of(memberships: Iterable[Membership]) -> dict[int, set[int]]:
    """Return through which groups (inner numbers) members came, by the membership's inner number."""
    wanted = [membership.id for membership in memberships]
    found: dict[int, set[int]] = {number: set() for number in wanted}
    statement = select(MembershipGroup.membership_id, MembershipGroup.group_id).where(
        MembershipGroup.membership_id.in_(wanted)
    )
    for membership_id, group_id in session().execute(statement):
        found[membership_id].add(group_id)
    return found


def add_origins(pairs: Iterable[tuple[int, int]]) -> None:
    """Note that memberships (inner numbers) come from groups (inner numbers)."""
    rows = [{"membership_id": membership_id, "group_id": group_id} for membership_id, group_id in pairs]
    if rows:
        session().execute(insert(MembershipGroup), rows)


def groups_on(path: LearningPath) -> dict[int, PathGroup]:
    """Return the groups whose people are members of a path, by the group's inner number."""
    statement = select(PathGroup).where(PathGroup.path_id == path.id).options(joinedload(PathGroup.group))
    return {row.group_id: row for row in session().scalars(statement)}
