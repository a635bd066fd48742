"""The groups that people are in. Whoever goes by a group is told of each change, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from portal.accounts.models import EmailAddress, Group, GroupKind, GroupMember, Person
from portal.accounts.providers import follower
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _, ngettext

EVERYBODY = "Everybody"
SHOWN_USES = 3
AT_ONCE = 5_000


def groups(text: str = "", kind: str = "") -> Select[Any]:
    """Return a SELECT of the groups whose name contains a text, by name, the one of everybody first."""
    statement = select(Group).order_by(Group.everybody.desc(), func.lower(Group.name), Group.id)
    if text.strip():
        statement = statement.where(Group.name.icontains(text.strip(), autoescape=True))
    return statement.where(Group.kind == kind) if kind else statement


def group_by_public_id(public_id: str) -> Group | None:
    """Return the group of a public id, or None."""
    return session().scalar(select(Group).where(Group.public_id == public_id))


def groups_of(person: Person) -> list[Group]:
    """Return the groups that somebody is in, by name."""
    statement = groups().join(GroupMember, GroupMember.group_id == Group.id).where(GroupMember.person_id == person.id)
    return list(session().scalars(statement))


def counts_of(groups: Iterable[Group]) -> dict[int, int]:
    """Return how many people are in each of some groups, by the group's inner number; empty ones are left out."""
    statement = (
        select(GroupMember.group_id, func.count())
        .where(GroupMember.group_id.in_([group.id for group in groups]))
        .group_by(GroupMember.group_id)
    )
    return dict(session().execute(statement).all())


def members_of(group: Group, text: str = "") -> Select[Any]:
    """Return a SELECT of the people in a group whose name or confirmed address contains a text, by name."""
    statement = (
        select(Person)
        .join(GroupMember, GroupMember.person_id == Person.id)
        .where(GroupMember.group_id == group.id)
        .order_by(Person.name, Person.id)
        .options(selectinload(Person.addresses))
    )
    if text.strip():
        matching = select(EmailAddress.person_id).where(
            EmailAddress.verified_address.contains(text.strip().lower(), autoescape=True)
        )
        statement = statement.where(or_(Person.name.icontains(text.strip(), autoescape=True), Person.id.in_(matching)))
    return statement


def active_members(group_id: int) -> Select[Any]:
    """Return a SELECT of the inner numbers of the people in a group whose accounts are active."""
    return (
        select(GroupMember.person_id)
        .join(Person, Person.id == GroupMember.person_id)
        .where(GroupMember.group_id == group_id, Person.active)
    )


def among(group: Group, person_ids: Collection[int]) -> set[int]:
    """Return which of some people (inner numbers) are in a group."""
    statement = select(GroupMember.person_id).where(
        GroupMember.group_id == group.id, GroupMember.person_id.in_(person_ids)
    )
    return set(session().scalars(statement))


def create_group(name: str, kind: GroupKind) -> Group:
    """Make a group; flushed. Raises Refused, beside "name", where one has the name already."""
    _refuse_taken(name)
    group = Group(name=name, kind=kind)
    _add(group)
    return group


def rename_group(group: Group, name: str, kind: GroupKind) -> None:
    """Give a group another name and kind; raise Refused where it is the one of everybody, or the name is taken."""
    _refuse_everybody(group)
    _refuse_taken(name, but=group)
    group.name, group.kind = name, kind
    session().flush()


def delete_group(group: Group) -> None:
    """Delete a group; flushed. Raises Refused while something goes by it, and for the one of everybody."""
    _refuse_everybody(group)
    uses = uses_of(group)
    if uses:
        raise Refused(why_kept(uses))
    session().delete(group)
    session().flush()


def uses_of(group: Group) -> list[str]:
    """Return what goes by a group, by title."""
    return follower().uses_of(group.id)


