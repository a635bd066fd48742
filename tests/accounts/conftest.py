"""People with passwords, and what mails say."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from portal.accounts.services import passwords
from portal.core import crypto
from portal.core.db import commit, session
from portal.notices.models import Mail

PASSWORD = "a quiet harbour at dawn"


@pytest.fixture
def member(person):
    """Return a maker of people with a password."""

    def make(role="learner", **values):
        who = person(role, **values)
        passwords.store(who, passwords.hashed(PASSWORD))
        commit()
        return who

    return make


@pytest.fixture
def mails(app):
    """Return a function that reads the mails written so far: (to, template, text), oldest first."""

    def read():
        commit()
        rows = session().scalars(select(Mail).order_by(Mail.id).execution_options(populate_existing=True))
        return [(row.to_address, row.template, crypto.decrypt(row.text).decode()) for row in rows]

    return read


@pytest.fixture
def link(mails):
    """Return a function that finds the path of the link in the newest mail of a kind."""

    def find(template):
        text = [text for _to, kind, text in mails() if kind == template][-1]
        return re.search(r"https://portal\.example(/\S{40,})", text)[1]

    return find


@pytest.fixture
def reread(app):
    """Return a function that reads a row anew."""

    def read(row):
        commit()
        return session().get(type(row), row.id, populate_existing=True)

    return read
