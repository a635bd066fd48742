"""Administrators with passwords, and what mails say: the fixtures of the accounts serve here too."""

from tests.accounts.conftest import link, mails, member, reread

__all__ = ["link", "mails", "member", "reread"]
