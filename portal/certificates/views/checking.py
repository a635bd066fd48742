"""The public check of a certificate: whether it holds, without an account and without telling whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import make_response, redirect, request, url_for
from flask_login import current_user

from portal.certificates import services
from portal.certificates.blueprint import bp
from portal.certificates.forms import CheckForm
from portal.certificates.paper import shown
from portal.certificates.views.showing import mark_of
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.settings import absolute
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.stamps import public

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue


def _private(html: str, status: int) -> Response:
    answer = make_response(html, status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@bp.get("/check")
@public
@limit("certificate-check", "30/minute")
def check() -> ResponseReturnValue:
    """Ask for the number of a certificate, and lead to what is known of it."""
    asked = "number" in request.args
    form = CheckForm(request.args)
    if asked and form.validate():
        found = services.by_number(str(form.number.data))
        if found is not None:
            return redirect(url_for("certificates.checked", number=found.number))
        erased = services.erased_by_number(str(form.number.data))
        if erased is not None:
            return redirect(url_for("certificates.checked", number=erased.number))
        form.refuse(
            Refused(
                _("No certificate has this number. Look at it again: it has 16 letters and digits."), field="number"
            )
        )
    return page("certificates/check.html", form=form), 422 if asked else 200


@bp.get("/check/<number>")
@bp.get("/check/<number>/<secret>")
@public
@limit("certificate-check", "30/minute")
def checked(number: str, secret: str | None = None) -> ResponseReturnValue:
    """Show whether a certificate is valid, expired or revoked; the name where it is published or the address says so."""
    certificate = services.by_number(number)
    erased = services.erased_by_number(number) if certificate is None else None
    if erased is not None:
        return _private(page("certificates/erased.html", erased=erased), 410)
    if certificate is None:
        form = CheckForm(number=number[:60])
        form.refuse(
            Refused(
                _("No certificate has this number. Look at it again: it has 16 letters and digits."), field="number"
            )
        )
        return _private(page("certificates/check.html", form=form), 404)
    return _private(
        page(
            "certificates/checked.html",
            certificate=certificate,
            successor=services.successor_of(certificate),
            named=services.shows_name(certificate, secret),
            secret_failed=secret is not None and not services.shows_name(certificate, secret),
            secret=secret if secret is not None and services.fits(certificate, secret) else None,
            shown=shown(certificate),
            mark=mark_of(certificate),
            own=current_user.is_authenticated and current_user.id == certificate.holder_id,
            check_url=services.check_url(certificate),
            picture_address=absolute(url_for("certificates.checked_picture", number=certificate.number)),
        ),
        200,
    )
