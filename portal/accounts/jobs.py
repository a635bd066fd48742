"""What this room does later: answering who forgot a password, and forgetting old links."""

from __future__ import annotations

from portal.accounts.models import ForgottenFile, PasswordWish
from portal.accounts.services import erasing, groups, invitations, links, lists
from portal.core.db import commit, session
from portal.core.jobs import claim, job, still_mine

LEASE_SECONDS = 60
MOST_TRIES = 5


@job(every=60)
def answer_wishes() -> None:
    """Answer everybody who asked for a new password."""
    while taken := claim(PasswordWish, limit=1, seconds=LEASE_SECONDS):
        wish = taken[0]
        if still_mine(wish):
            if wish.attempts <= MOST_TRIES:
                invitations.answer(wish.address)
            session().delete(wish)
        commit()


@job(every=300)
def delete_forgotten_files() -> None:
    """Delete the stored files of people who were erased."""
    while taken := claim(ForgottenFile, limit=1, seconds=LEASE_SECONDS):
        if still_mine(taken[0]):
            erasing.delete_file(taken[0])
        commit()


@job(every=3600)
def forget_links() -> None:
    """Delete links that ended long ago."""
    links.forget_old()
    commit()


@job(every=3600)
def forget_lists() -> None:
    """Delete lists of people that nobody confirmed."""
    lists.forget_old_lists()
    commit()


@job(every=3600)
def mend_everybody() -> None:
    """See to it that the group of everybody holds every active account, and nobody else."""
    more = True
    while more:
        more = groups.mend_everybody()
        commit()