def why_kept(uses: list[str]) -> str:
    """Say why a group cannot be deleted while things with these titles go by it."""
    named = ", ".join(uses[:SHOWN_USES])
    more = len(uses) - SHOWN_USES
    if more > 0:
        named = ngettext("%(titles)s and %(num)s other", "%(titles)s and %(num)s others", more, titles=named)
    return _(
        "People are members of learning paths through this group: %(titles)s. Take it off them first.", titles=named
    )


def add_to_group(group: Group, person_ids: Collection[int]) -> int:
    """Put people (inner numbers) into a group, and say how many of them were not in it before; flushed.

    Raises Refused for the group of everybody, in which active accounts are by themselves.
    """
    _refuse_everybody(group)
    return _put(group, person_ids)


def remove_from_group(group: Group, person_ids: Collection[int]) -> int:
    """Take people (inner numbers) out of a group, and say how many were in it; flushed. Raises Refused for everybody's."""
    _refuse_everybody(group)
    return _take(group, person_ids)


def everybody() -> Group:
    """Return the group of every active account, made where there is none yet; flushed."""
    found = session().scalar(select(Group).where(Group.everybody))
    if found is not None:
        return found
    taken = session().scalar(select(Group.id).where(func.lower(Group.name) == EVERYBODY.lower()))
    name = EVERYBODY if taken is None else f"{EVERYBODY} (all accounts)"
    group = Group(name=name, kind=GroupKind.ORGANISATION, everybody=True)
    _add(group)
    return group


def came(person: Person) -> None:
    """Note that an account is active from now on: it is in the group of everybody, and counts in its other groups."""
    _put(everybody(), [person.id])
    for group in groups_of(person):
        if not group.everybody:
            follower().group_changed(group.id, [person.id])


def went(person: Person) -> None:
    """Note that an account is closed: it leaves the group of everybody. In other groups it stays, for when it is opened again."""
    _take(everybody(), [person.id])


def mend_everybody() -> bool:
    """Put right who is in the group of everybody, some thousands at a time; True where more may be left. Flushed.

    For accounts from before there were groups, and for such that came by another way than the portal's pages.
    """
    group = everybody()
    inside = select(GroupMember.person_id).where(GroupMember.group_id == group.id)
    missing = list(session().scalars(select(Person.id).where(Person.active, Person.id.not_in(inside)).limit(AT_ONCE)))
    closed = list(session().scalars(select(Person.id).where(~Person.active, Person.id.in_(inside)).limit(AT_ONCE)))
    _put(group, missing)
    _take(group, closed)
    return AT_ONCE in {len(missing), len(closed)}


def _put(group: Group, person_ids: Collection[int]) -> int:
    _lock(group)
    new = sorted(set(person_ids) - among(group, person_ids))
    if new:
        moment = now()
        rows = [{"group_id": group.id, "person_id": number, "added_at": moment} for number in new]
        session().execute(insert(GroupMember), rows)
        follower().group_changed(group.id, new)
    return len(new)


def _take(group: Group, person_ids: Collection[int]) -> int:
    _lock(group)
    gone = sorted(among(group, person_ids))
    if gone:
        session().execute(delete(GroupMember).where(GroupMember.group_id == group.id, GroupMember.person_id.in_(gone)))
        follower().group_changed(group.id, gone)
    return len(gone)


def _lock(group: Group) -> None:
    """Let nobody else change who is in a group until the commit."""
    session().execute(select(Group.id).where(Group.id == group.id).with_for_update())


def _add(group: Group) -> None:
    try:
        with session().begin_nested():
            session().add(group)
    except IntegrityError as error:
        raise Refused(_taken_words(), field="name") from error


def _taken_words() -> str:
    return _("There is a group with this name already. Choose another name.")


def _refuse_taken(name: str, but: Group | None = None) -> None:
    statement = select(Group.id).where(func.lower(Group.name) == name.lower())
    if but is not None:
        statement = statement.where(Group.id != but.id)
    if session().scalar(statement) is not None:
        raise Refused(_taken_words(), field="name")


def _refuse_everybody(group: Group) -> None:
    if group.everybody:
        raise Refused(_("This group holds every active account by itself. It cannot be changed by hand."))
