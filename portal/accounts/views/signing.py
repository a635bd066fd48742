"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask import url_for as address
from flask_login import current_user

from portal.accounts import services
from portal.accounts.blueprint import bp
from portal.accounts.forms import SignInForm
from portal.accounts.services import passwords
from portal.accounts.session import enter, leave, own_path
from portal.core.clock import now
from portal.core.db import commit
from portal.core.i18n import _
from portal.web import limits
from portal.web.pages import page
from portal.web.stamps import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.accounts.models import Person

TRIES_OF_A_CALLER = "60/minute"
TRIES_AT_AN_ADDRESS = "10/5minutes"
WAIT_SECONDS = 300


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask who is there, and let them in; every refusal of an address and a password says the same and takes as long."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = own_path(request.args.get("next"))
        return redirect(form.next.data) if current_user.is_authenticated else page("accounts/sign_in.html", form=form)
    if not form.validate():
        return page("accounts/sign_in.html", form=form), 422
    if not _may_try(form.address.data):
        form.form_errors = [_("Too many tries. Wait five minutes, then try again, or ask for a new password.")]
        return page("accounts/sign_in.html", form=form), 429, {"Retry-After": str(WAIT_SECONDS)}
    person = _let_in(form.address.data, form.password.data)
    if person is None:
        form.form_errors = [
            _("This e-mail address and this password do not belong together. Check both and try again.")
        ]
        return page("accounts/sign_in.html", form=form), 422
    limits.forget("sign-in address", TRIES_AT_AN_ADDRESS, form.address.data)
    commit()
    enter(person, stay=form.stay.data)
    return redirect(own_path(form.next.data), 303)


def _may_try(email: str) -> bool:
    caller_may = limits.allowed("sign-in caller", TRIES_OF_A_CALLER, limits.caller())
    return limits.allowed("sign-in address", TRIES_AT_AN_ADDRESS, email) and caller_may


def _let_in(email: str, password: str) -> Person | None:
    person = services.person_by_address(email)
    commit()  # comparing takes long: nobody else waits for this transaction meanwhile
    if not passwords.fits(person.password_hash if person else None, password) or person is None or not person.active:
        return None
    if person.password_hash and passwords.out_of_date(person.password_hash):
        person.password_hash = passwords.hashed(password)
    person.last_seen_at = now()
    return person


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session."""
    leave()
    flash(_("You are signed out."), "success")
    return redirect(address("accounts.sign_in"), 303)
