"""Reviewed work that learners publish with a badge: the public page of it, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, make_response, redirect, url_for

from portal.badges import services as badges
from portal.certificates.blueprint import bp
from portal.certificates.models import Certificate
from portal.certificates.services import works
from portal.core.db import commit
from portal.core.i18n import _
from portal.web.forms import Form
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import public, requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

GONE = 410


@bp.get("/published-work/<public_id>")
@public
def published_work(public_id: str) -> ResponseReturnValue:
    """Show published work to whoever has its address; what was withdrawn is gone."""
    work = works.work_by_public_id(public_id)
    if work is None:
        abort(404)
    readable = works.may_be_read(work)
    award = badges.live_award(work.certificate.badge_source) if readable else None
    answer = make_response(
        page(
            "certificates/published_work.html",
            work=work,
            readable=readable,
            certificate=work.certificate,
            assertion_url=badges.assertion_url(award) if award else None,
        ),
        200 if readable else GONE,
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/certificates/<certificate:certificate>/published-work/<public_id>/withdraw")
@requires(Permission.CERTIFICATE_EARN, "certificate")
def withdraw_work(certificate: Certificate, public_id: str) -> ResponseReturnValue:
    """End the publication of work, because its learner wants that."""
    work = works.work_by_public_id(public_id)
    if work is None or work.certificate_id != certificate.id:
        abort(404)
    if not Form().validate_on_submit():
        abort(400)
    works.withdraw_work(work)
    commit()
    flash(_("“%(title)s” is not public any more.", title=work.title), "success")
    return redirect(url_for("certificates.certificate", certificate=certificate), 303)
