"""Awards, for those who look after them: see what was given, and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, request, url_for

from portal.accounts.services import current_person
from portal.badges import services
from portal.badges.blueprint import bp
from portal.badges.forms import RevokeForm
from portal.badges.models import Award
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, ngettext
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST = 200


@bp.get("/badges/awards")
@requires(Permission.AWARD_REVOKE)
def awards() -> ResponseReturnValue:
    """List the awards that somebody looks after."""
    return _page(RevokeForm(formdata=None))


@bp.get("/badges/awards/<award:award>")
@requires(Permission.AWARD_REVOKE, "award")
def looked_after(award: Award) -> ResponseReturnValue:
    """Show one award to somebody who looks after it: whose it is, where it stands, and to which addresses it went."""
    return page("badges/looked_after.html", award=award, rebindings=services.rebindings_of(award))


@bp.post("/badges/awards")
@requires(Permission.AWARD_REVOKE)
def revoke_awards() -> ResponseReturnValue:
    """Take the chosen awards back, and tell their holders."""
    form = RevokeForm()
    chosen = list(dict.fromkeys(form.chosen.data or []))[:MOST]
    rows = list(session().scalars(services.kept_by(current_person()).where(Award.public_id.in_(chosen))))
    if len(rows) != len(chosen):
        abort(404)
    valid = form.validate_on_submit()
    if not chosen:
        form.chosen.errors = [_("Tick the badges that are to be revoked.")]
        valid = False
    if not valid:
        return _page(form), 422
    try:
        ended = services.revoke_and_tell(rows, reason=form.reason.data, by=current_person())
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return _page(form), 422
    commit()
    flash(ngettext("%(num)d badge was revoked.", "%(num)d badges were revoked.", ended), "success")
    return redirect(url_for("badges.awards", q=request.args.get("q") or None), 303)


def _page(form: RevokeForm) -> str:
    text = request.args.get("q", "")[:200]
    found = paginate(services.kept_by(current_person(), text))
    return page("badges/awards.html", form=form, found=found, text=text, chosen=set(form.chosen.data or []))
