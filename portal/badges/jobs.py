"""Work of this room that happens later: awards of before get the forms that came since."""

from __future__ import annotations

from portal.badges.services.issuer import issuer
from portal.badges.services.keys import ensure_keys
from portal.badges.services.signing import sign, unsigned
from portal.core.db import commit
from portal.core.jobs import job

BATCH = 100


@job(every=300)
def sign_older_awards() -> None:
    """Sign the awards that have no signed forms yet, a batch at a time; stopped half-way it goes on where it was."""
    ensure_keys()
    commit()
    while True:
        profile = issuer()
        rows = unsigned(BATCH) if profile is not None else []
        if profile is None or not rows:
            commit()
            return
        for row in rows:
            sign(row, profile)
        commit()
