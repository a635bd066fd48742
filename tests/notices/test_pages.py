"""The bell, the list behind it, and what comes by mail: each person their own, and a GET changes nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from portal.core.db import commit, session
from portal.notices import services as notices
from portal.notices.kinds import BY_NAME, KINDS
from portal.notices.models import NoticePreference
from portal.notices.texts import Words
from tests.notices.conftest import rows, tell


def html(answer):
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def follow(answer):
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_the_bell_says_how_many_are_unread(app, person, sign_in):
    ada = person()
    client = sign_in(ada)
    assert 'aria-label="Notices"' in html(client.get("/learning-paths"))
    tell(ada, "joined", key="1")
    tell(ada, "joined", key="2")
    tell(person(), "joined", key="1")
    page = html(client.get("/learning-paths"))
    assert 'aria-label="Notices, 2 unread"' in page
    assert re.search(r'class="bell-count" aria-hidden="true">2<', page)


def test_a_hundred_unread_notices_fit_into_the_bell(app, person, sign_in):
    ada = person()
    for n in range(100):
        tell(ada, "joined", key=str(n))
    page = html(sign_in(ada).get("/learning-paths"))
    assert 'aria-label="Notices, 100 unread"' in page
    assert ">99+<" in page


def test_a_guest_sees_no_bell_and_no_notices(app, client):
    assert "/notices" not in html(client.get("/check-badge"))
    assert "/sign-in" in client.get("/notices").headers["Location"]


def test_an_empty_list_says_what_will_stand_there(app, person, sign_in):
    client = sign_in(person())
    assert "No notices yet" in html(client.get("/notices"))
    assert "Nothing is unread" in html(client.get("/notices?show=unread"))


def test_a_line_opens_what_it_is_about_and_becomes_read(app, person, sign_in):
    ada = person()
    tell(ada, "work_returned", url="/learning-paths", step="Essay", comment="Say more.")
    client = sign_in(ada)
    page = html(client.get("/notices"))
    assert "Your work was returned: Essay" in page
    assert "Say more." in page
    (row,) = rows()
    assert row.read_at is None, "looking at the list reads nothing"
    answer = client.submit(f"/notices/{row.public_id}/open", on="/notices")
    assert follow(answer) == "/learning-paths"
    assert rows()[0].read_at is not None
    assert "Notices, 1 unread" not in html(client.get("/notices"))


def test_reading_twice_keeps_the_first_time(app, person, sign_in, clock):
    ada = person()
    tell(ada)
    client = sign_in(ada)
    path = f"/notices/{rows()[0].public_id}/read"
    client.submit(path, on="/notices")
    first = rows()[0].read_at
    clock(datetime(2030, 1, 1, tzinfo=UTC))
    client = sign_in(ada)
    client.submit(path, on="/profile/notices")
    assert rows()[0].read_at == first


def test_marking_one_leads_back_to_the_same_part_of_the_list(app, person, sign_in):
    ada = person()
    for n in range(50):
        tell(ada, key=str(n))
    client = sign_in(ada)
    target = rows()[0].public_id
    answer = client.submit(f"/notices/{target}/read?page=3&show=unread", on="/notices")
    assert follow(answer) == "/notices?page=3&show=unread"
    assert len(re.findall('class="notice-title"', html(client.get("/notices")))) == 20
    assert follow(client.submit(f"/notices/{target}/read?page=x&show=y", on="/notices")) == "/notices"


def test_all_are_marked_as_read_at_once_and_nobody_elses(app, person, sign_in):
    ada, bob = person(), person()
    tell([ada, bob], key="1")
    tell([ada, bob], key="2")
    client = sign_in(ada)
    assert follow(client.submit("/notices/read", on="/notices")) == "/notices"
    assert notices.unread_count(ada) == 0
    assert notices.unread_count(bob) == 2
    assert "Nothing is unread" in html(client.get("/notices?show=unread"))


@pytest.mark.parametrize("verb", ["open", "read"])
def test_a_stranger_opens_nobody_elses_notice(app, person, sign_in, verb):
    tell(person())
    (row,) = rows()
    stranger = sign_in(person("administrator"))
    assert stranger.submit(f"/notices/{row.public_id}/{verb}", on="/profile/notices").status_code == 404
    assert rows()[0].read_at is None
    assert stranger.post(f"/notices/{row.public_id}/{verb}").status_code == 400, "no CSRF token"
    assert sign_in(person()).get(f"/notices/{row.public_id}/{verb}").status_code == 405


def test_a_notice_that_leads_nowhere_opens_the_list(app, person, sign_in):
    ada = person()
    tell(ada, url="")
    assert follow(sign_in(ada).submit(f"/notices/{rows()[0].public_id}/open", on="/notices")) == "/notices"


def test_hostile_words_stay_words_in_the_list(app, person, sign_in):
    ada = person(name="<b>Ada</b>")
    nasty = "<script>alert(1)</script>\"'\r\n{name}\x00"
    for kind in KINDS:
        values = {name: nasty for name in kind.values if name != "date"}
        tell(
            ada,
            kind.name,
            key=kind.name,
            **values,
            **({"date": datetime(2027, 1, 1, tzinfo=UTC)} if "date" in kind.values else {}),
        )
    client = sign_in(ada)
    for page in (html(client.get("/notices")), html(client.get("/notices?show=unread"))):
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_an_administrators_words_stand_in_the_list_too(app, person, sign_in):
    ada = person()
    notices.save_words(BY_NAME["joined"], "en", Words("Welcome to {path}, {name}", "Hello."))
    tell(ada, path="Path")
    assert f"Welcome to Path, {ada.name}" in html(sign_in(ada).get("/notices"))


def test_choices_are_kept_and_follow_the_default_where_nothing_was_chosen(app, person, sign_in):
    ada = person()
    client = sign_in(ada)
    page = html(client.get("/profile/notices"))
    assert 'name="kind_work_waiting"' not in page, "instructors alone are told of work that waits"
    assert "This always comes" in page
    everything = {f"kind_{kind.name}": "y" for kind in KINDS if not kind.kept and not kind.permission}
    del everything["kind_joined"]
    answer = client.submit("/profile/notices", {"cadence": "daily", **everything})
    assert follow(answer) == "/profile/notices"
    commit()
    assert [(row.kind, row.mail) for row in session().query(NoticePreference)] == [("joined", False)]
    assert notices.cadence_of(ada) == "daily"
    page = html(client.get("/profile/notices"))
    assert re.search(r'checked[^>]* value="daily"|value="daily"[^>]*checked|checked[^>]*id="cadence-1"', page)
    assert notices.choices_of(ada)[0].mail is False
    client.submit("/profile/notices", {"cadence": "daily", **everything, "kind_joined": "y"})
    assert notices.choices_of(ada)[0].mail is True


def test_instructors_choose_for_what_they_are_told(app, person, sign_in):
    assert 'name="kind_work_waiting"' in html(sign_in(person("instructor")).get("/profile/notices"))


@pytest.mark.parametrize("cadence", ["", "hourly", "<script>", "x" * 10_000])
def test_a_choice_that_there_is_not_is_refused_and_nothing_typed_is_lost(app, person, sign_in, cadence):
    ada = person()
    answer = sign_in(ada).submit("/profile/notices", {"cadence": cadence, "kind_overdue": "y"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert re.search(r'<input[^>]*checked[^>]*name="kind_overdue"', page)
    assert not re.search(r'<input[^>]*checked[^>]*name="kind_joined"', page)
    assert notices.cadence_of(ada) == "at_once"


def test_a_kind_that_is_kept_cannot_be_switched_off_by_a_forged_form(app, person, sign_in):
    ada = person()
    sign_in(ada).submit("/profile/notices", {"cadence": "never", "kind_certificate_revoked": ""})
    notices.stop_kind(ada, BY_NAME["certificate_revoked"])
    commit()
    (choice,) = [choice for choice in notices.choices_of(ada) if choice.kind.name == "certificate_revoked"]
    assert choice.mail
