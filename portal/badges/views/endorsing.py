"""Endorsements by other issuers: kept by those who look after a badge, read by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, redirect, url_for

from portal.accounts.services import current_person
from portal.badges import addresses, services
from portal.badges.blueprint import bp
from portal.badges.forms import EndorsementForm
from portal.badges.models import BadgeClass, Endorsement
from portal.badges.services import endorsements
from portal.badges.views import answers
from portal.badges.views.answers import JOSE, JSON, LD_JSON, VC, VC_JWT
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web.badge_checks import spoken
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import public, requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

RATE = "20/minute"
_KINDS = {"hosted": LD_JSON, "signed": JOSE, "data-integrity": VC, "jwt": VC_JWT}


@bp.get("/badges/classes/<badge_class:badge>/endorsements")
@requires(Permission.BADGE_ENDORSE, "badge")
def class_endorsements(badge: BadgeClass) -> ResponseReturnValue:
    """Show what others say of a badge, to those who look after it."""
    return _page(badge, EndorsementForm(formdata=None))


@bp.post("/badges/classes/<badge_class:badge>/endorsements")
@requires(Permission.BADGE_ENDORSE, "badge")
@limit("endorsement", RATE)
def add_to_class(badge: BadgeClass) -> ResponseReturnValue:
    """Check an endorsement of a badge and keep it."""
    return _add(badge)


@bp.get("/badges/issuer/endorsements")
@requires(Permission.ADMIN_OPEN_BADGES)
def issuer_endorsements() -> ResponseReturnValue:
    """Show what others say of the issuer."""
    return _page(None, EndorsementForm(formdata=None))


@bp.post("/badges/issuer/endorsements")
@requires(Permission.ADMIN_OPEN_BADGES)
@limit("endorsement", RATE)
def add_to_issuer() -> ResponseReturnValue:
    """Check an endorsement of the issuer and keep it."""
    return _add(None)


def _add(badge: BadgeClass | None) -> ResponseReturnValue:
    form = EndorsementForm()
    if not form.validate_on_submit():
        return _page(badge, form), 422
    commit()  # nothing was changed yet; the check reads the web, and nobody should wait for it
    checked = endorsements.check(form.source)
    try:
        row = endorsements.add(checked, badge, by=current_person())
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return _page(badge, form), 422
    commit()
    flash(
        _("The endorsement by %(issuer)s was checked, and everybody can see it now.", issuer=row.issuer_name), "success"
    )
    return redirect(_home(badge), 303)


@bp.post("/badges/endorsements/<endorsement:endorsement>/check")
@requires(Permission.BADGE_ENDORSE, "endorsement")
@limit("endorsement", RATE)
def check_endorsement(endorsement: Endorsement) -> ResponseReturnValue:
    """Check an endorsement anew, now."""
    document = endorsement.document
    commit()
    report = endorsements.check(document).report
    endorsements.note(endorsement, report)
    commit()
    if report.valid:
        flash(_("The endorsement still holds."), "success")
    elif endorsement.failed_at is not None:
        flash(_("The endorsement does not hold any more. Nobody but you sees it now."), "warning")
    else:
        flash(_("The endorsement could not be checked now. It is tried again tomorrow."), "warning")
    return redirect(_home(endorsement.badge_class), 303)


@bp.post("/badges/endorsements/<endorsement:endorsement>/remove")
@requires(Permission.BADGE_ENDORSE, "endorsement")
def remove_endorsement(endorsement: Endorsement) -> ResponseReturnValue:
    """Forget an endorsement."""
    badge = endorsement.badge_class
    endorsements.remove(endorsement)
    commit()
    flash(_("The endorsement was removed."), "success")
    return redirect(_home(badge), 303)


def _home(badge: BadgeClass | None) -> str:
    if badge is None:
        return url_for("badges.issuer_endorsements")
    return url_for("badges.class_endorsements", badge=badge)


def _page(badge: BadgeClass | None, form: EndorsementForm) -> str:
    issuer = services.issuer()
    if issuer is None:
        abort(404)
    return page(
        "badges/endorsements.html",
        badge=badge,
        issuer=issuer,
        form=form,
        action=_home(badge),
        found=endorsements.endorsements_of(badge),
        identifier=addresses.achievement(badge.public_id) if badge else addresses.issuer(),
        spoken=spoken,
    )


@bp.get("/badges/endorsements/<public_id>")
@public
def endorsement(public_id: str) -> ResponseReturnValue:
    """Answer with an endorsement as it was received, while it stands."""
    row = endorsements.endorsement_by_public_id(public_id)
    if row is None:
        return answers.missing()
    if not row.stands:
        return answers.gone(answers.NOT_FOUND, JSON)
    return answers.document(row.document, _KINDS[row.form], seconds=60)
