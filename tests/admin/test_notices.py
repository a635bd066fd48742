"""Administration, Notices: which are told, and in which words."""

from __future__ import annotations

import re

import pytest

from portal.core import crypto
from portal.core.db import commit, session
from portal.notices import services as notices
from portal.notices.kinds import BY_NAME, KINDS
from portal.notices.models import Mail, NoticeKindSetting, NoticeText

PATH = "/administration/notices/work_returned/en"
KIND = BY_NAME["work_returned"]
OWN = {"subject": "Please look again: {step}", "body": "Dear {name},\n\n{comment}\n\n{link}"}
NON_LATIN = {"subject": "作业被退回：{step}", "body": "{name} 你好，\n\nמשוב: {comment} · ردّ · отзыв 🌿\n\n{link}"}


@pytest.fixture
def admin(person, sign_in):
    """Return a client that is signed in as an administrator."""
    return sign_in(person("administrator", name="Nadia Haddad"))


def html(answer, status=200):
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def own_text():
    commit()
    return session().query(NoticeText).one_or_none()


def switches(**changes):
    """Return the form with everything as it is by default, and some switches changed."""
    data = {f"told_{kind.name}": "y" for kind in KINDS} | {f"mail_{kind.name}": "y" for kind in KINDS if not kind.kept}
    for name, on in changes.items():
        if not on:
            data.pop(name)
    return data


@pytest.mark.parametrize("role", ["learner", "instructor"])
def test_nobody_else_words_notices(app, person, sign_in, role):
    client = sign_in(person(role))
    token = client.token("/profile/notices")
    for path in ("/administration/notices", PATH, f"{PATH}/preview"):
        assert client.get(path).status_code == 403
    for path in ("/administration/notices", PATH, f"{PATH}/preview", f"{PATH}/test", f"{PATH}/reset"):
        assert client.post(path, data={"csrf_token": token, **OWN}).status_code == 403
    assert own_text() is None


@pytest.mark.parametrize("path", ["/administration/notices/nothing/en", "/administration/notices/joined/xx"])
def test_a_kind_or_a_language_that_there_is_not_leads_nowhere(admin, path):
    token = admin.token("/administration/notices")
    assert admin.get(path).status_code == 404
    assert admin.get(path + "/preview").status_code == 404
    assert admin.post(path, data={"csrf_token": token, **OWN}).status_code == 404


def test_the_list_shows_every_kind_with_its_switches(admin):
    page = html(admin.get("/administration/notices"))
    for kind in KINDS:
        assert f'name="told_{kind.name}"' in page
        assert (f'name="mail_{kind.name}"' in page) is not kind.kept
    assert 'name="mail_certificate_revoked"' not in page


def test_switches_are_kept_and_only_what_differs_is_written_down(admin):
    answer = admin.submit("/administration/notices", switches(told_joined=False, mail_overdue=False))
    assert answer.status_code == 303
    commit()
    assert {(row.kind, row.told, row.mail) for row in session().query(NoticeKindSetting)} == {
        ("joined", False, True), ("overdue", True, False),
    }  # fmt: skip
    page = html(admin.get("/administration/notices"))
    assert not re.search(r'<input[^>]*checked[^>]*name="told_joined"', page)
    assert re.search(r'<input[^>]*checked[^>]*name="told_overdue"', page)
    admin.submit("/administration/notices", switches())
    assert all(state.told and state.mail for state in notices.kind_states())


def test_own_words_count_until_they_are_reset(admin):
    page = html(admin.get(PATH))
    assert "Your work was returned: {step}" in page
    assert "Reset to the default text" not in page
    assert admin.submit(PATH, OWN).status_code == 303
    text = own_text()
    assert (text.subject, text.body) == (OWN["subject"], OWN["body"])
    page = html(admin.get(PATH))
    assert "Please look again: {step}" in page
    assert "Own text: English" in html(admin.get("/administration/notices"))
    assert admin.submit(f"{PATH}/reset", on=PATH).status_code == 303
    assert own_text() is None
    assert "Your work was returned: {step}" in html(admin.get(PATH))


def test_the_portals_own_words_are_not_kept_a_second_time(admin):
    admin.submit(PATH, OWN)
    admin.submit(PATH, {"subject": str(KIND.subject), "body": str(KIND.body).replace("\n", "\r\n")})
    assert own_text() is None


