"""What a person wants by mail, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from portal.core import ids, jobs
from portal.core.clock import now
from portal.core.db import session
from portal.notices.digests import IDLE
from portal.notices.inserting import insert_into
from portal.notices.jobs import send_digests
from portal.notices.kinds import KINDS, Kind
from portal.notices.models import Cadence, Notice, NoticeKindSetting, NoticePreference, NoticeReader, NoticeState
from portal.notices.schedule import next_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.accounts.models import Person


@dataclass(frozen=True)
class Choice:
    """One kind of notice that may reach a person, and whether it comes by mail."""

    kind: Kind
    mail: bool


def cadence_of(person: Person) -> Cadence:
    """Return how often a person wants mails of notices."""
    found = session().scalar(select(NoticeReader.cadence).where(NoticeReader.person_id == person.id))
    return Cadence(found or Cadence.AT_ONCE)


def choices_of(person: Person) -> list[Choice]:
    """Return the kinds that are told and may reach a person, with what the person chose or the kind's default."""
    settings = {row.kind: row for row in session().scalars(select(NoticeKindSetting))}
    own = _own(person)
    chosen = []
    for kind in KINDS:
        setting = settings.get(kind.name)
        if (setting and not setting.told) or (kind.permission and not person.may(kind.permission)):
            continue
        default = setting.mail if setting else kind.mail
        chosen.append(Choice(kind, kind.kept or own.get(kind.name, default)))
    return chosen


def stopped(person: Person, kind: Kind | None) -> bool:
    """Whether a person gets no mails of a kind any more, or none at all where no kind is named."""
    if cadence_of(person) == Cadence.NEVER:
        return True
    return kind is not None and not any(choice.mail for choice in choices_of(person) if choice.kind is kind)


def _own(person: Person) -> dict[str, bool]:
    rows = session().execute(
        select(NoticePreference.kind, NoticePreference.mail).where(NoticePreference.person_id == person.id)
    )
    return {row.kind: row.mail for row in rows}


def save_choices(person: Person, cadence: Cadence, mail: Mapping[str, bool]) -> None:
    """Keep how often a person wants mails, and of which kinds; what stays at its default follows the default."""
    for choice in choices_of(person):
        wanted = mail.get(choice.kind.name, choice.mail)
        if not choice.kind.kept and wanted != choice.mail:
            _choose(person, choice.kind, mail=wanted)
    set_cadence(person, cadence)


def stop_kind(person: Person, kind: Kind) -> None:
    """Send a person no mails of one kind any more; the notices still stand in the portal."""
    if not kind.kept:
        _choose(person, kind, mail=False)


def _choose(person: Person, kind: Kind, *, mail: bool) -> None:
    insert = insert_into(NoticePreference)
    session().execute(
        insert.on_conflict_do_update(index_elements=["person_id", "kind"], set_={"mail": insert.excluded.mail}),
        {"person_id": person.id, "kind": kind.name, "mail": mail},
    )


def set_cadence(person: Person, cadence: Cadence) -> None:
    """Send a person mails at once, in a daily or weekly digest, or never.

    What was gathered for a digest already goes out with the next one, at once where digests end, and not at all for never.
    """
    session().execute(
        insert_into(NoticeReader).on_conflict_do_nothing(index_elements=["person_id"]),
        {"person_id": person.id, "public_id": ids.public_id(), "state": IDLE, "cadence": Cadence.AT_ONCE},
    )
    row = (
        session()
        .scalars(
            select(NoticeReader)
            .where(NoticeReader.person_id == person.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one()
    )
    if row.cadence == cadence:
        return
    row.cadence = cadence
    if cadence == Cadence.NEVER:
        session().execute(
            update(Notice)
            .where(Notice.person_id == person.id, Notice.state == NoticeState.GATHERED)
            .values(state=NoticeState.QUIET),
            execution_options={"synchronize_session": False},
        )
    if row.state == jobs.DUE:
        digest = cadence in {Cadence.DAILY, Cadence.WEEKLY}
        row.not_before = next_digest(now(), person.timezone, cadence) if digest else now()
        jobs.ring(send_digests)
