"""The worker's sign of life."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from portal.admin.models import Heartbeat
from portal.core import crypto
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.jobs import job

THE_ONE = 1


@job(every=60)
def beat() -> None:
    """Write down that the worker runs."""
    heartbeat = session().get(Heartbeat, THE_ONE)
    if heartbeat is None:
        session().add(Heartbeat(id=THE_ONE, seen_at=now(), canary=crypto.encrypt(b"laurel")))
    else:
        heartbeat.seen_at = now()
    try:
        commit()
    except IntegrityError:
        session().rollback()  # another worker wrote the first one at the same moment
