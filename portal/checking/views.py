"""The public page "Check a badge"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request, url_for

from portal.checking import services
from portal.checking.forms import CheckForm
from portal.core.db import commit
from portal.openbadges.text import is_web_address
from portal.web.badge_checks import spoken
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.stamps import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("checking", __name__)


@bp.get("/check-badge")
@public
def check_badge() -> ResponseReturnValue:
    """Ask for a badge; an address in the query is filled in, and nothing is fetched before the button is pressed."""
    form = CheckForm(formdata=None, address=request.args.get("address", "")[:2048])
    return page("checking/check_badge.html", form=form, report=None)


@bp.post("/check-badge")
@public
@limit("check-badge", "20/minute")
def check() -> ResponseReturnValue:
    """Check the badge and show what was found."""
    form = CheckForm()
    if not form.validate_on_submit():
        return page("checking/check_badge.html", form=form, report=None), 422
    commit()
    report = services.check(form.source, address=form.email.data or "")
    return page(
        "checking/check_badge.html",
        form=form,
        report=report,
        repeat=_repeat(form.address.data or report.address),
        spoken=spoken,
        picture=services.picture_of(report.badge) if report.badge else "",
    )


def _repeat(address: str) -> str:
    return url_for("checking.check_badge", address=address) if is_web_address(address) else ""
