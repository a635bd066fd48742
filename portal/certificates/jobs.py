"""Work of this room that happens later."""

from __future__ import annotations

from portal.certificates.services.ending import BATCH, tell_batch
from portal.certificates.services.prints import BATCH as PRINTS
from portal.certificates.services.prints import print_batch
from portal.core.db import commit, session
from portal.core.jobs import job


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
    """Make the PDFs of certificates that were granted."""
    while print_batch() == PRINTS:
        session().expunge_all()
