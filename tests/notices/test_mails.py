"""Mails: written in their reader's language, kept until they have left, sent at least once and recognisably so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.core import i18n, jobs
from portal.core import mail as transport
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.core.errors import Refused
from portal.notices import services
from portal.notices.models import Mail


def write(name="Ada", **more):
    row = services.mail(to="ada@example.org", template="test", language="en", name=name, **more)
    commit()
    return row.id


def read(number):
    commit()
    return session().get(Mail, number, populate_existing=True)


def test_without_a_mail_server_a_mail_stands_in_the_outbox(app, run_jobs):
    number = write()
    run_jobs()
    row = read(number)
    assert (row.state, row.subject) == ("outbox", "Test mail of Laurel")
    assert services.text_of(row).startswith("Hello Ada,\n\nThis is a test.")
    with pytest.raises(Refused):
        services.retry(row)


def test_what_a_mail_says_is_encrypted_where_it_lies(app):
    row = read(write("Ada Lovelace"))
    assert b"Ada" not in row.text
    assert b"Lovelace" not in row.html


def test_a_mail_leaves_by_the_mail_server_and_its_text_is_erased(app, server, run_jobs):
    number = write()
    run_jobs()
    row = read(number)
    assert (row.state, row.text, row.html, row.last_error) == ("sent", None, None, None)
    assert row.sent_at is not None
    (mail,) = server.mails
    assert mail["To"] == "ada@example.org"
    assert mail["From"] == "laurel@portal.example"
    assert mail["Message-ID"] == row.message_id
    assert row.message_id.endswith("@portal.example>")
    assert "This is a test" in mail.get_body(("plain",)).get_content()
    assert "<p" in mail.get_body(("html",)).get_content()
    with pytest.raises(Refused):
        services.text_of(row)
    with pytest.raises(Refused):
        services.retry(row)


def test_a_mail_server_that_is_down_is_asked_again_after_1_5_30_and_120_minutes(app, server, run_jobs, clock):
    server.answer_to_recipient = "451 later"
    begin = datetime(2027, 1, 4, 9, tzinfo=UTC)
    clock(begin)
    number = write()
    run_jobs()
    for wait in (1, 5, 30, 120):
        row = read(number)
        assert (row.state, row.lease) == ("due", None), row.last_error
        assert abs(row.not_before - now() - timedelta(minutes=wait)) <= timedelta(seconds=2)
        before = server.connections
        run_jobs()
        assert server.connections == before
        begin = row.not_before + timedelta(seconds=1)
        clock(begin)
        run_jobs()
    row = read(number)
    assert (row.state, row.attempts) == ("failed", 5)
    assert "451 later" in row.last_error
    server.answer_to_recipient = None
    services.retry(row)
    commit()
    run_jobs()
    assert read(number).state == "sent"
    assert len(server.mails) == 1


def test_an_address_that_the_server_refuses_for_good_is_not_tried_again(app, server, run_jobs):
    server.answer_to_recipient = "550 no such person"
    number = write()
    run_jobs()
    row = read(number)
    assert (row.state, row.attempts) == ("failed", 1)
    assert "no such person" in row.last_error


def test_a_mail_killed_after_the_server_took_it_is_sent_again_under_the_same_message_id(app, server, run_jobs, clock):
    number = write()
    (row,) = jobs.claim(Mail, limit=1, seconds=300)
    commit()
    message = transport.compose(
        to=row.to_address, subject=row.subject, text="text", html="<p>text</p>", message_id=row.message_id
    )
    transport.deliver(message)  # and here the process ends, before anything is recorded
    db.session.remove()
    run_jobs()
    assert len(server.mails) == 1, "the lease of the killed worker still runs"
    clock(now() + timedelta(seconds=301))
    run_jobs()
    assert read(number).state == "sent"
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_a_rolled_back_mail_is_never_sent(app, server, run_jobs):
    services.mail(to="ada@example.org", template="test", language="en", name="Ada")
    session().rollback()
    run_jobs()
    assert server.connections == 0


def test_a_name_cannot_add_a_header_or_a_mark_to_a_mail(app, server, run_jobs):
    hostile = "Eve\r\nBcc: all@example.org\x00 <b>\u202eevE</b>"
    services.mail(
        to="ada@example.org", template="invitation", language="en", name=hostile, invited_by=hostile,
        url="https://portal.example/", expires_at=now(), address="ada@example.org",
    )  # fmt: skip
    commit()
    run_jobs()
    (mail,) = server.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "You are invited to Laurel"
    html = mail.get_body(("html",)).get_content()
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_a_subject_is_one_line_whatever_the_site_is_called(app, server, run_jobs):
    with app.app_context():
        object.__setattr__(app.extensions["laurel_settings"], "site_name", "Lau\r\nBcc: all@example.org\r\nrel")
        write()
    run_jobs()
    (mail,) = server.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Test mail of Lau"


def test_the_language_of_a_mail_does_not_leak_into_the_page_being_made(app):
    object.__setattr__(app.extensions["laurel_settings"], "languages", ("en", "de"))
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert i18n.language() == "en"
        with i18n.speaking("de", "Asia/Tokyo"):
            assert i18n.language() == "de"
            assert i18n.date_time(datetime(2027, 1, 4, 9, tzinfo=UTC)) == "4 Januar 2027, 18:00"
        assert i18n.language() == "en"
        assert i18n.date_time(datetime(2027, 1, 4, 9, tzinfo=UTC)) == "4 January 2027, 09:00"


@pytest.mark.parametrize("name", ["李小龍", "محمد عبد الله", "Zoë 🌿", 'o\'Neil & "Sons" <script>'])
def test_names_of_all_scripts_arrive_as_they_are(app, server, run_jobs, name):
    write(name)
    run_jobs()
    (mail,) = server.mails
    assert f"Hello {name}," in mail.get_body(("plain",)).get_content()
    assert "<script>" not in mail.get_body(("html",)).get_content()


def test_a_lost_key_fails_the_mail_in_plain_words(app, server, run_jobs):
    number = write()
    read(number).text = b"not encrypted under this key"
    commit()
    run_jobs()
    row = read(number)
    assert row.state == "failed"
    assert "LAUREL_ENCRYPTION_KEY" in row.last_error
