"""Asking for a badge to be given to many: whom it is for, what each line that was pasted comes to, and how far it is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, insert, literal, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import EmailAddress, Person
from portal.badges import providers
from portal.badges.models import Award, AwardBatch, AwardOrder, OrderState
from portal.badges.services.issuer import missing_for_issuing
from portal.core import clock, ids
from portal.core.db import UtcDateTime, session
from portal.core.errors import Refused
from portal.core.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.badges.providers import Givable

MOST_LINES = 5_000
AT_ONCE = 500
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_KEY = re.compile(r"[A-Za-z0-9]{22}")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a pasted list: what was typed, whose address it is, and why nobody is given a badge for it."""

    number: int
    typed: str
    name: str = ""
    problem: str = ""
    values: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Everybody:
    """How many hold the certificate without the badge, and how many of these cannot be given it."""

    ready: int
    without_address: int
    first: list[str]


def givable(person: Person, series: str) -> Givable:
    """Return a badge that somebody may give; raises Refused naming the field `badge` for any other."""
    found = next((one for one in providers.keepers().givable_by(person) if one.series == series), None)
    if found is None:
        raise Refused(_("Choose a badge of a learning path that you look after."), field="badge")
    return found


def typed_lines(text: str, file: bytes = b"") -> list[str]:
    """Return what stands in each line of a pasted text and a CSV file: the cell with an @, else the whole line.

    Empty lines and a first line of headings are left out. Raises Refused naming `addresses` or `file`.
    """
    found = [*_cells(text), *_cells(_decoded(file))]
    if not found:
        raise Refused(_("Paste e-mail addresses, one a line, or choose a CSV file."), field="addresses")
    if len(found) > MOST_LINES:
        raise Refused(
            _("These are %(number)s lines. Give at most %(most)s at once.", number=len(found), most=MOST_LINES),
            field="addresses",
        )
    return found


def _decoded(file: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return file.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("This file is not a text file. Save the table as CSV and choose that."), field="file")


def _cells(text: str) -> Iterator[str]:
    if "\0" in text:
        raise Refused(_("This file is not a text file. Save the table as CSV and choose that."), field="file")
    head = text[:2_000]
    divider = max(",;\t", key=head.count)
    for number, row in enumerate(csv.reader(io.StringIO(text.strip()), delimiter=divider)):
        cells = [cell.strip() for cell in row if cell.strip()]
        address = next((cell for cell in cells if "@" in cell), None)
        if address is not None:
            yield address.removeprefix("mailto:").strip("<>").lower()[:255]
        elif cells and (number or len(row) == 1):
            yield " ".join(cells)[:255]


def preview(chosen: Givable, typed: Sequence[str]) -> list[Line]:
    """Say what each line comes to: whose address it is, and the order for it, or the problem with it."""
    lines: list[Line] = []
    seen: set[Any] = set()
    for start in range(0, len(typed), AT_ONCE):
        part = typed[start : start + AT_ONCE]
        people = _people(part)
        orders = _orders(chosen, [person for person, _address in people.values()])
        for number, text in enumerate(part, start + 1):
            lines.append(_line(number, text, people, orders, seen))
    return lines


def _line(
    number: int,
    text: str,
    people: dict[str, tuple[Person, str]],
    orders: dict[int, dict[str, Any] | str],
    seen: set[Any],
) -> Line:
    if not _ADDRESS.fullmatch(text):
        return Line(number=number, typed=text, problem=_("This is not an e-mail address."))
    if text not in people:
        problem = _("Nobody here has confirmed this address. Invite them, or ask them to add it to their account.")
        return Line(number=number, typed=text, problem=problem)
    person, address = people[text]
    if not person.active:
        return Line(number=number, typed=text, name=person.name, problem=_("This account is deactivated."))
    if person.id in seen:
        return Line(number=number, typed=text, name=person.name, problem=_("This person stands further up already."))
    seen.add(person.id)
    order = orders[person.id]
    if isinstance(order, str):
        return Line(number=number, typed=text, name=person.name, problem=order)
    return Line(number=number, typed=text, name=person.name, values={**order, "address": address})


