"""What a person says of themselves, and their password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask import url_for as address

from portal.accounts.blueprint import bp
from portal.accounts.forms import ChangePasswordForm, LanguageForm, ProfileForm
from portal.accounts.services import current_person, invitations, passwords
from portal.accounts.session import keep
from portal.core import i18n, ids, pictures
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web import limits
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.accounts.models import Person

PICTURE_RULES = pictures.PictureRules(formats=pictures.COVER_RULES.formats, field="picture")
TRIES_AT_THE_PRESENT_PASSWORD = "10/5minutes"  # noqa: S105 - a rate


@bp.route("/profile", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def profile() -> ResponseReturnValue:
    """Show and change name, picture, language and time zone."""
    person = current_person()
    form = ProfileForm(obj=None if request.method == "POST" else person)
    if request.method == "GET":
        return page("accounts/profile.html", form=form)
    if not form.validate() or not _picture_taken(form, person):
        session().rollback()
        return page("accounts/profile.html", form=form), 422
    person.name = form.name.data
    _settle(person, form)
    commit()
    return _saved("accounts.profile")


def _picture_taken(form: ProfileForm, person: Person) -> bool:
    if not form.picture.data:
        return True
    try:
        person.picture_key = pictures.keep(pictures.check(form.picture.data.read(), PICTURE_RULES))
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


def _settle(person: Person, form: LanguageForm) -> None:
    person.language = form.language.data
    person.timezone = form.timezone.data


def _saved(endpoint: str) -> ResponseReturnValue:
    i18n.speak(current_person().language)
    flash(_("Saved."), "success")
    return redirect(address(endpoint), 303)


@bp.post("/profile/picture/remove")
@requires(Permission.PROFILE_EDIT)
def remove_picture() -> ResponseReturnValue:
    """Show the initials again in place of a picture."""
    current_person().picture_key = None
    commit()
    flash(_("The picture is removed."), "success")
    return redirect(address("accounts.profile"), 303)


@bp.route("/profile/language", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def language() -> ResponseReturnValue:
    """Choose language and time zone."""
    person = current_person()
    form = LanguageForm(obj=None if request.method == "POST" else person)
    if request.method == "GET":
        return page("accounts/language.html", form=form)
    if not form.validate():
        return page("accounts/language.html", form=form), 422
    _settle(person, form)
    commit()
    return _saved("accounts.language")


@bp.route("/profile/password", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def password() -> ResponseReturnValue:
    """Change the password: every other session ends, this one goes on."""
    person = current_person()
    form = ChangePasswordForm()
    if request.method == "GET":
        return page("accounts/password.html", form=form)
    if not form.validate():
        return page("accounts/password.html", form=form), 422
    if not limits.allowed("present password", TRIES_AT_THE_PRESENT_PASSWORD, person.public_id):
        form.form_errors = [_("Too many tries. Wait five minutes, then try again.")]
        return page("accounts/password.html", form=form), 429, {"Retry-After": "300"}
    commit()  # comparing and hashing take long: nobody else waits for this transaction meanwhile
    if not _may_change(form, person):
        return page("accounts/password.html", form=form), 422
    stored = passwords.hashed(form.password.data)
    invitations.change_password(person, stored)
    commit()
    keep(person)
    flash(_("Your password is changed. Everywhere else you have to sign in again."), "success")
    return redirect(address("accounts.password"), 303)


def _may_change(form: ChangePasswordForm, person: Person) -> bool:
    if not passwords.fits(person.password_hash, form.current.data):
        form.refuse(Refused(_("This is not your present password."), field="current"))
        return False
    try:
        passwords.check_choice(form.password.data, person)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


@bp.post("/profile/sign-out-elsewhere")
@requires(Permission.PROFILE_EDIT)
def sign_out_elsewhere() -> ResponseReturnValue:
    """End every other session of the person."""
    person = current_person()
    person.session_epoch = ids.public_id()
    commit()
    keep(person)
    flash(_("You are signed out everywhere else."), "success")
    return redirect(address("accounts.password"), 303)
