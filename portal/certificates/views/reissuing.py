"""A holder's name has changed: asking for a certificate with the new one, and issuing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for

from portal.accounts.services import current_person
from portal.certificates import services
from portal.certificates.blueprint import bp
from portal.certificates.models import Certificate
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web.forms import Form
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/certificates/<certificate:certificate>/new-name")
@requires(Permission.CERTIFICATE_NEW_NAME, "certificate")
def ask_for_new_name(certificate: Certificate) -> ResponseReturnValue:
    """Ask the instructors to issue one's certificate in one's new name."""
    try:
        services.ask_for_new_name(certificate)
    except Refused as refused:
        session().rollback()
        flash(str(refused.message), "danger")
    else:
        commit()
        flash(
            _("Your instructors are asked. You are told when the certificate with your new name is there."), "success"
        )
    return redirect(url_for("certificates.certificate", certificate=certificate), 303)


@bp.route("/certificates/<certificate:certificate>/reissue", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_REISSUE, "certificate")
def reissue(certificate: Certificate) -> ResponseReturnValue:
    """Ask, then issue a certificate anew in its holder's present name."""
    form = Form()
    if form.validate_on_submit():
        try:
            new = services.reissue(certificate, by=current_person())
        except Refused as refused:
            session().rollback()
            form.refuse(refused)
        else:
            commit()
            flash(_("The certificate with the new name is issued. The old one says that it was replaced."), "success")
            return redirect(url_for("certificates.certificate", certificate=new), 303)
    answer = page("certificates/reissue.html", certificate=certificate, form=form)
    return answer, 422 if form.errors else 200
