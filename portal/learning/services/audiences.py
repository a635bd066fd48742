"""Members through groups and long lists: who is on a path because of what, kept true as groups change.

What concerns many is written down as rows of some hundred people each, and done by the worker.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import delete, func, select

from portal.accounts.models import Group, GroupMember, Person
from portal.accounts.services import groups as accounts_groups
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.jobs import ring
from portal.learning.audience_models import AudienceWork, MembershipGroup, PathGroup
from portal.learning.models import LearningPath, Membership
from portal.learning.services.entering import (
    add_origins,
    bring,
    groups_on,
    members_among,
    origins_of,
    tell_joined,
)

AT_ONCE = 50
BATCH = 250


def add_people(path: LearningPath, people: Collection[Person], *, by: Person, mandatory: bool = False) -> bool:
    """Put people on a path by name; True where that is done, False where the worker does it, all of it. Flushed.

    Whoever has no active account is left out. Raises Refused where nothing was ever published.
    """
    _refuse_unpublished(path)
    wanted = [person.id for person in people if person.active]
    return _see_to(path, wanted, by_person=True, mandatory=mandatory, by=by)


def add_group(path: LearningPath, group: Group, *, by: Person, mandatory: bool = False) -> bool:
    """Put everybody of a group on a path, and whoever comes to it later; True where that is done, else the worker does it.

    A group that is there already becomes mandatory or voluntary. Raises Refused where nothing was ever published. Flushed.
    """
    _refuse_unpublished(path)
    found = groups_on(path).get(group.id)
    if found is None:
        session().add(PathGroup(path_id=path.id, group_id=group.id, mandatory=mandatory, added_by_id=by.id))
    else:
        found.mandatory = mandatory
    session().flush()
    wanted = set(session().scalars(accounts_groups.active_members(group.id)))
    wanted |= _through(path, group)
    return _see_to(path, wanted, by=by)


def remove_group(path: LearningPath, group: Group) -> bool:
    """Take a group off a path; whoever came by it alone leaves. True where that is done, else the worker does it. Flushed."""
    session().execute(delete(PathGroup).where(PathGroup.path_id == path.id, PathGroup.group_id == group.id))
    return _see_to(path, _through(path, group))


def _through(path: LearningPath, group: Group) -> set[int]:
    """Return who (inner numbers) came to a path through a group."""
    statement = (
        select(Membership.person_id)
        .join(MembershipGroup, MembershipGroup.membership_id == Membership.id)
        .where(Membership.path_id == path.id, MembershipGroup.group_id == group.id)
    )
    return set(session().scalars(statement))


class PathsFollowGroups:
    """Lets the members of paths follow the groups that they came by; `app` hands it to the accounts."""

    def group_changed(self, group_id: int, person_ids: Collection[int]) -> None:
        """See to the paths of a group that people came to or left."""
        statement = select(LearningPath).join(PathGroup).where(PathGroup.group_id == group_id)
        for path in session().scalars(statement).all():
            _see_to(path, person_ids)

    def uses_of(self, group_id: int) -> list[str]:
        """Return the titles of the paths whose members come from a group."""
        statement = select(LearningPath).join(PathGroup).where(PathGroup.group_id == group_id)
        return sorted(path.title for path in session().scalars(statement))


def _see_to(
    path: LearningPath,
    person_ids: Collection[int],
    *,
    by_person: bool = False,
    mandatory: bool = False,
    by: Person | None = None,
) -> bool:
    numbers = sorted(set(person_ids))
    if len(numbers) <= AT_ONCE:
        _carry_out(path, numbers, by_person=by_person, mandatory=mandatory, by=by)
        return True
    from portal.learning.jobs import see_to_audiences

    for some in _batches(numbers):
        work = AudienceWork(
            path_id=path.id, person_ids=some, people=len(some), by_person=by_person, mandatory=mandatory,
            by_id=by.id if by is not None else None,
        )  # fmt: skip
        session().add(work)
    session().flush()
    ring(see_to_audiences)
    return False


def _batches(numbers: list[int]) -> Iterator[list[int]]:
    return (numbers[first : first + BATCH] for first in range(0, len(numbers), BATCH))


def do_work(work: AudienceWork) -> None:
    """Do one batch of what the worker is to do for a path; a repeat changes nothing. Flushed."""
    _carry_out(work.path, work.person_ids, by_person=work.by_person, mandatory=work.mandatory, by=work.by)
    session().delete(work)
    session().flush()


def count_to_do(path: LearningPath) -> int:
    """Return of how many people it is still to be seen whether they are on a path."""
    statement = select(func.coalesce(func.sum(AudienceWork.people), 0)).where(AudienceWork.path_id == path.id)
    return session().scalar(statement) or 0


def _carry_out(
    path: LearningPath, person_ids: Collection[int], *, by_person: bool, mandatory: bool, by: Person | None
) -> None:
    if not person_ids or path.published is None:
        return
    if by_person:
        active = session().scalars(select(Person.id).where(Person.id.in_(person_ids), Person.active))
        tell_joined(path, bring(path, list(active), mandatory=mandatory), by)
    else:
        _reconcile(path, person_ids, by)


def _reconcile(path: LearningPath, person_ids: Collection[int], by: Person | None) -> None:
    """Let people be on a path through the groups that they are in now, and through no other.

    Whoever is in a group of the path that they had not come by joins; who left by themselves stays away until then. Whoever
    is in none any more, and is not meant by name, leaves; an earned certificate stays.
    """
    on = groups_on(path)
    inside = _groups_of(person_ids, on)
    before = {membership.person_id: membership for membership in members_among(path, person_ids)}
    origins = origins_of(before.values())
    active = set(session().scalars(select(Person.id).where(Person.id.in_(person_ids), Person.active)))
    coming = [
        number
        for number, groups in inside.items()
        if number in active and groups - (origins[before[number].id] if number in before else set())
    ]
    if coming:
        tell_joined(path, bring(path, coming, by_person=False), by)
    members = members_among(path, person_ids)
    origins = origins_of(members)
    wanted = {row.id: inside.get(row.person_id, set()) if row.person_id in active else set() for row in members}
    add_origins((row.id, group) for row in members for group in wanted[row.id] - origins[row.id])
    for row in members:
        kept = origins[row.id] & inside.get(row.person_id, set()) | wanted[row.id]
        _drop_origins(row, origins[row.id] - kept)
        if not kept and not row.by_person and row.left_at is None:
            row.left_at = now()
        row.mandatory = row.left_at is None and (row.obliged_by_person or any(on[group].mandatory for group in kept))
    session().flush()


def _groups_of(person_ids: Collection[int], on: Iterable[int]) -> dict[int, set[int]]:
    """Return in which of some groups people are, by the person's inner number; who is in none is left out."""
    statement = select(GroupMember.person_id, GroupMember.group_id).where(
        GroupMember.person_id.in_(person_ids), GroupMember.group_id.in_(list(on))
    )
    found: dict[int, set[int]] = {}
    for person_id, group_id in session().execute(statement):
        found.setdefault(person_id, set()).add(group_id)
    return found


def _drop_origins(membership: Membership, groups: set[int]) -> None:
    if groups:
        session().execute(
            delete(MembershipGroup).where(
                MembershipGroup.membership_id == membership.id, MembershipGroup.group_id.in_(groups)
            )
        )


def groups_of_path(path: LearningPath) -> list[PathGroup]:
    """Return the groups whose people are members of a path, by name."""
    return sorted(groups_on(path).values(), key=lambda row: (not row.group.everybody, row.group.label.lower()))


def groups_through(membership: Membership) -> list[Group]:
    """Return the groups that a member came to the path through, by name."""
    statement = (
        select(Group)
        .join(MembershipGroup, MembershipGroup.group_id == Group.id)
        .where(MembershipGroup.membership_id == membership.id)
        .order_by(Group.name)
    )
    return list(session().scalars(statement))


def _refuse_unpublished(path: LearningPath) -> None:
    if path.published is None:
        raise Refused(_("Publish this learning path first. Then you can add members."))
