"""Many people at once: a list of addresses, pasted or as CSV, with who stands behind each line or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select

from portal.accounts.models import EmailAddress, PeopleList, Person
from portal.accounts.services.tables import Cells, cells_of, text_of
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _

MOST_ROWS = 10_000
LONGEST_ADDRESS = 254
# What nearly every address looks like: the whole check is for the others alone, since it takes its time.
_PLAIN = re.compile(r"[a-z0-9_+-]{1,40}(\.[a-z0-9_+-]{1,20})?@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
KEPT = timedelta(days=2)


@dataclass(frozen=True)
class ListedPerson:
    """One line of a list: `person` where it is right, else `error`, in words.

    `line` counts from 1 in the text as given; `address` is in lower case where it is one; `extra` holds the other columns
    by their headings in lower case, or by their numbers from 1 where the list has no headings.
    """

    line: int
    address: str
    name: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    person: Person | None = None
    error: str | None = None


def read_people(source: str | bytes) -> list[ListedPerson]:
    """Return every line of a list, in order: pasted addresses, or CSV (with headings or without) as text or file.

    People are found by the addresses they have confirmed, in one query. Raises Refused where the whole cannot be read: no
    text, longer than 1 MB, more than 10,000 lines, or nothing in it.
    """
    entries: list[Cells] = []
    for entry in cells_of(text_of(source)):
        if len(entries) == MOST_ROWS:
            raise Refused(
                _("This list has more than %(most)s lines. Split it, and add one part after the other.", most=MOST_ROWS)
            )
        entries.append(entry)
    if not entries:
        raise Refused(_("There is no address in this list. Paste some, one in each line, or choose a file."))
    return _resolved(entries)


def _resolved(entries: list[Cells]) -> list[ListedPerson]:
    read = [_with_address(entry) for entry in entries]
    known = _owners({row.address for row in read if row.error is None})
    places: dict[int, int] = {}
    lines: dict[str, int] = {}
    return [row if row.error else _with_person(row, known, lines, places) for row in read]


def _with_address(entry: Cells) -> ListedPerson:
    row = ListedPerson(entry.line, entry.address, entry.name, entry.extra)
    if not entry.address:
        return replace(row, error=_("There is no e-mail address in this line."))
    folded = entry.address.lower()
    if len(folded) <= LONGEST_ADDRESS and _PLAIN.fullmatch(folded):
        return replace(row, address=folded)
    try:
        found = validate_email(entry.address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return replace(row, error=_("This is not an e-mail address. Write it like name@example.org."))
    return replace(row, address=found.normalized.lower())


def _owners(addresses: set[str]) -> dict[str, tuple[Person, bool]]:
    """Return who has each address, and whether they have confirmed it; an invitation that waits counts as not confirmed."""
    statement = (
        select(EmailAddress.address, EmailAddress.verified_address, EmailAddress.is_primary, Person)
        .join(EmailAddress.person)
        .where(EmailAddress.address.in_(addresses))
    )
    owners: dict[str, tuple[Person, bool]] = {}
    for address, verified, primary, person in session().execute(statement):
        if verified:
            owners[address] = (person, True)
        elif primary and person.invited:
            owners.setdefault(address, (person, False))
    return owners


def _with_person(
    row: ListedPerson, known: dict[str, tuple[Person, bool]], lines: dict[str, int], places: dict[int, int]
) -> ListedPerson:
    if row.address in lines:
        return replace(row, error=_("This address stands in line %(line)s already.", line=lines[row.address]))
    lines[row.address] = row.line
    person, confirmed = known.get(row.address, (None, False))
    if person is None:
        words = _("Nobody has confirmed this address. Check how it is written, or have the person invited.")
        return replace(row, error=words)
    if not person.active:
        return replace(row, error=_("The account of %(name)s is deactivated.", name=person.name))
    if not confirmed:
        return replace(row, error=_("%(name)s is invited, but has not accepted yet.", name=person.name))
    if person.id in places:
        words = _(
            "%(name)s stands in line %(line)s already, with another address.", name=person.name, line=places[person.id]
        )
        return replace(row, error=words)
    places[person.id] = row.line
    return replace(row, person=person)


def keep_list(source: str | bytes, by: Person, purpose: str) -> PeopleList:
    """Keep a list until its maker has looked at it, for two days; flushed. `purpose` says what for, such as "group:<id>".

    Raises Refused as `read_people` does.
    """
    read_people(source)
    row = PeopleList(text=text_of(source), made_by_id=by.id, purpose=purpose)
    session().add(row)
    session().flush()
    return row


def list_by_public_id(public_id: str) -> PeopleList | None:
    """Return the kept list of a public id, or None."""
    return session().scalar(select(PeopleList).where(PeopleList.public_id == public_id))


def belongs(row: PeopleList, person: Person, purpose: str) -> bool:
    """Whether a kept list is somebody's own, made for this purpose."""
    return row.made_by_id == person.id and row.purpose == purpose


def drop_list(row: PeopleList) -> None:
    """Forget a list that has been carried out; flushed."""
    session().delete(row)
    session().flush()


def forget_old_lists() -> None:
    """Forget lists that nobody carried out."""
    session().execute(delete(PeopleList).where(PeopleList.created_at < now() - KEPT))


def good(rows: Iterable[ListedPerson]) -> list[Person]:
    """Return the people of the lines that are right, in order."""
    return [row.person for row in rows if row.person is not None]
