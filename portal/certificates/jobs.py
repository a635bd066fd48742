"""Work of this room that happens later."""

from __future__ import annotations

from portal.certificates.models import Printing
from portal.certificates.services import prints
from portal.certificates.services.ending import BATCH, tell_batch
from portal.core.db import commit, session
from portal.core.jobs import claim, job

PRINTS = 50
PRINTING_SECONDS = 300


@job(every=300)
def tell_of_ends() -> None:
    """Tell holders that a certificate expires soon, has expired, or may be renewed; a batch, a commit."""
    while True:
        told = tell_batch()
        commit()
        session().expunge_all()
        if told < BATCH:
            return


@job(every=60)
def print_ordered() -> None:
    """Make the PDFs of certificates that were granted; no transaction stands while one is made."""
    while taken := claim(Printing, limit=PRINTS, seconds=PRINTING_SECONDS):
        certificates = prints.certificates_to_print(taken)
        commit()
        problems = prints.make(taken, certificates)
        prints.finish(taken, problems)
        commit()
        session().expunge_all()
