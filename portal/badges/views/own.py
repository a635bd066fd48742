"""A person's own awards: every form to take along, another address, and the end of publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, url_for
from sqlalchemy.orm import joinedload

from portal.accounts.services import current_person, verified_addresses
from portal.badges import addresses, services
from portal.badges.blueprint import bp
from portal.badges.forms import IdentifierForm, RebindForm
from portal.badges.forms_of_an_award import forms_of
from portal.badges.models import Award
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web.forms import Form
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue


@bp.get("/badges/mine")
@requires(Permission.AWARD_MANAGE_OWN)
def mine() -> ResponseReturnValue:
    """List what the person was given."""
    statement = services.awards_of(current_person()).options(joinedload(Award.badge_class))
    return page("badges/mine.html", found=paginate(statement))


@bp.get("/badges/mine/<award:award>")
@requires(Permission.AWARD_MANAGE_OWN, "award")
def own(award: Award) -> ResponseReturnValue:
    """Show one award to its holder."""
    return _page(award, _form(award))


@bp.post("/badges/mine/<award:award>/address")
@requires(Permission.AWARD_MANAGE_OWN, "award")
def rebind(award: Award) -> ResponseReturnValue:
    """Give the award anew to another verified address of its holder."""
    form = _form(award)
    if not form.validate_on_submit():
        return _page(award, form), 422
    chosen = next((one for one in verified_addresses(current_person()) if one.public_id == form.address.data), None)
    if chosen is None:
        abort(404)
    fresh = services.rebind(award, chosen, by=current_person())
    commit()
    flash(_("The badge was given anew to %(address)s.", address=chosen.address), "success")
    return redirect(url_for("badges.own", award=fresh), 303)


@bp.get("/badges/mine/<award:award>/withdraw")
@requires(Permission.AWARD_MANAGE_OWN, "award")
def ask_withdraw(award: Award) -> ResponseReturnValue:
    """Ask whether the publication is really to end."""
    return page("badges/withdraw.html", award=award, form=Form(formdata=None))


@bp.post("/badges/mine/<award:award>/withdraw")
@requires(Permission.AWARD_MANAGE_OWN, "award")
def withdraw(award: Award) -> ResponseReturnValue:
    """End the publication of the award."""
    services.withdraw(award)
    commit()
    flash(_("The badge is not public any more."), "success")
    return redirect(url_for("badges.own", award=award), 303)


@bp.post("/badges/mine/<award:award>/accept")
@requires(Permission.AWARD_MANAGE_OWN, "award")
def accept(award: Award) -> ResponseReturnValue:
    """Take a badge that was offered: from now on it is public."""
    return _answered(award, services.accept, _("The badge is yours. Everybody who has its address can check it now."))


@bp.post("/badges/mine/<award:award>/decline")
@requires(Permission.AWARD_MANAGE_OWN, "award")
def decline(award: Award) -> ResponseReturnValue:
    """Refuse a badge that was offered: nothing of it becomes public."""
    return _answered(award, services.decline, _("You have declined the badge. Nothing of it is public."))


def _answered(award: Award, verb: Callable[[Award], Award], words: str) -> ResponseReturnValue:
    if not Form().validate_on_submit():
        abort(400)
    try:
        verb(award)
    except Refused as refused:
        session().rollback()
        flash(str(refused), "danger")
    else:
        commit()
        flash(words, "success")
    return redirect(url_for("badges.own", award=award), 303)


@bp.route("/badges/mine/identifier", methods=["GET", "POST"])
@requires(Permission.AWARD_MANAGE_OWN)
def identifier() -> ResponseReturnValue:
    """Let the person say their own decentralised identifier, or take it back."""
    person = current_person()
    form = IdentifierForm(did=services.own_identifier(person))
    if not form.validate_on_submit():
        answer = page("badges/identifier.html", form=form)
        return answer, 422 if form.errors else 200
    try:
        services.say_identifier(person, str(form.did.data or ""))
    except Refused as refused:
        session().rollback()
        form.refuse(refused)
        return page("badges/identifier.html", form=form), 422
    commit()
    flash(_("Saved."), "success")
    return redirect(url_for("badges.identifier"), 303)


def _form(award: Award) -> RebindForm:
    form = RebindForm()
    others = [one for one in verified_addresses(current_person()) if one.address != award.recipient_address]
    form.address.choices = [(one.public_id, one.address) for one in others]
    return form


def _page(award: Award, form: RebindForm) -> str:
    return page(
        "badges/own.html",
        award=award,
        badge=award.badge_class,
        form=form,
        forms=forms_of(award),
        address=addresses.assertion(award.public_id),
        rebindings=services.rebindings_of(award),
    )
