"""Which notices go by mail, and the mails: batches with a constant number of statements, whoever reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.accounts.models import EmailAddress, Person
from portal.core import jobs
from portal.core.clock import now
from portal.core.db import session
from portal.core.i18n import speaking
from portal.core.settings import address_of
from portal.notices import links
from portal.notices.inserting import insert_into
from portal.notices.kinds import BY_NAME, Kind
from portal.notices.lines import filled_notice, target
from portal.notices.models import Cadence, Mail, Notice, NoticeKindSetting, NoticePreference, NoticeReader, NoticeState
from portal.notices.schedule import next_digest
from portal.notices.texts import Filled, Phrasebook
from portal.notices.writing import Written, values_of, write


@dataclass(frozen=True)
class Reader:
    """Whom a mail goes to: an active person, at the verified main address."""

    public_id: str
    name: str
    language: str
    timezone: str
    address: str


def readers(people: Iterable[int]) -> dict[int, Reader]:
    """Return those of some people who can be written to."""
    statement = (
        select(Person.id, Person.public_id, Person.name, Person.language, Person.timezone, EmailAddress.address)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .where(
            Person.id.in_(set(people)),
            Person.active,
            EmailAddress.is_primary,
            EmailAddress.verified_at.is_not(None),
        )
    )
    return {row.id: Reader(*row[1:]) for row in session().execute(statement)}


class _Wishes:
    """What the people of a batch want: by kind, and how often."""

    def __init__(self, people: set[int]) -> None:
        self._kinds = {row.kind: row.mail for row in session().scalars(select(NoticeKindSetting))}
        wanted = session().execute(
            select(NoticePreference.person_id, NoticePreference.kind, NoticePreference.mail).where(
                NoticePreference.person_id.in_(people)
            )
        )
        self._own = {(row.person_id, row.kind): row.mail for row in wanted}
        rows = session().scalars(
            select(NoticeReader).where(NoticeReader.person_id.in_(people)).order_by(NoticeReader.id).with_for_update()
        )
        self.rows = {row.person_id: row for row in rows}

    def cadence(self, person_id: int, kind: Kind) -> str:
        """Return how a notice of a kind goes to a person by mail."""
        if kind.kept:
            return Cadence.AT_ONCE
        if not self._own.get((person_id, kind.name), self._kinds.get(kind.name, kind.mail)):
            return Cadence.NEVER
        row = self.rows.get(person_id)
        return row.cadence if row else Cadence.AT_ONCE


def post(taken: Sequence[Notice]) -> None:
    """Decide of a claimed batch, each notice still ours: a mail now, a place in the next digest, or neither."""
    held = set(
        session().scalars(
            select(Notice.id)
            .where(Notice.id.in_([row.id for row in taken]), Notice.lease == taken[0].lease)
            .order_by(Notice.id)
            .with_for_update()
        )
    )
    ours = [row for row in taken if row.id in held]
    people = {row.person_id for row in ours}
    found = readers(people)
    wishes = _Wishes(people)
    book = Phrasebook(reader.language for reader in found.values())
    mails: list[tuple[Notice, dict[str, Any]]] = []
    for row in ours:
        kind, reader = BY_NAME.get(row.kind), found.get(row.person_id)
        cadence = wishes.cadence(row.person_id, kind) if kind and reader else Cadence.NEVER
        if kind is None or reader is None or cadence == Cadence.NEVER:
            jobs.release(row, state=NoticeState.QUIET)
        elif cadence == Cadence.AT_ONCE:
            mails.append((row, _mail(row, kind, reader, book)))
            jobs.release(row, state=NoticeState.MAILED)
        else:
            _gather(row, wishes.rows[row.person_id], reader)
    _keep(mails)
    session().flush()


def _keep(mails: Sequence[tuple[Notice, dict[str, Any]]]) -> None:
    """Insert the mails of a batch in one statement, and note with each notice which one is its own."""
    if not mails:
        return
    rows = [values for _notice, values in mails]
    session().execute(insert_into(Mail).on_conflict_do_nothing(index_elements=["message_id"]), rows)
    names = [values["message_id"] for values in rows]
    numbers = {
        row.message_id: row.id
        for row in session().execute(select(Mail.id, Mail.message_id).where(Mail.message_id.in_(names)))
    }
    for notice, values in mails:
        notice.mail_id = numbers[values["message_id"]]


def _gather(row: Notice, digest: NoticeReader, reader: Reader) -> None:
    jobs.release(row, state=NoticeState.GATHERED)
    if digest.state != jobs.DUE:
        digest.state = jobs.DUE
        digest.attempts = 0
        digest.not_before = next_digest(now(), reader.timezone, digest.cadence)


def _mail(row: Notice, kind: Kind, reader: Reader, book: Phrasebook) -> dict[str, Any]:
    """Return the mail of one notice; its Message-ID is made of the notice, and so the same however often it is written."""
    unsubscribe = None if kind.kept else links.address_for(reader.public_id, kind.name)
    with speaking(reader.language, reader.timezone):
        filled = filled_notice(row, kind, reader.name, book.words(kind, reader.language))
    written = write_notice(kind, filled, reader.language, reader.timezone, url=target(row), unsubscribe=unsubscribe)
    return values_of(
        written, to=reader.address, template="notice", message_id=f"notice.{row.public_id}", unsubscribe=unsubscribe
    )


def write_notice(
    kind: Kind, filled: Filled, language: str, timezone: str, *, url: str, unsubscribe: str | None
) -> Written:
    """Return the mail of a filled text."""
    return write(
        "notice", language, timezone, notice=filled, button=kind.button, url=url, unsubscribe=unsubscribe,
        preferences=address_of("notices.preferences"),
    )  # fmt: skip
