"""The e-mail addresses of whoever is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask import url_for as address

from portal.accounts.blueprint import bp
from portal.accounts.forms import AddAddressForm
from portal.accounts.services import addresses as services
from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web import limits
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from portal.accounts.models import EmailAddress

MAILS_OF_A_PERSON = "20/hour"
MAILS_TO_AN_ADDRESS = "5/hour"


@bp.route("/profile/addresses", methods=["GET", "POST"])
@requires(Permission.PROFILE_EDIT)
def addresses() -> ResponseReturnValue:
    """Show the addresses of the person, and add one."""
    form = AddAddressForm()
    if request.method == "GET":
        return page("accounts/addresses.html", form=form, person=current_person())
    if not form.validate():
        return page("accounts/addresses.html", form=form, person=current_person()), 422
    try:
        _count_mail(form.address.data)
        services.add(current_person(), form.address.data)
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return page("accounts/addresses.html", form=form, person=current_person()), 422
    commit()
    flash(
        _(
            "A mail with a link is on its way to %(address)s. Open the link to confirm the address.",
            address=form.address.data,
        ),
        "success",
    )
    return redirect(address("accounts.addresses"), 303)


def _count_mail(to: str) -> None:
    mine = limits.allowed("address mails by", MAILS_OF_A_PERSON, current_person().public_id)
    if not limits.allowed("address mails to", MAILS_TO_AN_ADDRESS, to) or not mine:
        raise Refused(_("Too many mails were asked for. Wait an hour, then try again."), field="address")


def _done(verb: Callable[[EmailAddress], None], email: EmailAddress, words: str) -> ResponseReturnValue:
    try:
        verb(email)
    except Refused as refusal:
        session().rollback()
        flash(str(refusal), "danger")
    else:
        commit()
        flash(words, "success")
    return redirect(address("accounts.addresses"), 303)


def _ask_again(email: EmailAddress) -> None:
    _count_mail(email.address)
    services.ask_for_proof(email)


@bp.post("/profile/addresses/<email_address:email>/resend")
@requires(Permission.PROFILE_EDIT, "email")
def resend_proof(email: EmailAddress) -> ResponseReturnValue:
    """Mail the link once more."""
    return _done(_ask_again, email, _("A new link is on its way to %(address)s.", address=email.address))


@bp.post("/profile/addresses/<email_address:email>/main")
@requires(Permission.PROFILE_EDIT, "email")
def make_primary(email: EmailAddress) -> ResponseReturnValue:
    """Make an address the main one."""
    return _done(services.make_primary, email, _("%(address)s is your main address now.", address=email.address))


@bp.post("/profile/addresses/<email_address:email>/remove")
@requires(Permission.PROFILE_EDIT, "email")
def remove_address(email: EmailAddress) -> ResponseReturnValue:
    """Remove an address."""
    return _done(services.remove, email, _("%(address)s is removed.", address=email.address))
