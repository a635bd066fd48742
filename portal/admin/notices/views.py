"""The pages of Administration › Notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, flash, redirect, request
from flask import url_for as address

from portal.accounts.forms import language_choices
from portal.accounts.services import current_person
from portal.admin.blueprint import bp
from portal.admin.notices.forms import LONGEST_TEXT, KindsForm, NoticeTextForm, kinds_form
from portal.core import mail as transport
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.settings import settings
from portal.notices import services as notices
from portal.notices.kinds import BY_NAME, GROUPS, Kind
from portal.notices.placeholders import MEANINGS
from portal.notices.texts import Words
from portal.web import headers, limits
from portal.web.forms import TITLE
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.notices.writing import Written

EXAMPLES_OF_AN_ADMINISTRATOR = "30/hour"
FRAME = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"


@bp.get("/administration/notices")
@requires(Permission.ADMIN_NOTICES)
def notice_kinds() -> ResponseReturnValue:
    """List the kinds of notices with their switches."""
    states = notices.kind_states()
    return _kinds_page(kinds_form(states, asked=False), states)


@bp.post("/administration/notices")
@requires(Permission.ADMIN_NOTICES)
def save_notice_kinds() -> ResponseReturnValue:
    """Keep which kinds are told, and which go by mail where nobody chose."""
    states = notices.kind_states()
    form = kinds_form(states, asked=True)
    if not form.validate():
        return _kinds_page(form, states), 422
    for state in states:
        told, mail = form.decided(state.kind.name)
        if (told, mail) != (state.told, state.mail):
            notices.decide(state.kind, told=told, mail=mail)
    commit()
    flash(_("Saved."), "success")
    return redirect(address("admin.notice_kinds"), 303)


def _kinds_page(form: KindsForm, states: list[notices.KindState]) -> str:
    groups = [
        (label, [state for state in states if state.kind.group == group])
        for group, label in GROUPS.items()
    ]  # fmt: skip
    languages = dict(language_choices())
    return page("admin/notices.html", form=form, groups=groups, languages=languages)


@bp.get("/administration/notices/<kind_name>/<language>")
@requires(Permission.ADMIN_NOTICES)
def notice_text(kind_name: str, language: str) -> ResponseReturnValue:
    """Show the words of a kind in a language, to be changed."""
    kind = _kind(kind_name, language)
    words = notices.words_of(kind, language)
    return _text_page(kind, language, NoticeTextForm(data={"subject": words.subject, "body": words.body}))


@bp.post("/administration/notices/<kind_name>/<language>")
@requires(Permission.ADMIN_NOTICES)
def save_notice_text(kind_name: str, language: str) -> ResponseReturnValue:
    """Keep the words of a kind in a language."""
    kind = _kind(kind_name, language)
    form = NoticeTextForm()
    if not _taken(form, kind, language):
        return _text_page(kind, language, form), 422
    commit()
    flash(_("Saved."), "success")
    return redirect(address("admin.notice_text", kind_name=kind.name, language=language), 303)


def _taken(form: NoticeTextForm, kind: Kind, language: str) -> bool:
    if not form.validate():
        return False
    try:
        notices.save_words(kind, language, _words(form))
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return False
    return True


@bp.post("/administration/notices/<kind_name>/<language>/reset")
@requires(Permission.ADMIN_NOTICES)
def reset_notice_text(kind_name: str, language: str) -> ResponseReturnValue:
    """Let the portal's own words count again."""
    kind = _kind(kind_name, language)
    notices.reset_words(kind, language)
    commit()
    flash(_("The portal's own text counts again."), "success")
    return redirect(address("admin.notice_text", kind_name=kind.name, language=language), 303)


@bp.post("/administration/notices/<kind_name>/<language>/test")
@requires(Permission.ADMIN_NOTICES)
def try_notice_text(kind_name: str, language: str) -> ResponseReturnValue:
    """Mail the words as they stand in the form to whoever edits them; what was typed stays in the form."""
    kind = _kind(kind_name, language)
    form = NoticeTextForm()
    if not form.validate():
        return _text_page(kind, language, form), 422
    if not limits.allowed("test mails", EXAMPLES_OF_AN_ADMINISTRATOR, current_person().public_id):
        form.form_errors = [_("Too many test mails were asked for. Wait an hour, then try again.")]
        return _text_page(kind, language, form), 429
    try:
        mail = notices.send_example(kind, _words(form), current_person(), language)
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return _text_page(kind, language, form), 422
    commit()
    return _text_page(kind, language, form, tested=mail)


@bp.get("/administration/notices/<kind_name>/<language>/preview")
@requires(Permission.ADMIN_NOTICES)
def preview_saved_notice_text(kind_name: str, language: str) -> ResponseReturnValue:
    """Show the mail that the words which count would make: for the frame beside them."""
    kind = _kind(kind_name, language)
    return _framed(notices.example(kind, notices.words_of(kind, language), current_person(), language))


@bp.post("/administration/notices/<kind_name>/<language>/preview")
@requires(Permission.ADMIN_NOTICES)
def preview_notice_text(kind_name: str, language: str) -> ResponseReturnValue:
    """Show the mail that the words in the form would make, whether or not they could be saved."""
    kind = _kind(kind_name, language)
    form = NoticeTextForm()
    form.validate()
    return _framed(notices.example(kind, _words(form), current_person(), language))


def _framed(written: Written) -> Response:
    """Return a mail as the frame of our own page may show it: nothing in it runs or leads anywhere."""
    response = Response(written.html, content_type="text/html; charset=utf-8")
    headers.replace_policy(FRAME)
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _kind(name: str, language: str) -> Kind:
    if name not in BY_NAME or language not in settings().languages:
        abort(404)
    return BY_NAME[name]


def _words(form: NoticeTextForm) -> Words:
    return Words((form.subject.data or "")[:TITLE], (form.body.data or "")[:LONGEST_TEXT])


def _text_page(kind: Kind, language: str, form: NoticeTextForm, *, tested: Any = None) -> str:
    headers.widen("frame-src", "'self'")
    own = notices.own_words(kind, language)
    return page(
        "admin/notice_text.html",
        kind=kind,
        language=language,
        languages=language_choices(),
        form=form,
        own=own,
        meanings=[(name, MEANINGS[name]) for name in kind.placeholders],
        tested=tested,
        leaves=transport.leaves_the_house(),
        typed=request.method == "POST",
    )
