"""PDFs of certificates, made by the worker after granting: the row says what is to be made, the file is the result."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import joinedload

from portal.certificates.models import Certificate, Printing
from portal.core import storage
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.jobs import claim, release, ring, still_mine

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)
BATCH = 50
LEASE = 300
MOST_TRIES = 10


def order_prints(numbers: Sequence[int]) -> None:
    """Have the worker make the PDFs of new certificates, named by their inner numbers. Flushed."""
    from portal.certificates.jobs import print_ordered

    if not numbers:
        return
    moment = now()
    session().execute(
        insert(Printing),
        [
            {"certificate_id": number, "state": "due", "not_before": moment, "leased_until": moment}
            for number in numbers
        ],
    )
    ring(print_ordered)


def print_batch() -> int:
    """Make up to 50 PDFs that are due, and return how many were taken. Commits: no transaction stands while one is made."""
    from portal.certificates.paper.printing import kept_pdf

    taken = claim(Printing, limit=BATCH, seconds=LEASE)
    wanted = {row.certificate_id for row in taken}
    statement = select(Certificate).where(Certificate.id.in_(wanted)).options(joinedload(Certificate.paper))
    certificates = {row.id: row for row in session().scalars(statement)}
    commit()
    made, failed = [], {}
    for row in taken:
        try:
            kept_pdf(certificates[row.certificate_id])
            made.append(row)
        except (KeyError, storage.Missing, OSError, RuntimeError) as error:
            log.exception("The PDF of certificate %s could not be made.", row.certificate_id)
            failed[row.id] = (row, f"{type(error).__name__}: {error}"[:500])
    _finish(made, failed)
    return len(taken)


def _finish(made: Sequence[Printing], failed: dict[int, tuple[Printing, str]]) -> None:
    if made:
        session().execute(
            delete(Printing)
            .where(Printing.id.in_([row.id for row in made]), Printing.lease == made[0].lease)
            .execution_options(synchronize_session=False)
        )
    for row, problem in failed.values():
        if still_mine(row):
            row.problem = problem
            given_up = row.attempts >= MOST_TRIES
            release(
                row,
                state="failed" if given_up else "due",
                again_at=now() + timedelta(minutes=min(2**row.attempts, 720)),
            )
    commit()
