"""Carrying mails out of the house."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from portal.core import crypto
from portal.core import mail as transport
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.jobs import DUE, claim, job, release, still_mine
from portal.notices.models import FAILED, OUTBOX, SENT, Mail

LEASE_SECONDS = 300
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(minutes=120))
LONGEST_ERROR = 500


@job(every=60)
def send_mails() -> None:
    """Send whatever is due, one after the other; without a mail server put it into the outbox."""
    if not transport.leaves_the_house():
        session().execute(update(Mail).where(Mail.state == DUE).values(state=OUTBOX))
        commit()
        return
    while taken := claim(Mail, limit=1, seconds=LEASE_SECONDS):
        _carry(taken[0])


def _carry(row: Mail) -> None:
    """Send one mail. A process that is killed after the server took it sends it again, with the same Message-ID."""
    try:
        message = transport.compose(
            to=row.to_address,
            subject=row.subject,
            text=crypto.decrypt(row.text or b"").decode(),
            html=crypto.decrypt(row.html or b"").decode(),
            message_id=row.message_id,
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


def _record(row: Mail, *, error: str | None = None, final: bool = False) -> None:
    if not still_mine(row):
        session().rollback()
        return
    row.last_error = error[:LONGEST_ERROR] if error else None
    if error is None:
        row.sent_at = now()
        row.text = row.html = None
        release(row, state=SENT)
    elif final or row.attempts > len(WAITS):
        release(row, state=FAILED)
    else:
        release(row, again_at=now() + WAITS[row.attempts - 1])
    commit()


@job(every=60)
def post_notices() -> None:
    """Decide of every new notice whether it goes by mail, and write the mails."""
