"""Delete your account: what goes and what stays, and then the password once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask import url_for as address

from portal.accounts.blueprint import bp
from portal.accounts.forms import DeleteAccountForm, ErasureForm
from portal.accounts.services import current_person, erasing, passwords
from portal.accounts.session import leave
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

TRIES = "10/5minutes"


@bp.get("/profile/delete")
@requires(Permission.PROFILE_EDIT)
def delete_account() -> ResponseReturnValue:
    """Say what goes and what stays with an account, and ask what becomes of the badges."""
    return page("accounts/delete.html", form=ErasureForm(formdata=None), refusal=_refusal(current_person()))


def _refusal(person: Person) -> str:
    try:
        erasing.check_erasable(person)
    except Refused as refused:
        return str(refused)
    return ""


@bp.route("/profile/delete/confirm", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def confirm_delete_account() -> ResponseReturnValue:
    """Ask for the password, and delete the account."""
    person = current_person()
    form = DeleteAccountForm(badges=request.args.get("badges"))
    if request.method == "GET":
        form.badges.data = form.badges.data if form.badges.data in dict(form.badges.choices) else "keep"
        return page("accounts/delete_confirm.html", form=form)
    if not form.validate():
        return page("accounts/delete_confirm.html", form=form), 422
    if not limits.allowed("present password", TRIES, person.public_id):
        form.form_errors = [_("Too many tries. Wait five minutes, then try again.")]
        return page("accounts/delete_confirm.html", form=form), 429, {"Retry-After": "300"}
    commit()  # comparing takes long: nobody else waits for this transaction meanwhile
    if not passwords.fits(person.password_hash, form.current.data):
        form.refuse(Refused(_("This is not your present password."), field="current"))
        return page("accounts/delete_confirm.html", form=form), 422
    try:
        erasing.erase(person, revoke_badges=form.revoke_badges)
    except Refused as refused:
        session().rollback()
        form.form_errors = [str(refused)]
        return page("accounts/delete_confirm.html", form=form), 422
    commit()
    leave()
    flash(_("Your account is deleted. What was personal in it is gone."), "success")
    return redirect(address("accounts.sign_in"), 303)
