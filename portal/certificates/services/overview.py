"""What instructors look over: which certificates end when, and who achieved what; all of it as SELECTs and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, case, func, literal, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Group, GroupMember, Person
from portal.certificates.models import Certificate, Replacement
from portal.certificates.providers import paths
from portal.core.clock import now
from portal.core.db import session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.certificates.spans import Span

MOST_PATHS = 500
SHOWN = 10
AT_ONCE = 500
STANDS = Certificate.revoked_at.is_(None) & Certificate.replaced_at.is_(None)
COUNTS = Certificate.revoked_at.is_(None) & Certificate.replaced_as.is_distinct_from(Replacement.REISSUE.value)


class Ends(StrEnum):
    """Which certificates of a stretch of time: those that are over, those that will be, or both."""

    EXPIRING = "expiring"
    EXPIRED = "expired"
    ALL = "all"


@dataclass(frozen=True)
class Scope:
    """Whose certificates somebody looks over: of the paths that are theirs, of one path, of the people in one group."""

    person: Person
    path: str = ""
    group: Group | None = None

    def of(self, statement: Any) -> Any:
        """Limit a SELECT over certificates to the scope."""
        allowed = paths().paths_of(self.person)
        if allowed is not None:
            statement = statement.where(Certificate.path_public_id.in_(allowed))
        if self.path:
            statement = statement.where(Certificate.path_public_id == self.path)
        if self.group is not None:
            members = select(GroupMember.person_id).where(GroupMember.group_id == self.group.id)
            statement = statement.where(Certificate.holder_id.in_(members))
        return statement


def known_paths(person: Person) -> list[tuple[str, str]]:
    """Return public id and title of the paths from which the certificates come that somebody looks over, by title."""
    title = func.max(Certificate.path_title)
    statement = (
        Scope(person)
        .of(select(Certificate.path_public_id, title))
        .group_by(Certificate.path_public_id)
        .order_by(title)
        .limit(MOST_PATHS)
    )
    return [(public_id, name) for public_id, name in session().execute(statement)]


def ending(scope: Scope, span: Span, which: Ends = Ends.EXPIRING) -> Select[Any]:
    """Return a SELECT of the certificates that end within a stretch and that nothing has replaced, the first to end first."""
    statement: Select[Any] = (
        scope.of(select(Certificate))
        .where(STANDS, Certificate.valid_until >= span.starts_at, Certificate.valid_until < span.ends_at)
        .order_by(Certificate.valid_until, Certificate.id)
    )
    if which is Ends.EXPIRED:
        return statement.where(Certificate.valid_until < now())
    return statement.where(Certificate.valid_until >= now()) if which is Ends.EXPIRING else statement


def achieved(scope: Scope, span: Span) -> Select[Any]:
    """Return a SELECT of the certificates achieved within a stretch, the newest first; revoked ones are left out."""
    statement: Select[Any] = (
        scope.of(select(Certificate))
        .where(COUNTS, Certificate.issued_at >= span.starts_at, Certificate.issued_at < span.ends_at)
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    )
    return statement


def with_people(statement: Select[Any]) -> Select[Any]:
    """Load the holders of certificates with them."""
    return statement.options(joinedload(Certificate.holder))


def some_at_a_time(statement: Select[Any]) -> Iterator[Certificate]:
    """Yield the certificates of a SELECT with their holders and addresses, in its order, however many there are."""
    numbers = list(session().scalars(statement.with_only_columns(Certificate.id)))
    for start in range(0, len(numbers), AT_ONCE):
        wanted = numbers[start : start + AT_ONCE]
        rows = session().scalars(
            select(Certificate)
            .where(Certificate.id.in_(wanted))
            .options(joinedload(Certificate.holder).selectinload(Person.addresses))
        )
        found = {row.id: row for row in rows.unique()}
        yield from (found[number] for number in wanted if number in found)
        session().expunge_all()


def counts_of_ends(scope: Scope, span: Span) -> list[tuple[int, int]]:
    """Return for each piece of a stretch how many certificates that end in it are over, and how many still hold."""
    found = [[0, 0] for _piece in span.pieces]
    over = case((Certificate.valid_until < now(), 0), else_=1)
    for place, series, number in _counted(ending(scope, span, Ends.ALL), Certificate.valid_until, span.bounds, over):
        found[place][series] += number
    return [(expired, expiring) for expired, expiring in found]


def counts_of_achieved(scope: Scope, span: Span) -> list[int]:
    """Return for each piece of a stretch how many certificates were achieved in it."""
    found = [0 for _piece in span.pieces]
    rows = _counted(achieved(scope, span), Certificate.issued_at, span.bounds, literal(0))
    for place, _series, number in rows:
        found[place] += number
    return found


def _counted(statement: Select[Any], column: Any, bounds: list[datetime], series: Any) -> list[tuple[int, int, int]]:
    """Return how many rows fall into each piece of time and series; grouped outside, so that PostgreSQL knows the columns."""
    later = [(column < end, place) for place, end in enumerate(bounds[1:])]
    place = case(*later, else_=len(bounds) - 1) if later else literal(0)
    inner = statement.order_by(None).with_only_columns(place.label("place"), series.label("series")).subquery()
    rows = session().execute(
        select(inner.c.place, inner.c.series, func.count()).group_by(inner.c.place, inner.c.series)
    )
    return [(place, series, number) for place, series, number in rows]


def by_path(scope: Scope, span: Span) -> list[tuple[str, int]]:
    """Return the ten paths of which most was achieved within a stretch: title and number."""
    title, number = func.max(Certificate.path_title), func.count()
    statement = (
        achieved(scope, span)
        .order_by(None)
        .with_only_columns(title, number)
        .group_by(Certificate.path_public_id)
        .order_by(number.desc(), title)
        .limit(SHOWN)
    )
    return [(name, count) for name, count in session().execute(statement)]


def by_group(scope: Scope, span: Span) -> list[tuple[str, int]]:
    """Return the ten groups whose people achieved most within a stretch: name and number."""
    number = func.count()
    statement = (
        achieved(scope, span)
        .order_by(None)
        .join(GroupMember, GroupMember.person_id == Certificate.holder_id)
        .join(Group, (Group.id == GroupMember.group_id) & ~Group.everybody)
        .with_only_columns(Group.name, number)
        .group_by(Group.id, Group.name)
        .order_by(number.desc(), Group.name)
        .limit(SHOWN)
    )
    return [(name, count) for name, count in session().execute(statement)]


def asked_for_new_name(person: Person) -> list[Certificate]:
    """Return the first ten certificates that somebody looks after and whose holders wait for their new name on them."""
    statement: Select[Any] = (
        Scope(person)
        .of(select(Certificate))
        .where(STANDS, Certificate.new_name_asked_at.is_not(None))
        .order_by(Certificate.new_name_asked_at, Certificate.id)
        .limit(SHOWN)
    )
    return list(session().scalars(with_people(statement)))
