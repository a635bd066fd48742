"""Work of this room that happens later: badges given to many, endorsements checked anew, and awards of before that get the forms that came since."""

from __future__ import annotations

from portal.badges.models import AwardOrder, Endorsement
from portal.badges.services import bulk, endorsements
from portal.badges.services.issuer import issuer
from portal.badges.services.keys import ensure_keys
from portal.badges.services.signing import open_desk, sign, unsigned
from portal.core.db import commit, session
from portal.core.jobs import claim, job, still_mine

BATCH = 100
LEASE_SECONDS = 300


@job(every=60)
def give_to_many() -> None:
    """Give the badges that were ordered, a batch at a time; stopped anywhere it goes on without a loss or a double."""
    while taken := claim(AwardOrder, limit=bulk.BATCH, seconds=LEASE_SECONDS):
        prepared = bulk.prepare(taken)
        commit()
        if prepared is not None:
            done = bulk.signed(prepared)
            bulk.keep(done)
            commit()
        session().expunge_all()


@job(every=3600)
def check_endorsements() -> None:
    """Check the endorsements that are due: each once a week, or a day after nobody answered."""
    while taken := claim(Endorsement, limit=1, seconds=LEASE_SECONDS):
        row = taken[0]
        document = row.document
        commit()
        report = endorsements.check(document).report
        if still_mine(row):
            endorsements.note(row, report)
        commit()


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
        desk = open_desk(profile)
        for row in rows:
            sign(row, profile, desk)
        commit()
