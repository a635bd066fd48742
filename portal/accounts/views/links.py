"""What the mailed links lead to. Opening one only shows a form; its button does what the link is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, request
from flask import url_for as address

from portal.accounts.blueprint import bp
from portal.accounts.forms import AcceptForm, ForgotPasswordForm, NewPasswordForm
from portal.accounts.jobs import answer_wishes
from portal.accounts.services import addresses, current_person, invitations, links, passwords
from portal.accounts.services.links import Gone, Purpose
from portal.accounts.session import enter
from portal.core import jobs
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web import limits
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import public, requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.accounts.models import Person

WISHES_OF_A_CALLER = "20/10minutes"
WISHES_FOR_AN_ADDRESS = "3/hour"
OPENINGS_OF_A_CALLER = "60/minute"


@bp.errorhandler(Gone)
def _gone(_error: Gone) -> ResponseReturnValue:
    session().rollback()
    return _private((page("accounts/link_gone.html"), 410))


def _private(answer: ResponseReturnValue) -> ResponseReturnValue:
    """Keep the address of a page, which holds a secret, from every site that the page links to."""
    response = current_app.make_response(answer)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.route("/forgot-password", methods=["GET", "POST"])
@public
@limits.limit("forgot password", WISHES_OF_A_CALLER)
def forgot_password() -> ResponseReturnValue:
    """Mail a link for a new password; the answer is the same for every address."""
    form = ForgotPasswordForm()
    if request.method == "GET":
        return page("accounts/forgot_password.html", form=form)
    if not form.validate():
        return page("accounts/forgot_password.html", form=form), 422
    if limits.allowed("forgot password for", WISHES_FOR_AN_ADDRESS, form.address.data):
        invitations.wish(form.address.data)
        jobs.ring(answer_wishes)
        commit()
    flash(_("If this address has an account here, a mail with a link is on its way to it."), "success")
    return redirect(address("accounts.sign_in"), 303)


@bp.route("/new-password/<token>", methods=["GET", "POST"])
@public
@limits.limit("mailed links", OPENINGS_OF_A_CALLER)
def new_password(token: str) -> ResponseReturnValue:
    """Choose a new password with a mailed link."""
    link = links.find(token, Purpose.PASSWORD)
    form = NewPasswordForm()
    if request.method == "GET" or not _chosen(form, link.person):
        return _private(
            (page("accounts/new_password.html", form=form, person=link.person), 422 if form.refused else 200)
        )
    commit()  # hashing takes long: nobody else waits for this transaction meanwhile
    stored = passwords.hashed(form.password.data)
    invitations.change_password(link.person, stored, link)
    commit()
    enter(link.person)
    flash(_("Your password is changed, and you are signed in."), "success")
    return redirect("/", 303)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
@limits.limit("mailed links", OPENINGS_OF_A_CALLER)
def accept_invitation(token: str) -> ResponseReturnValue:
    """Accept an invitation: check the name, choose a password, and be signed in."""
    link = links.find(token, Purpose.INVITATION)
    form = AcceptForm(name=link.person.name)
    if request.method == "GET" or not _chosen(form, link.person):
        return _private((page("accounts/invitation.html", form=form, link=link), 422 if form.refused else 200))
    commit()  # hashing takes long: nobody else waits for this transaction meanwhile
    stored = passwords.hashed(form.password.data)
    person = invitations.accept(link, form.name.data, stored)
    commit()
    enter(person)
    flash(_("Welcome, %(name)s. Your account is ready.", name=person.name), "success")
    return redirect("/", 303)


def _chosen(form: NewPasswordForm | AcceptForm, person: Person) -> bool:
    if not form.validate():
        return False
    try:
        passwords.check_choice(form.password.data, person)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


@bp.route("/confirm-address/<token>", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
@limits.limit("mailed links", OPENINGS_OF_A_CALLER)
def confirm_address(token: str) -> ResponseReturnValue:
    """Confirm an address: the link proves the mailbox, the session proves the account."""
    link = links.find(token, Purpose.ADDRESS)
    if link.person_id != current_person().id or link.email_address is None:
        raise Gone
    if request.method == "GET":
        return _private(page("accounts/confirm_address.html", email=link.email_address))
    email = addresses.confirm(link)
    commit()
    flash(_("%(address)s is confirmed.", address=email.address), "success")
    return redirect(address("accounts.addresses"), 303)
