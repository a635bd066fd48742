"""The members of a path as their instructors look at them: found, filtered, put in order, counted, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import EmailAddress, Group, GroupMember, Person
from portal.certificates.models import Certificate, CertificateState
from portal.core.clock import now
from portal.core.db import session
from portal.learning.models import LearningPath, Membership, Status

EXPIRING, EXPIRED = "expiring", "expired"
MANDATORY, VOLUNTARY = "mandatory", "voluntary"
STATES = (*(str(status) for status in Status), EXPIRING, EXPIRED)
AT_ONCE = 500
_SORTS: dict[str, ColumnElement[Any]] = {
    "progress": Membership.done * 1.0 / func.nullif(Membership.total, 0),
    "joined": Membership.joined_at.expression,
    "active": Membership.active_at.expression,
    "name": Person.name.expression,
}
SORTS = tuple(sign + name for name in ("name", "progress", "joined", "active") for sign in ("", "-"))


@dataclass(frozen=True)
class Asked:
    """Which members are asked for, and in which order; what is empty asks for all.

    `status` is one of STATES, `group` the public id of a group that they are in, `duty` mandatory or voluntary, `sort` one
    of SORTS, turned round by a minus.
    """

    q: str = ""
    status: str = ""
    group: str = ""
    duty: str = ""
    sort: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Asked:
        """Read what the address of a page, or a form, asks for; what is not known is left out."""
        known = {"status": STATES, "duty": (MANDATORY, VOLUNTARY), "sort": SORTS}
        given = {name: arguments.get(name, "") for name in ("q", "status", "group", "duty", "sort")}
        return cls(**{name: value for name, value in given.items() if value in known.get(name, (value,))})

    @property
    def arguments(self) -> dict[str, Any]:
        """What an address needs to ask for the same."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether it asks for some members alone."""
        return any((self.q.strip(), self.status, self.group, self.duty))


def roster(path: LearningPath, asked: Asked) -> Select[Any]:
    """Return a SELECT of the inner numbers of a path's memberships, in the order asked for."""
    statement = _on(path, asked).with_only_columns(Membership.id)
    name = asked.sort.removeprefix("-") or "name"
    column = _SORTS[name]
    first = (column.desc() if asked.sort.startswith("-") else column).nulls_last()
    return statement.order_by(first, Person.name, Membership.id)


def _on(path: LearningPath, asked: Asked) -> Select[Any]:
    statement = (
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.path_id == path.id, Membership.left_at.is_(None))
    )
    if asked.q.strip():
        text = asked.q.strip()
        matching = select(EmailAddress.person_id).where(
            EmailAddress.verified_address.contains(text.lower(), autoescape=True)
        )
        statement = statement.where(or_(Person.name.icontains(text, autoescape=True), Person.id.in_(matching)))
    if asked.group:
        inside = select(GroupMember.person_id).join(Group).where(Group.public_id == asked.group)
        statement = statement.where(Membership.person_id.in_(inside))
    if asked.duty:
        statement = statement.where(Membership.mandatory if asked.duty == MANDATORY else ~Membership.mandatory)
    if asked.status in {EXPIRING, EXPIRED}:
        statement = statement.join(Certificate, Certificate.id == Membership.certificate_id).where(
            _ending(asked.status)
        )
    elif asked.status:
        statement = statement.where(Membership.status == asked.status)
    return statement


def _ending(state: str) -> ColumnElement[bool]:
    """Return the condition that a certificate is expiring or expired, as its own `state` says it."""
    counts = and_(
        Certificate.revoked_at.is_(None), or_(Certificate.replaced_as.is_(None), Certificate.replaced_as != "reissue")
    )
    if state == EXPIRED:
        return and_(counts, Certificate.valid_until < now())
    alive = or_(Certificate.valid_until.is_(None), Certificate.valid_until >= now())
    return and_(counts, alive, Certificate.warn_at <= now(), Certificate.replaced_at.is_(None))


def loaded(numbers: Sequence[int]) -> list[Membership]:
    """Return the memberships of some inner numbers in their order, each with its person and its certificate."""
    statement = (
        select(Membership)
        .where(Membership.id.in_(numbers))
        .options(joinedload(Membership.person), joinedload(Membership.certificate))
    )
    found = {membership.id: membership for membership in session().scalars(statement)}
    return [found[number] for number in numbers if number in found]


def counts_by_state(path: LearningPath) -> dict[str, int]:
    """Return how many members stand where; who is expiring or expired has completed the path too."""
    active = (Membership.path_id == path.id, Membership.left_at.is_(None))
    statement = select(Membership.status, func.count()).where(*active).group_by(Membership.status)
    counts = dict(session().execute(statement).all())
    ending = (
        select(
            func.count().filter(_ending(EXPIRING)).label(EXPIRING),
            func.count().filter(_ending(EXPIRED)).label(EXPIRED),
        )
        .select_from(Membership)
        .join(Certificate, Certificate.id == Membership.certificate_id)
        .where(*active)
    )
    row = session().execute(ending).one()
    return {**counts, EXPIRING: row.expiring, EXPIRED: row.expired}


def state_of(membership: Membership) -> str:
    """Return where a member stands, one of STATES; their certificate is loaded."""
    if membership.status == Status.COMPLETED and membership.certificate is not None:
        state = membership.certificate.state
        if state in {CertificateState.EXPIRING, CertificateState.EXPIRED}:
            return EXPIRING if state == CertificateState.EXPIRING else EXPIRED
    return membership.status


def chosen(path: LearningPath, public_ids: Sequence[str]) -> list[Membership]:
    """Return the active memberships of a path among those of some public ids, by their holders' names."""
    statement = (
        select(Membership)
        .join(Membership.person)
        .where(Membership.path_id == path.id, Membership.left_at.is_(None), Membership.public_id.in_(public_ids))
        .options(contains_eager(Membership.person))
        .order_by(Person.name, Membership.id)
    )
    return list(session().scalars(statement))


def person_ids(path: LearningPath, asked: Asked) -> list[int]:
    """Return the inner numbers of the people whose memberships are asked for."""
    return list(session().scalars(_on(path, asked).with_only_columns(Membership.person_id).where(Person.active)))


def neighbours(path: LearningPath, asked: Asked, membership: Membership) -> tuple[int, int, str | None, str | None]:
    """Return a member's place in the list asked for (from 1, 0 where they are not in it), its length, and who is beside.

    Who is beside are the public ids of the memberships before and after, None where there is none.
    """
    statement = roster(path, asked).add_columns(Membership.public_id)
    rows = session().execute(statement).all()
    place = next((number for number, row in enumerate(rows) if row.id == membership.id), None)
    if place is None:
        return 0, len(rows), None, rows[0].public_id if rows else None
    before = rows[place - 1].public_id if place else None
    after = rows[place + 1].public_id if place + 1 < len(rows) else None
    return place + 1, len(rows), before, after


def exported(path: LearningPath, asked: Asked) -> Iterator[list[Membership]]:
    """Yield the memberships asked for, each with person and certificate, some hundred at a time."""
    numbers = list(session().scalars(roster(path, asked)))
    for first in range(0, len(numbers), AT_ONCE):
        some = loaded(numbers[first : first + AT_ONCE])
        yield some
        for row in some:
            session().expunge(row)


def addresses_of(people: Sequence[int]) -> dict[int, str]:
    """Return the main address of each of some people (inner numbers)."""
    if not people:
        return {}
    statement = select(EmailAddress.person_id, EmailAddress.address).where(
        EmailAddress.person_id.in_(people), EmailAddress.is_primary
    )
    return dict(session().execute(statement).all())
