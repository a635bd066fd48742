"""The worker's part: notices become mails, and mails leave the house."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import func, select, update

from portal.core import crypto
from portal.core import mail as transport
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.jobs import DUE, Leased, claim, job, release, ring, still_mine
from portal.notices import digests, posting
from portal.notices.models import FAILED, OUTBOX, SENT, Mail, Notice, NoticeReader

LEASE_SECONDS = 300
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(minutes=120))
LONGEST_ERROR = 500
BATCH = 100
MOST_WAITING = 200


@job(every=60)
def send_mails() -> None:
    """Send whatever is due, one after the other; without a mail server put it into the outbox."""
    if not transport.leaves_the_house():
        session().execute(update(Mail).where(Mail.state == DUE).values(state=OUTBOX))
        commit()
        return
    while taken := claim(Mail, limit=1, seconds=LEASE_SECONDS):
        _carry(taken[0])
    if _due(Notice) or _due(NoticeReader):
        ring(post_notices)
        ring(send_digests)
    commit()


@job(every=60)
def post_notices() -> None:
    """Decide of every new notice whether it goes by mail, and write the mails: a batch at a time."""
    while _may_write() and (taken := claim(Notice, limit=BATCH, seconds=LEASE_SECONDS)):
        posting.post(taken)
        ring(send_mails)
        commit()
        session().expunge_all()


@job(every=60)
def send_digests() -> None:
    """Write the digests whose hour has come, one person after the other, with all that was told until now."""
    post_notices()
    while _may_write() and (taken := claim(NoticeReader, limit=1, seconds=LEASE_SECONDS)):
        digests.write_digest(taken[0])
        ring(send_mails)
        commit()
        session().expunge_all()


def _may_write() -> bool:
    """Whether more mails of notices may be written: somebody's link to a new password never waits behind thousands."""
    return not transport.leaves_the_house() or _due(Mail) < MOST_WAITING


def _due(model: type[Leased]) -> int:
    moment = now()
    table = cast("Any", model)
    condition = (table.state == DUE, table.not_before <= moment, table.leased_until <= moment)
    return session().scalar(select(func.count()).select_from(table).where(*condition)) or 0


def _carry(row: Mail) -> None:
    """Send one mail. A process that is killed after the server took it sends it again, with the same Message-ID."""
    try:
        message = transport.compose(
            to=row.to_address,
            subject=row.subject,
            text=crypto.decrypt(row.text or b"").decode(),
            html=crypto.decrypt(row.html or b"").decode(),
            message_id=row.message_id,
            headers=_unsubscribing(row),
        )
    except (crypto.KeyLost, ValueError) as error:
        _record(row, error=str(error), final=True)
        return
    commit()
    try:
        transport.deliver(message)
    except transport.NotDelivered as error:
        _record(row, error=str(error), final=error.final)
    else:
        _record(row)


def _unsubscribing(row: Mail) -> dict[str, str]:
    """Return the headers by which mail programs offer to end such mails in one click (RFC 2369, RFC 8058)."""
    if row.unsubscribe is None:
        return {}
    address = crypto.decrypt(row.unsubscribe).decode()
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _record(row: Mail, *, error: str | None = None, final: bool = False) -> None:
    if not still_mine(row):
        session().rollback()
        return
    row.last_error = error[:LONGEST_ERROR] if error else None
    if error is None:
        row.sent_at = now()
        row.text = row.html = row.unsubscribe = None
        release(row, state=SENT)
    elif final or row.attempts > len(WAITS):
        release(row, state=FAILED)
    else:
        release(row, again_at=now() + WAITS[row.attempts - 1])
    commit()
