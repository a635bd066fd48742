"""Digests: what was gathered for a person since the last one, in one mail at a sensible hour of their own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from portal.core import jobs
from portal.core.clock import now
from portal.core.db import session
from portal.core.i18n import speaking
from portal.core.settings import address_of
from portal.notices import links
from portal.notices.lines import line
from portal.notices.models import Cadence, Mail, Notice, NoticeReader, NoticeState
from portal.notices.posting import Reader, readers
from portal.notices.schedule import next_digest, sensible
from portal.notices.texts import Phrasebook
from portal.notices.writing import values_of, write

IDLE = "idle"
LISTED = 50


def write_digest(row: NoticeReader) -> None:
    """Write the digest of a claimed reader, if the lease is still ours, with everything that was gathered: one mail."""
    if not jobs.still_mine(row):
        return
    reader = readers([row.person_id]).get(row.person_id)
    if reader and not sensible(now(), reader.timezone):
        jobs.release(row, again_at=next_digest(now(), reader.timezone, Cadence.DAILY))
        return
    gathered = (Notice.person_id == row.person_id, Notice.state == NoticeState.GATHERED)
    session().execute(
        update(Notice).where(*gathered, Notice.read_at.is_not(None)).values(state=NoticeState.QUIET),
        execution_options={"synchronize_session": False},
    )
    mail = _digest_mail(reader, gathered) if reader and row.cadence != Cadence.NEVER else None
    if mail:
        session().add(mail)
        session().flush()
    session().execute(
        update(Notice)
        .where(*gathered)
        .values(state=NoticeState.MAILED if mail else NoticeState.QUIET, mail_id=mail.id if mail else None),
        execution_options={"synchronize_session": False},
    )
    jobs.release(row, state=IDLE)


def _digest_mail(reader: Reader, gathered: tuple[Any, ...]) -> Mail | None:
    number = session().scalar(select(func.count()).select_from(Notice).where(*gathered)) or 0
    rows = list(session().scalars(select(Notice).where(*gathered).order_by(Notice.id).limit(LISTED)))
    if not rows:
        return None
    book = Phrasebook([reader.language])
    with speaking(reader.language, reader.timezone):
        entries = [entry for row in rows if (entry := line(row, reader.name, reader.language, book))]
    unsubscribe = links.address_for(reader.public_id)
    written = write(
        "digest", reader.language, reader.timezone, name=reader.name, entries=entries, number=number,
        more=number - len(entries), unsubscribe=unsubscribe, preferences=address_of("notices.preferences"),
        all_notices=address_of("notices.inbox"),
    )  # fmt: skip
    return Mail(
        **values_of(
            written,
            to=reader.address,
            template="digest",
            message_id=f"digest.{rows[0].public_id}",
            unsubscribe=unsubscribe,
        )
    )