def _people(addresses: Iterable[str]) -> dict[str, tuple[Person, str]]:
    statement = (
        select(EmailAddress.verified_address, Person)
        .join(EmailAddress.person)
        .where(EmailAddress.verified_address.in_(list(addresses)))
    )
    return {address: (person, address) for address, person in session().execute(statement) if address}


def _orders(chosen: Givable, people: Sequence[Person]) -> dict[int, dict[str, Any] | str]:
    """Return the order for each person, or why there is none."""
    rows = providers.keepers().entitled(chosen.series).subquery()
    found = session().execute(select(rows).where(rows.c.person_id.in_([person.id for person in people]))).mappings()
    entitled = {row["person_id"]: dict(row) for row in found}
    orders = {person.id: entitled.get(person.id) or _by_hand(chosen, person) for person in people}
    sources = {order["source"] for order in orders.values()} | {_hand(chosen.series, person) for person in people}
    ends = _ends(sources)
    answers: dict[int, dict[str, Any] | str] = {}
    for person in people:
        order = orders[person.id]
        answers[person.id] = ends.get(_hand(chosen.series, person)) or ends.get(order["source"]) or order
    return answers


def _hand(series: str, person: Person) -> str:
    return f"hand:{series}:{person.public_id}"


def _by_hand(chosen: Givable, person: Person) -> dict[str, Any]:
    return {
        "person_id": person.id,
        "badge_class_id": chosen.badge_class_id,
        "source": _hand(chosen.series, person),
        "evidence_url": "",
        "expires_at": chosen.valid_until,
    }


def _ends(sources: Iterable[str]) -> dict[str, str]:
    """Return why a source has no room for another award, in words."""
    rows = session().scalars(select(Award).where(Award.source.in_(list(sources))).order_by(Award.id))
    return {row.source: _why(row) for row in rows if row.replaced_at is None}


def _why(row: Award) -> str:
    if row.revoked_at is not None:
        return _("This person's badge was revoked.")
    if row.declined:
        return _("This person has declined the badge.")
    if row.withdrawn_at is not None:
        return _("This person has withdrawn the badge from publication.")
    if row.offered:
        return _("This person was given the badge already and has not answered yet.")
    return _("This person has the badge already.")


def _without_badge(series: str) -> Any:
    """Return a SELECT of active people who are entitled to a badge and were never given it."""
    rows = providers.keepers().entitled(series).subquery()
    sources = (rows.c.source, literal(f"hand:{series}:").concat(Person.public_id))
    statement = select(rows).join(Person, Person.id == rows.c.person_id).where(Person.active)
    return statement.where(*(~exists().where(Award.source == source) for source in sources))


_REACHABLE = exists().where(EmailAddress.person_id == Person.id, EmailAddress.verified_at.is_not(None))


def everybody(chosen: Givable) -> Everybody:
    """Say how many hold the certificate of a badge and have not earned the badge, with the first of their names."""
    found = _without_badge(chosen.series)

    def count(condition: Any) -> int:
        return session().scalar(select(func.count()).select_from(found.where(condition).subquery())) or 0

    names = found.where(_REACHABLE).with_only_columns(Person.name).order_by(Person.name, Person.id).limit(AT_ONCE)
    return Everybody(ready=count(_REACHABLE), without_address=count(~_REACHABLE), first=list(session().scalars(names)))


