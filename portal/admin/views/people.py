"""Administration, People: who has an account, and what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask import url_for as address

from portal.accounts.services import current_person, erasing, invitations, links
from portal.accounts.services import people as services
from portal.admin.blueprint import bp
from portal.admin.forms import EraseForm, InviteForm, RoleForm, role_names
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web import limits
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission, Role
from portal.web.stamps import requires

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from portal.accounts.models import Person

MAILS_TO_A_PERSON = "5/hour"


@bp.get("/administration/people")
@requires(Permission.ADMIN_PEOPLE)
def people() -> ResponseReturnValue:
    """List everybody, found by name or address, by role and by state."""
    asked = {name: request.args.get(name, "") for name in ("q", "role", "state")}
    found = paginate(services.all_people(asked["q"], asked["role"], asked["state"]))
    return page("admin/people.html", people=found, asked=asked, roles=dict(role_names()))


@bp.route("/administration/people/invite", methods=["GET", "POST"])
@requires(Permission.ADMIN_PEOPLE)
def invite() -> ResponseReturnValue:
    """Invite somebody: they get a mail with a link, and choose their password themselves."""
    form = InviteForm()
    if request.method == "GET":
        return page("admin/people_invite.html", form=form)
    if not form.validate():
        return page("admin/people_invite.html", form=form), 422
    try:
        person = invitations.invite(form.name.data, form.address.data, Role(form.role.data), by=current_person())
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return page("admin/people_invite.html", form=form), 422
    commit()
    flash(_("%(name)s is invited. The mail goes to %(address)s.", name=person.name, address=person.email), "success")
    return redirect(address("admin.person", person=person), 303)


@bp.get("/administration/people/<person:person>")
@requires(Permission.ADMIN_PERSON, "person")
def person(person: Person) -> ResponseReturnValue:
    """Show one person, and what can be done."""
    return _show(person, RoleForm(role=person.role))


def _show(person: Person, form: RoleForm) -> str:
    invitation = links.pending(person, links.Purpose.INVITATION) if person.invited else None
    return page("admin/people_person.html", person=person, form=form, invitation=invitation, roles=dict(role_names()))


@bp.post("/administration/people/<person:person>/role")
@requires(Permission.ADMIN_PERSON, "person")
def set_role(person: Person) -> ResponseReturnValue:
    """Give a person another role."""
    form = RoleForm()
    if not form.validate():
        return _show(person, form), 422
    try:
        services.set_role(person, Role(form.role.data))
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return _show(person, form), 422
    commit()
    flash(_("The role of %(name)s is changed.", name=person.name), "success")
    return redirect(address("admin.person", person=person), 303)


def _done(person: Person, verb: Callable[[], None], words: str) -> ResponseReturnValue:
    try:
        verb()
    except Refused as refusal:
        session().rollback()
        flash(str(refusal), "danger")
    else:
        commit()
        flash(words, "success")
    return redirect(address("admin.person", person=person), 303)


@bp.post("/administration/people/<person:person>/deactivate")
@requires(Permission.ADMIN_PERSON, "person")
def deactivate(person: Person) -> ResponseReturnValue:
    """Close a person's account."""
    words = _("%(name)s is deactivated and can no longer sign in.", name=person.name)
    return _done(person, lambda: services.deactivate(person, by=current_person()), words)


@bp.route("/administration/people/<person:person>/erase", methods=["GET", "POST"])
@requires(Permission.ADMIN_PERSON, "person")
def erase(person: Person) -> ResponseReturnValue:
    """Erase a person on their wish: everything that names them goes for good."""
    form = EraseForm()
    if request.method == "GET":
        return page("admin/people_erase.html", person=person, form=form, refusal=_refusal(person))
    try:
        _erase(person, form)
    except Refused as refused:
        session().rollback()
        form.refuse(refused)
        return page("admin/people_erase.html", person=person, form=form, refusal=""), 422
    commit()
    flash(_("The person is erased."), "success")
    return redirect(address("admin.people"), 303)


def _erase(person: Person, form: EraseForm) -> None:
    if not form.validate():
        raise Refused(_("Nobody was erased yet."))
    if person.id == current_person().id:
        raise Refused(_("This is your own account. Delete it from your profile."))
    if form.name.data.casefold() != " ".join(person.name.split()).casefold():
        raise Refused(_("This is not the name of the person you are about to erase."), field="name")
    erasing.erase(person, revoke_badges=form.revoke_badges)


def _refusal(person: Person) -> str:
    try:
        erasing.check_erasable(person)
    except Refused as refused:
        return str(refused)
    return ""


@bp.post("/administration/people/<person:person>/reactivate")
@requires(Permission.ADMIN_PERSON, "person")
def reactivate(person: Person) -> ResponseReturnValue:
    """Open a person's account again."""
    return _done(person, lambda: services.reactivate(person), _("%(name)s can sign in again.", name=person.name))


@bp.post("/administration/people/<person:person>/invite")
@requires(Permission.ADMIN_PERSON, "person")
def invite_again(person: Person) -> ResponseReturnValue:
    """Mail the invitation once more."""

    def verb() -> None:
        _count_mail(person)
        invitations.invite_again(person, by=current_person())

    return _done(person, verb, _("A new invitation is on its way. The link in the earlier one no longer works."))


@bp.post("/administration/people/<person:person>/password")
@requires(Permission.ADMIN_PERSON, "person")
def send_password_link(person: Person) -> ResponseReturnValue:
    """Mail a link to a new password."""

    def verb() -> None:
        _count_mail(person)
        invitations.send_password_link(person)

    return _done(person, verb, _("A mail with a link to a new password is on its way."))


def _count_mail(person: Person) -> None:
    if not limits.allowed("administrators' mails to", MAILS_TO_A_PERSON, person.public_id):
        raise Refused(_("Too many mails were asked for. Wait an hour, then try again."))
