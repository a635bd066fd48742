"""Granting the certificate of a path by hand: to one learner, or to everybody on a list, which the worker carries out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Select, func, select

from portal.accounts.models import EmailAddress, PeopleList, Person
from portal.accounts.services import invitations, search_people
from portal.accounts.services.lists import ListedPerson, read_people
from portal.certificates import services as certificates
from portal.certificates.models import Certificate, GrantBatch, GrantOrder, OrderState
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _, speaking
from portal.core.jobs import release, ring
from portal.learning.achieved import Achieved, achievement, columns
from portal.learning.models import LearningPath, Membership
from portal.learning.services.authoring import path_by_public_id
from portal.web.policy import Permission, Role

BATCH, LEASE = 200, 300
MOST_TRIES = 5


@dataclass(frozen=True)
class Reading:
    """A list as it was read: its lines, what those say that are right, and the unknown addresses that can be invited."""

    rows: list[ListedPerson]
    achieved: Mapping[int, Achieved]
    already: frozenset[int]
    unknown: list[ListedPerson]


def read(path: LearningPath, source: str, *, by: Person, usual: date | None) -> Reading:
    """Read a list of people with date, grade and hours, and find what is wrong in each line; nothing is written.

    `usual` is the day of lines without one. Raises Refused where the whole cannot be read.
    """
    rows, achieved = [], {}
    for row in read_people(source):
        checked, said = _checked(row, by, usual)
        rows.append(checked)
        if said is not None:
            achieved[row.line] = said
    people = {row.person.id for row in rows if row.person is not None}
    already = frozenset(number for number, held in standing(path, people).items() if has_it(held))
    return Reading(rows, achieved, already, _unknown(rows, achieved) if by.may(Permission.ADMIN_PEOPLE) else [])


def _checked(row: ListedPerson, by: Person, usual: date | None) -> tuple[ListedPerson, Achieved | None]:
    said = None
    try:
        said = achievement(*columns(row.extra), usual=usual, zone=by.timezone)
    except Refused as refused:
        return (row if row.error else replace(row, person=None, error=str(refused.message))), None
    if row.person is not None and row.person.id == by.id:
        return replace(row, person=None, error=_("Somebody else has to grant you a certificate.")), None
    return row, said


def _unknown(rows: Sequence[ListedPerson], achieved: Mapping[int, Achieved]) -> list[ListedPerson]:
    """Return the lines whose addresses nobody has in any way, each address once: such people can be invited."""
    maybe = {
        row.address: row for row in reversed(rows) if row.error and row.line in achieved and _is_address(row.address)
    }
    taken = {row.address for row in rows if row.person is not None}
    statement = select(EmailAddress.address).where(EmailAddress.address.in_(maybe))
    taken |= set(session().scalars(statement))
    return sorted((row for address, row in maybe.items() if address not in taken), key=lambda row: row.line)


def _is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def learners_on(path: LearningPath, text: str = "") -> Select[Any]:
    """Return a SELECT of the active people who are on a path, found by a text, by name."""
    on = select(Membership.person_id).where(Membership.path_id == path.id, Membership.left_at.is_(None))
    return search_people(text).where(Person.id.in_(on))


def standing(path: LearningPath, person_ids: Iterable[int]) -> dict[int, Certificate]:
    """Return the newest certificate of a path that counts, for each of some people (inner numbers) who have one."""
    statement = (
        select(Certificate)
        .where(
            Certificate.path_public_id == path.public_id,
            Certificate.holder_id.in_(list(person_ids)),
            Certificate.revoked_at.is_(None),
            Certificate.replaced_at.is_(None),
        )
        .order_by(Certificate.issued_at, Certificate.id)
    )
    return {certificate.holder_id: certificate for certificate in session().scalars(statement)}


def has_it(certificate: Certificate | None) -> bool:
    """Whether somebody needs no other certificate: theirs holds, and cannot be renewed yet."""
    return certificate is not None and certificate.state.holds and not certificate.renewable


def grant_to(path: LearningPath, person: Person, achieved: Achieved, *, by: Person, reason: str) -> Certificate:
    """Grant the certificate of a path to one person by hand; the same grant once more returns the first. Flushed.

    Raises Refused where the path gives none, the reason is missing, it is oneself, or the person has one that holds.
    """
    _refuse(path, reason)
    if person.id == by.id:
        raise Refused(_("Somebody else has to grant you a certificate."))
    held, moment = standing(path, [person.id]).get(person.id), achieved.moment(by.timezone)
    if held is not None and has_it(held):
        if (held.granted_by_id, held.grant_reason, held.issued_at.date()) == (by.id, reason.strip(), moment.date()):
            return held
        raise Refused(_("%(name)s has this certificate already.", name=person.name))
    source = f"hand:{path.public_id}:{person.id}:{now():%Y%m%d%H%M%S}"
    made = _grant(path, [_Wanted(person, moment, achieved.grade, achieved.minutes, source)], by.id, reason)
    certificate = session().get(Certificate, made[person.id])
    assert certificate is not None
    return certificate


def _refuse(path: LearningPath, reason: str) -> None:
    version = path.published
    if version is None or not version.certification.enabled:
        raise Refused(_("This learning path gives no certificate. Turn certification on and publish it first."))
    if not reason.strip():
        raise Refused(_("Say why the certificate is granted by hand."), field="reason")
    if len(reason) > certificates.REASON_LENGTH:
        raise Refused(_("Use at most %(most)s characters here.", most=certificates.REASON_LENGTH), field="reason")


@dataclass(frozen=True)
class _Wanted:
    person: Person
    moment: datetime
    grade: float | None
    minutes: int | None
    source: str


def _grant(path: LearningPath, wanted: Sequence[_Wanted], by_id: int | None, reason: str) -> dict[int, int]:
    """Grant certificates and let the memberships point at them; return the certificate of each person, by number.

    A member who has none takes theirs in the name of the present round, so that completing the path later makes no second.
    """
    version = path.published
    assert version is not None
    people = [one.person.id for one in wanted]
    held = standing(path, people)
    members = {
        membership.person_id: membership
        for membership in session().scalars(
            select(Membership)
            .where(Membership.path_id == path.id, Membership.person_id.in_(people))
            .with_for_update(of=Membership)
        )
    }
    used = set(
        session().scalars(
            select(Certificate.source).where(Certificate.source.in_([member.source for member in members.values()]))
        )
    )
    sources: dict[int, str] = {}
    for one in wanted:
        member = members.get(one.person.id)
        free = member is not None and member.completed_at is None and member.source not in used
        sources[one.person.id] = member.source if member is not None and free else one.source
    grants = [
        certificates.Grant(
            holder_id=one.person.id, holder_name=one.person.name, title=version.title, path_public_id=path.public_id,
            path_version=version.number, source=sources[one.person.id], language=version.language,
            achieved_at=one.moment, grade=one.grade, minutes=one.minutes, by_id=by_id, reason=reason.strip(),
            replaces_id=held[one.person.id].id if one.person.id in held else None,
        )
        for one in wanted
    ]  # fmt: skip
    made = certificates.grant_many(version.certification, grants)
    for person_id, member in members.items():
        member.certificate_id = made[sources[person_id]]
        session().flush()
        session().expire(member, ["certificate"])
    return {person_id: made[source] for person_id, source in sources.items()}


def order(
    path: LearningPath, kept: PeopleList, *, by: Person, usual: date | None, reason: str, invite: bool
) -> GrantBatch:
    """Order the certificates for every line of a list that is right; the worker grants them. Flushed.

    The same list ordered twice is one order. `invite` also orders for unknown addresses, for administrators alone. Raises
    Refused where nothing is to be granted, or as `grant_to` does.
    """
    _refuse(path, reason)
    known = session().scalar(select(GrantBatch).where(GrantBatch.digest == kept.public_id))
    if known is not None:
        return known
    found = read(path, kept.text, by=by, usual=usual)
    lines = [row for row in found.rows if row.person is not None and row.person.id not in found.already]
    lines += found.unknown if invite else []
    if not lines:
        raise Refused(_("No line of the list leads to a certificate. Correct the list first."))
    version = path.published
    assert version is not None
    batch = GrantBatch(
        path_public_id=path.public_id, path_title=version.title, path_version=version.number, language=version.language,
        certification_id=version.certification_id, by_id=by.id, reason=reason.strip(), invite=invite,
        digest=kept.public_id,
    )  # fmt: skip
    session().add(batch)
    session().flush()
    session().add_all(
        GrantOrder(
            batch_id=batch.id, line=row.line, name=row.name, address=row.address,
            person_id=row.person.id if row.person is not None else None,
            achieved_at=found.achieved[row.line].moment(by.timezone), grade=found.achieved[row.line].grade,
            minutes=found.achieved[row.line].minutes,
        )
        for row in lines
    )  # fmt: skip
    session().flush()
    from portal.learning.jobs import carry_grants

    ring(carry_grants)
    return batch


def counts_of(batch: GrantBatch) -> dict[str, int]:
    """Return how many lines of a list stand in each state."""
    statement = select(GrantOrder.state, func.count()).where(GrantOrder.batch_id == batch.id).group_by(GrantOrder.state)
    return {row[0]: row[1] for row in session().execute(statement)}


def carry(taken: Sequence[GrantOrder]) -> None:
    """Grant what some claimed orders ask for; flushed.

    Certificates and the states of their orders are one transaction, and every certificate has its order as its source: a
    worker that is killed leaves either all of it or nothing, and a repeat makes no second certificate.
    """
    leases = {row.id: row.lease for row in taken}
    statement = select(GrantOrder.id, GrantOrder.lease).where(GrantOrder.id.in_(leases)).with_for_update()
    mine = {number for number, lease in session().execute(statement) if leases[number] == lease} if taken else set()
    by_batch: dict[int, list[GrantOrder]] = {}
    for row in taken:
        if row.id in mine:
            by_batch.setdefault(row.batch_id, []).append(row)
    for orders in by_batch.values():
        _carry(orders[0].batch, orders)


def _carry(batch: GrantBatch, orders: Sequence[GrantOrder]) -> None:
    path = path_by_public_id(batch.path_public_id)
    reader = batch.by
    with speaking(reader.language if reader else "en", reader.timezone if reader else "UTC"):
        problem = _problem_of(batch, path)
        for one in orders:
            one.problem = (
                problem or _("This line could not be carried out.") if one.attempts > MOST_TRIES or problem else ""
            )
            if not one.problem and one.person is None:
                _invite(one, reader)
        ready = [one for one in orders if not one.problem and one.person is not None]
        assert path is not None or not ready
        if path is not None and ready:
            _carry_ready(path, batch, ready)
    for one in orders:
        release(one, state=OrderState.REFUSED if one.problem else OrderState.GRANTED)
    session().flush()


def _problem_of(batch: GrantBatch, path: LearningPath | None) -> str:
    if path is None:
        return _("The learning path is gone.")
    try:
        _refuse(path, batch.reason)
    except Refused as refused:
        return str(refused.message)
    return ""


def _invite(one: GrantOrder, by: Person | None) -> None:
    if by is None or not by.may(Permission.ADMIN_PEOPLE):
        one.problem = _("Whoever ordered this may invite nobody any more.")
        return
    try:
        with session().begin_nested():
            one.person = invitations.invite(one.name or one.address, one.address, Role.LEARNER, by=by)
    except Refused as refused:
        one.problem = str(refused.message)


def _carry_ready(path: LearningPath, batch: GrantBatch, ready: Sequence[GrantOrder]) -> None:
    held = standing(path, [one.person.id for one in ready if one.person is not None])
    wanted = []
    for one in ready:
        assert one.person is not None
        if has_it(held.get(one.person.id)):
            one.problem = _("%(name)s has this certificate already.", name=one.person.name)
        elif not one.person.active:
            one.problem = _("The account of %(name)s is deactivated.", name=one.person.name)
        else:
            wanted.append(_Wanted(one.person, one.achieved_at, one.grade, one.minutes, f"order:{one.public_id}"))
    made = _grant(path, wanted, batch.by_id, batch.reason) if wanted else {}
    for one in ready:
        if not one.problem and one.person is not None:
            one.certificate_id = made[one.person.id]