def start(chosen: Givable, *, by: Person, key: str, lines: Sequence[Line] | None = None) -> AwardBatch:
    """Ask for a badge to be given to the people of a list, or without one to everybody who may have it; flushed.

    `key` names the wish: the same key of the same person gives the batch it made first. Raises Refused where no badge can
    be given, or there is nobody to give it to.
    """
    known = session().scalar(select(AwardBatch).where(AwardBatch.public_id == key, AwardBatch.by_id == by.id))
    if known is not None:
        return known
    if missing_for_issuing():
        raise Refused(_("No badge can be given yet. An administrator has to name the issuer first."))
    batch = AwardBatch(
        public_id=key if _KEY.fullmatch(key) else ids.public_id(),
        badge_class_id=chosen.badge_class_id,
        series=chosen.series,
        title=chosen.title,
        by_id=by.id,
        made_at=clock.now(),
    )
    session().add(batch)
    session().flush()
    placed = _place_all(batch) if lines is None else _place(batch, lines)
    if not placed:
        raise Refused(_("There is nobody to give this badge to now."))
    return batch


def _fixed(batch: AwardBatch) -> dict[str, Any]:
    moment = clock.now()
    return {
        "batch_id": batch.id, "state": OrderState.WAITING.value, "attempts": 0, "not_before": moment,
        "leased_until": moment,
    }  # fmt: skip


def _place(batch: AwardBatch, lines: Sequence[Line]) -> int:
    rows = [{**_fixed(batch), **line.values} for line in lines if line.values]
    if rows:
        session().execute(insert(AwardOrder), rows)
    return len(rows)


def _place_all(batch: AwardBatch) -> int:
    """Place everybody by one statement, however many they are."""
    found = _without_badge(batch.series).where(_REACHABLE)
    fixed = _fixed(batch)
    columns = [
        literal(value, UtcDateTime() if name in {"not_before", "leased_until"} else None).label(name)
        for name, value in fixed.items()
    ]
    names = ["person_id", "badge_class_id", "source", "evidence_url", "expires_at", "address", *fixed]
    statement = found.add_columns(literal("").label("address"), *columns)
    session().execute(insert(AwardOrder).from_select(names, statement))
    return session().scalar(select(func.count()).where(AwardOrder.batch_id == batch.id)) or 0


def batch_by_public_id(public_id: str) -> AwardBatch | None:
    """Return the batch of a public id, or None."""
    return session().scalar(select(AwardBatch).where(AwardBatch.public_id == public_id))


def batches_of(person: Person) -> Select[Any]:
    """Return a SELECT of the batches that somebody asked for, the newest first."""
    return (
        select(AwardBatch)
        .where(AwardBatch.by_id == person.id)
        .options(joinedload(AwardBatch.badge_class))
        .order_by(AwardBatch.id.desc())
    )


def counts_of(batches: Sequence[AwardBatch]) -> dict[int, dict[str, int]]:
    """Return how many orders of each batch stand in each state."""
    counts: dict[int, dict[str, int]] = {batch.id: {} for batch in batches}
    statement = (
        select(AwardOrder.batch_id, AwardOrder.state, func.count())
        .where(AwardOrder.batch_id.in_(counts))
        .group_by(AwardOrder.batch_id, AwardOrder.state)
    )
    for batch_id, state, number in session().execute(statement):
        counts[batch_id][state] = number
    return counts


def answers_of(batch: AwardBatch) -> tuple[int, int]:
    """Return how many holders of a batch have accepted, and how many have declined."""
    accepted, declined = (
        session()
        .execute(
            select(
                func.count(Award.accepted_at),
                func.count().filter(Award.offered_at.is_not(None), Award.withdrawn_at.is_not(None)),
            ).where(Award.batch_id == batch.id)
        )
        .one()
    )
    return int(accepted), int(declined)


def problems_of(batch: AwardBatch) -> Select[Any]:
    """Return a SELECT of the orders of a batch that no badge was given for."""
    wanted = (OrderState.HAD, OrderState.NO_ADDRESS, OrderState.UNFIT, OrderState.FAILED)
    return (
        select(AwardOrder)
        .where(AwardOrder.batch_id == batch.id, AwardOrder.state.in_(wanted))
        .options(joinedload(AwardOrder.person))
        .order_by(AwardOrder.id)
    )
