"""A mail server where a test asks for one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event, select

from config import Smtp
from portal.core.db import commit, db, session
from portal.notices import services as notices
from portal.notices.kinds import BY_NAME
from portal.notices.models import Mail, Notice
from portal.notices.placeholders import EXAMPLES
from tests.conftest import test_settings
from tests.notices.smtp_server import SmtpServer


@pytest.fixture
def server():
    with SmtpServer() as running:
        yield running
        running.shutdown()


@pytest.fixture
def settings(tmp_path, request):
    """Return settings with a mail server where the test asks for one."""
    plain = test_settings(tmp_path)
    if "server" not in request.fixturenames:
        return plain
    port = request.getfixturevalue("server").port
    smtp = Smtp(host="127.0.0.1", port=port, username="", password="", sender="laurel@portal.example", security="none")
    return replace(plain, smtp=smtp, mail_sender="laurel@portal.example")


@pytest.fixture
def statements(app):
    """Return the list of the statements that were sent to the database; clear it to begin anew."""
    heard = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            heard.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield heard
    event.remove(db.engine, "before_cursor_execute", note)


def tell(people, kind="joined", key="key", url="/learning-paths", **values):
    """Tell some people something, with examples for what is not given, and commit."""
    told = {name: str(EXAMPLES[name]) for name in BY_NAME[kind].values if name in EXAMPLES}
    people = people if isinstance(people, list) else [people]
    notices.tell([who.id for who in people], kind, key=key, url=url, **{**told, **values})
    commit()


def rows():
    """Return every notice, as it stands in the database now."""
    commit()
    return list(session().scalars(select(Notice).order_by(Notice.id).execution_options(populate_existing=True)))


def mails():
    """Return every mail, as it stands in the database now."""
    commit()
    return list(session().scalars(select(Mail).order_by(Mail.id).execution_options(populate_existing=True)))
