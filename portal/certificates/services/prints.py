"""PDFs of certificates, made by the worker after granting: the row says what is to be made, the file is the result."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import joinedload

from portal.certificates.models import Certificate, Printing
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import LaurelError
from portal.core.jobs import release, ring, still_mine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

log = logging.getLogger(__name__)
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


def certificates_to_print(taken: Sequence[Printing]) -> dict[int, Certificate]:
    """Return the certificates of claimed rows, by their inner numbers."""
    wanted = {row.certificate_id for row in taken}
    statement = select(Certificate).where(Certificate.id.in_(wanted)).options(joinedload(Certificate.paper))
    return {row.id: row for row in session().scalars(statement)}


def make(taken: Sequence[Printing], certificates: Mapping[int, Certificate]) -> dict[int, str]:
    """Make and keep the PDFs of claimed rows; return what went wrong, by the number of the row. No row is touched."""
    from portal.certificates.paper.printing import kept_pdf

    problems = {}
    for row in taken:
        try:
            kept_pdf(certificates[row.certificate_id])
        except (KeyError, LaurelError, OSError, RuntimeError) as error:
            log.exception("The PDF of certificate %s could not be made.", row.certificate_id)
            problems[row.id] = f"{type(error).__name__}: {error}"[:500]
    return problems


def finish(taken: Sequence[Printing], problems: Mapping[int, str]) -> None:
    """Take away the rows whose PDF was made; the others are due again later, at most ten times. Flushed."""
    made = [row for row in taken if row.id not in problems]
    if made:
        session().execute(
            delete(Printing)
            .where(Printing.id.in_([row.id for row in made]), Printing.lease == made[0].lease)
            .execution_options(synchronize_session=False)
        )
    for row in taken:
        if row.id in problems and still_mine(row):
            row.problem = problems[row.id]
            state = "failed" if row.attempts >= MOST_TRIES else "due"
            release(row, state=state, again_at=now() + timedelta(minutes=min(2**row.attempts, 720)))
    session().flush()