def test_words_of_every_script_are_kept_as_they_are(admin):
    assert admin.submit(PATH, NON_LATIN).status_code == 303
    text = own_text()
    assert (text.subject, text.body) == (NON_LATIN["subject"], NON_LATIN["body"])
    assert "你好" in html(admin.get(f"{PATH}/preview"))


@pytest.mark.parametrize(
    ("field", "words", "said"),
    [
        ("subject", "", "Fill in this field."),
        ("subject", " \r\n\t ", "Fill in this field."),
        ("subject", "x" * 201, "Use at most 200 characters here."),
        ("subject", "For {nobody}", "Nothing can be put in for {nobody} here."),
        ("subject", "{ step }", "Nothing can be put in for { step } here."),
        ("body", "", "Fill in this field."),
        ("body", "x" * 5001, "Use at most 5000 characters here."),
        ("body", "{grade} {step} {__class__}", "Nothing can be put in for {grade}, {__class__} here."),
        ("body", "{0.password} {}", "Nothing can be put in for {0.password}, {} here."),
        ("body", "<b>{<script>}</b>", "Nothing can be put in for {&lt;script&gt;} here."),
    ],
)
def test_words_that_cannot_be_kept_are_refused_beside_their_field_and_stay_in_the_form(admin, field, words, said):
    typed = {**OWN, field: words}
    answer = admin.submit(PATH, typed)
    page = html(answer, 422)
    assert said in page
    assert f'id="{field}-errors"' in page
    other = "body" if field == "subject" else "subject"
    assert OWN[other].split("\n")[0] in page
    assert "<script>}" not in page
    assert own_text() is None


def test_the_preview_shows_what_is_typed_whether_or_not_it_can_be_kept(admin):
    answer = admin.submit(
        f"{PATH}/preview", {"subject": "x", "body": "Dear {name},\n\n{comment} {nobody}\n\n{link}"}, on=PATH
    )
    page = html(answer)
    assert "Dear Nadia Haddad," in page
    assert "Please say more about the second case." in page
    assert "{nobody}" in page
    assert "Open your work" in page
    assert own_text() is None
    assert html(admin.submit(f"{PATH}/preview", {"subject": "", "body": ""}, on=PATH))


def test_nothing_runs_in_a_preview_and_only_our_own_page_frames_it(admin):
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)> {name}"
    answer = admin.submit(f"{PATH}/preview", {"subject": nasty, "body": nasty}, on=PATH)
    page = html(answer)
    assert "<script" not in page
    assert "<img" not in page
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in admin.get(PATH).headers["Content-Security-Policy"]
    assert "frame-src" not in admin.get("/administration/notices").headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_can_be_worded_and_previewed(admin, kind):
    path = f"/administration/notices/{kind.name}/en"
    page = html(admin.get(path))
    for name in kind.placeholders:
        assert f"<code>{{{name}}}</code>" in page
    assert "{" not in html(admin.get(f"{path}/preview"))


def test_a_test_mail_holds_what_is_typed_and_saves_nothing(admin):
    page = html(admin.submit(f"{PATH}/test", OWN, on=PATH))
    assert "nothing was saved" in page
    assert "Please look again: {step}" in page
    (mail,) = session().query(Mail)
    assert mail.subject == "Please look again: Bandaging a wound"
    assert crypto.decrypt(mail.text).decode().startswith("Dear Nadia Haddad,\n\nPlease say more about the second case.")
    assert f"/administration/mail/{mail.public_id}" in page
    assert own_text() is None


def test_a_test_mail_of_words_that_are_missing_is_refused(admin):
    assert "Fill in this field." in html(admin.submit(f"{PATH}/test", {**OWN, "body": ""}, on=PATH), 422)
    assert session().query(Mail).count() == 0


def test_test_mails_are_not_without_end(admin):
    answers = [admin.submit(f"{PATH}/test", OWN, on=PATH).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_each_language_has_its_own_words(app, admin):
    object.__setattr__(app.extensions["laurel_settings"], "languages", ("en", "de"))
    german = "/administration/notices/work_returned/de"
    assert "Deutsch" in html(admin.get(PATH))
    admin.submit(german, {"subject": "Zurück: {step}", "body": "Hallo {name}\n\n{link}"})
    assert own_text().language == "de"
    assert "Your work was returned: {step}" in html(admin.get(PATH))
    assert "Zurück: {step}" in html(admin.get(german))
