"""Certificates as pictures: for their holders, for those who were given the link, and for sites that show the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, redirect, request

from portal.certificates import services
from portal.certificates.blueprint import bp
from portal.certificates.models import Certificate, CertificateState
from portal.certificates.paper import drawing_of, picture_for_others
from portal.core.i18n import _
from portal.web.headers import public_document
from portal.web.limits import limit
from portal.web.policy import Permission
from portal.web.stamps import public, requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def svg_answer(drawn: bytes) -> Response:
    """Return an answer that shows a drawing of ours, which can run and load nothing."""
    answer = Response(drawn, content_type="image/svg+xml")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; img-src data:; style-src 'unsafe-inline'"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer


@bp.get("/certificates/<certificate:certificate>/certificate.svg")
@requires(Permission.CERTIFICATE_SEE, "certificate")
def drawn(certificate: Certificate) -> ResponseReturnValue:
    """Show the certificate as it is printed."""
    return svg_answer(drawing_of(certificate)).make_conditional(request)


@bp.get("/certificates/<certificate:certificate>/linkedin")
@requires(Permission.CERTIFICATE_SHARE, "certificate")
def add_to_linkedin(certificate: Certificate) -> ResponseReturnValue:
    """Lead the holder to LinkedIn's form, filled in: a redirect, so that no page carries the secret of their link."""
    if not certificate.state.holds:
        abort(404)
    answer = redirect(services.linkedin_address(certificate))
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/check/<number>/<secret>/certificate.svg")
@public
@limit("certificate-drawing", "60/minute")
def checked_drawing(number: str, secret: str) -> ResponseReturnValue:
    """Show the certificate to whoever was given the holder's own link."""
    certificate = services.by_number(number)
    if certificate is None or not services.fits(certificate, secret):
        abort(404)
    answer = svg_answer(drawing_of(certificate))
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer.make_conditional(request)


@bp.get("/check/<number>/picture.png")
@public
@limit("certificate-drawing", "60/minute")
def checked_picture(number: str) -> ResponseReturnValue:
    """Show what other sites put beside a link to a certificate; the name is in it only where the holder published it."""
    certificate = services.by_number(number)
    if certificate is None:
        abort(404)
    mark = mark_of(certificate)
    made = picture_for_others(certificate, named=certificate.name_published, mark=mark)
    return public_document(Response(made, content_type="image/png"))


def mark_of(certificate: Certificate) -> str:
    """Return the word that stands across a certificate that does not hold; empty where it holds."""
    words = {
        CertificateState.REVOKED: _("Revoked"),
        CertificateState.EXPIRED: _("Expired"),
        CertificateState.REPLACED: _("Replaced"),
    }
    return words.get(certificate.state, "")
