"""Notices by mail: whom they reach, what they say, and that each goes out once, whatever is killed when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.core import crypto, jobs
from portal.core.clock import now
from portal.core.db import commit, db, session
from portal.notices import posting
from portal.notices import services as notices
from portal.notices.jobs import MOST_WAITING, post_notices
from portal.notices.kinds import BY_NAME, KINDS
from portal.notices.models import Cadence, Mail, Notice, NoticePreference
from portal.notices.texts import Words
from tests.notices.conftest import mails, rows, tell

HOSTILE = (
    "Eve\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>\x00 <b>\u202eevE</b> {name} {link} %(site)s {{ 7*7 }}"
)


def text_of(mail):
    return crypto.decrypt(mail.text).decode()


def html_of(mail):
    return crypto.decrypt(mail.html).decode()


def test_a_notice_becomes_a_mail_in_its_readers_language_and_time_zone(app, person, run_jobs):
    object.__setattr__(app.extensions["laurel_settings"], "languages", ("en", "de"))
    notices.save_words(
        BY_NAME["deadline_near"],
        "de",
        Words("Fällig am {date}: {path}", "Hallo {name},\n\nbis {date} fällig.\n\n{link}"),
    )
    commit()
    moment = datetime(2027, 3, 28, 21, 59, tzinfo=UTC)
    tell(
        person(name="Ada", timezone="Europe/Berlin", language="de"), "deadline_near", path="Kurs", step="", date=moment
    )
    tell(person(name="Sam", timezone="America/New_York"), "deadline_near", path="Course", step="Test", date=moment)
    run_jobs()
    german, english = mails()
    assert german.subject == "Fällig am 28 März 2027, 23:59: Kurs"
    assert "Hallo Ada,\n\nbis 28 März 2027, 23:59 fällig." in text_of(german)
    assert english.subject == "Due on 28 March 2027, 17:59: Course"
    assert "Step: Test" in text_of(english)
    assert "https://portal.example/learning-paths" in text_of(english)
    assert all(row.state == "mailed" and row.mail_id for row in rows())


def test_a_line_whose_placeholders_are_all_empty_is_left_out(app, person, run_jobs):
    tell(person(), "work_accepted", key="1", comment="", grade="")
    tell(person(), "work_accepted", key="2", comment="Well done.", grade=87)
    run_jobs()
    bare, full = (text_of(mail) for mail in mails())
    assert "Grade" not in bare
    assert "Comment" not in bare
    assert "Grade: 87\nComment: Well done." in full


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_stands_in_text_and_html_whatever_its_values_hold(app, person, server, run_jobs, kind):
    values = dict.fromkeys(kind.values, HOSTILE)
    if "date" in values:
        values["date"] = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    tell(person(name=HOSTILE), kind.name, key=f"hostile:{kind.name}", **values)
    run_jobs()
    (mail,) = server.mails
    assert mail["Bcc"] is None
    assert mail.get_all("Subject") == [mail["Subject"]]
    assert "\n" not in mail["Subject"]
    assert len(mail["Subject"]) <= 200
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "{name} {link}" in text, "what stands in a value is no placeholder"
    assert "49" not in text
    assert "\x00" not in text
    assert html.count("https://portal.example/learning-paths") >= 2
    assert "https://portal.example/learning-paths" in text


def test_every_kind_can_do_without_its_optional_values_and_a_target(app, person, run_jobs):
    reader = person()
    for kind in KINDS:
        values = dict.fromkeys(kind.optional, "")
        if "date" in kind.values and "date" not in kind.optional:
            values["date"] = now()
        tell(reader, kind.name, key=kind.name, url="", **values)
    run_jobs()
    for mail in mails():
        assert "{" not in text_of(mail) + mail.subject
        assert "\n\n\n" not in text_of(mail)
        assert 'href=""' not in html_of(mail)


def test_the_headers_end_such_mails_in_one_click(app, person, server, run_jobs):
    tell(person(), "work_returned", key="k")
    run_jobs()
    (mail,) = server.mails
    address = mail["List-Unsubscribe"]
    assert address.startswith("<https://portal.example/notices/unsubscribe/")
    assert address.endswith(">")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.strip("<>") in mail.get_body(("plain",)).get_content()
    (row,) = mails()
    assert (row.text, row.html, row.unsubscribe) == (None, None, None)


def test_a_mail_that_cannot_be_switched_off_says_why_and_offers_no_way_out(app, person, server, run_jobs):
    ada = person()
    notices.set_cadence(ada, Cadence.NEVER)
    tell(ada, "certificate_revoked", key="k")
    run_jobs()
    (mail,) = server.mails
    assert mail["List-Unsubscribe"] is None
    assert "cannot be switched off" in mail.get_body(("plain",)).get_content()


def test_what_somebody_does_not_want_by_mail_stands_in_the_portal_alone(app, person, run_jobs):
    ada, bob = person(), person()
    notices.stop_kind(ada, BY_NAME["joined"])
    tell([ada, bob], "joined")
    tell([ada, bob], "achieved", key="other")
    run_jobs()
    assert [(row.person_id, row.kind, row.state) for row in rows()] == [
        (ada.id, "joined", "quiet"), (bob.id, "joined", "mailed"), (ada.id, "achieved", "mailed"), (bob.id, "achieved", "mailed"),
    ]  # fmt: skip
    assert len(mails()) == 3


def test_an_administrators_default_counts_where_nobody_chose(app, person, run_jobs):
    ada, bob = person(), person()
    notices.decide(BY_NAME["joined"], told=True, mail=False)
    session().add(NoticePreference(person_id=bob.id, kind="joined", mail=True))
    tell([ada, bob], "joined")
    run_jobs()
    assert [row.state for row in rows()] == ["quiet", "mailed"]


def test_nobody_without_a_verified_address_or_with_a_closed_account_is_written_to(app, person, run_jobs):
    closed, unproved = person(active=False), person()
    unproved.addresses[0].verified_at = unproved.addresses[0].verified_address = None
    tell([closed, unproved], "joined")
    run_jobs()
    assert [row.state for row in rows()] == ["quiet", "quiet"]
    assert mails() == []


def test_a_worker_killed_before_it_wrote_the_mails_loses_none(app, person, server, run_jobs, clock):
    people = [person() for _ in range(3)]
    tell(people, "joined")
    taken = jobs.claim(Notice, limit=100, seconds=300)
    posting.post(taken)
    session().rollback()  # and here the process ends, before anything is committed
    db.session.remove()
    run_jobs()
    assert server.mails == [], "the lease of the killed worker still runs"
    clock(now() + timedelta(seconds=301))
    run_jobs()
    assert len(server.mails) == 3
    assert {mail["Message-ID"] for mail in server.mails} == {
        f"<notice.{row.public_id}@portal.example>" for row in rows()
    }


def test_a_worker_that_was_slow_does_not_write_a_mail_that_another_has_written(app, person, run_jobs, clock):
    tell(person(), "joined")
    slow = jobs.claim(Notice, limit=100, seconds=300)
    session().expunge_all()
    clock(now() + timedelta(seconds=301))
    run_jobs()
    assert len(mails()) == 1
    posting.post(slow)
    commit()
    assert len(mails()) == 1
    assert [row.state for row in rows()] == ["mailed"]


def test_a_mail_killed_after_the_server_took_it_comes_again_under_the_notices_own_message_id(
    app, person, server, run_jobs, clock
):
    tell(person(), "joined")
    server.after_taking = lambda: (_ for _ in ()).throw(ConnectionAbortedError)
    run_jobs()
    server.after_taking = None
    clock(now() + timedelta(minutes=2))
    run_jobs()
    assert len(server.mails) == 2
    assert len({mail["Message-ID"] for mail in server.mails}) == 1
    assert server.mails[0]["Message-ID"] == f"<notice.{rows()[0].public_id}@portal.example>"


def test_thousands_of_notices_leave_room_for_somebodys_link(app, person, server):
    people = [person().id for _ in range(3)]
    for n in range(MOST_WAITING // 3 + 60):
        notices.tell(people, "joined", key=f"k{n}", path="Path", by="")
    commit()
    post_notices()
    waiting = session().query(Mail).filter_by(state="due").count()
    assert MOST_WAITING <= waiting < MOST_WAITING + 100
    assert session().query(Notice).filter_by(state="due").count() > 0


def test_what_waited_for_room_goes_out_as_soon_as_there_is_some(app, person, server, run_jobs):
    people = [person().id for _ in range(3)]
    for n in range(100):
        notices.tell(people, "joined", key=f"k{n}", path="Path", by="")
    commit()
    run_jobs()
    assert len(server.mails) == 300
    assert {row.state for row in rows()} == {"mailed"}


def test_a_kind_that_is_no_more_stops_nothing(app, person, run_jobs):
    ada = person()
    session().add(Notice(person_id=ada.id, kind="of_an_older_version", key="old"))
    tell(ada, "joined")
    run_jobs()
    assert [row.state for row in rows()] == ["quiet", "mailed"]
    assert notices.unread_count(ada) == 1
