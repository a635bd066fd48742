"""Administration, Mail: what became of a mail, and who reads what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from config import Smtp
from portal.core.clock import now
from portal.core.db import commit, session
from portal.notices import services
from portal.notices.models import Mail
from tests.conftest import test_settings
from tests.notices.smtp_server import SmtpServer

LIST = "/administration/mail"


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
    return replace(plain, smtp=smtp)


@pytest.fixture
def admin(sign_in, member):
    return sign_in(member("administrator", address="boss@example.org"))


def write(to="ada@example.org"):
    url = "https://portal.example/invitation/a-secret-link"
    row = services.mail(
        to=to, template="invitation", language="en", name="Ada", invited_by="Bea", url=url, expires_at=now(), address=to
    )
    commit()
    return row


def newest():
    commit()
    return session().scalars(select(Mail).order_by(Mail.id.desc()).execution_options(populate_existing=True)).first()


def test_without_a_mail_server_an_administrator_reads_the_mail_and_its_link(admin):
    row = write()
    text = admin.get(LIST).get_data(as_text=True)
    assert "Mails stay here" in text
    assert "ada@example.org" in text
    text = admin.get(f"{LIST}/{row.public_id}").get_data(as_text=True)
    assert 'href="https://portal.example/invitation/a-secret-link"' in text
    assert "In the outbox" in text
    assert "Try again" not in text


def test_with_a_mail_server_no_page_shows_what_a_mail_says(admin, server, run_jobs):
    server.answer_to_recipient = "550 unknown"
    page = f"{LIST}/{write().public_id}"
    for _ in range(2):
        for address in (LIST, page):
            assert "a-secret-link" not in admin.get(address).get_data(as_text=True)
        run_jobs()
    text = admin.get(page).get_data(as_text=True)
    assert "550 unknown" in text
    assert "Failed" in text
    server.answer_to_recipient = None
    assert admin.submit(f"{page}/retry", on=page).status_code == 303
    run_jobs()
    assert newest().state == "sent"
    assert "a-secret-link" in server.mails[0].get_body(("plain",)).get_content()
    assert "a-secret-link" not in admin.get(page).get_data(as_text=True)


def test_a_mail_that_was_sent_is_not_sent_again(admin, server, run_jobs):
    page = f"{LIST}/{write().public_id}"
    run_jobs()
    token = admin.token(LIST)
    assert admin.post(f"{page}/retry", data={"csrf_token": token}).status_code == 409
    run_jobs()
    assert len(server.mails) == 1


def test_what_stood_in_the_outbox_is_hidden_once_there_is_a_mail_server_and_can_be_sent(admin, server, run_jobs):
    row = write()
    row.state = "outbox"
    commit()
    text = admin.get(f"{LIST}/{row.public_id}").get_data(as_text=True)
    assert "a-secret-link" not in text
    assert "Try again" in text
    admin.submit(f"{LIST}/{row.public_id}/retry", on=f"{LIST}/{row.public_id}")
    run_jobs()
    assert newest().state == "sent"


def test_a_test_mail_goes_where_it_is_asked_to_go(admin, server, run_jobs):
    page = admin.get(LIST).get_data(as_text=True)
    assert 'value="boss@example.org"' in page
    assert admin.submit(f"{LIST}/test", {"address": "try@example.org"}, on=LIST).status_code == 303
    run_jobs()
    assert server.mails[0]["To"] == "try@example.org"
    for address in ("", "no address", "a@example.org, b@example.org", "a@example.org\nBcc: b@example.org"):
        assert admin.submit(f"{LIST}/test", {"address": address}, on=LIST).status_code == 422
    answers = [admin.submit(f"{LIST}/test", {"address": "try@example.org"}, on=LIST).status_code for _ in range(11)]
    assert answers[-1] == 429


def test_mails_are_found_by_address_and_state_and_come_in_pages(admin):
    for n in range(25):
        write(f"n{n}@example.org")
    assert "1 to 20 of 25" in admin.get(LIST).get_data(as_text=True)
    text = admin.get(f"{LIST}?q=n24@").get_data(as_text=True)
    assert "n24@example.org" in text
    assert "n23@example.org" not in text
    assert "No mails here" in admin.get(f"{LIST}?state=sent").get_data(as_text=True)


def test_a_mail_under_a_lost_key_says_so(admin):
    row = write()
    row.text = b"not encrypted under this key"
    commit()
    assert "cannot be opened" in admin.get(f"{LIST}/{row.public_id}").get_data(as_text=True)


@pytest.mark.parametrize("role", ["learner", "instructor"])
def test_nobody_but_administrators_reads_mails(sign_in, member, role):
    row = write()
    client = sign_in(member(role))
    assert client.get(f"{LIST}/{row.public_id}").status_code == 403
    token = client.token("/profile")
    assert client.post(f"{LIST}/{row.public_id}/retry", data={"csrf_token": token}).status_code == 403
