"""Certificates as their holders see them: the list, the certificate itself, its PDF, sharing; and revoking one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, url_for

from portal.accounts.services import current_person
from portal.certificates import services
from portal.certificates.access import may_revoke
from portal.certificates.blueprint import bp
from portal.certificates.forms import RevokeForm, ShareForm
from portal.certificates.models import Certificate, CertificateState
from portal.certificates.paper import kept_pdf, shown
from portal.certificates.providers import paths
from portal.certificates.views.earning import widen_for_backpack
from portal.certificates.views.showing import mark_of
from portal.core.db import commit
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.delivery.words import said
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PER_PAGE = 24
ENDED = frozenset({CertificateState.REVOKED, CertificateState.REPLACED})


@bp.get("/certificates")
@requires(Permission.CERTIFICATE_LIST)
def achieved() -> ResponseReturnValue:
    """Show one's own certificates, the newest first."""
    listed = paginate(services.standing_certificates_of(current_person()), per_page=PER_PAGE)
    return page("certificates/achieved.html", certificates=listed, earlier=services.earlier_ones(listed.items))


@bp.get("/certificates/<certificate:certificate>")
@requires(Permission.CERTIFICATE_SEE, "certificate")
def certificate(certificate: Certificate) -> ResponseReturnValue:
    """Show a certificate, and what became of its badge."""
    person = current_person()
    own = certificate.holder_id == person.id
    so_far = services.earned(certificate)
    widen_for_backpack(so_far.sending)
    return page(
        "certificates/certificate.html",
        certificate=certificate,
        own=own,
        so_far=so_far,
        said=said(so_far.sending) if so_far.sending else None,
        published=services.published_by(certificate) if own else [],
        may_be_earned=own and services.may_be_earned(certificate, so_far),
        may_be_revoked=certificate.state not in ENDED and may_revoke(person, certificate),
        history=services.history_of(certificate),
        renewal=paths().renewal_of(certificate) if own and certificate.renewable else None,
        other_name=services.has_another_name(certificate),
        may_reissue=may_revoke(person, certificate),
        path_url=paths().url_of(certificate.path_public_id),
        check_url=services.check_url(certificate),
        shown=shown(certificate),
        mark=mark_of(certificate),
        may_be_added=own and certificate.state.holds,
    )


@bp.get("/certificates/<certificate:certificate>/certificate.pdf")
@requires(Permission.CERTIFICATE_SEE, "certificate")
def download(certificate: Certificate) -> ResponseReturnValue:
    """Send the certificate as a PDF."""
    answer = Response(kept_pdf(certificate), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="certificate-{certificate.number}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.route("/certificates/<certificate:certificate>/share", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_SHARE, "certificate")
def share(certificate: Certificate) -> ResponseReturnValue:
    """Show the link to share, and let the holder publish or hide their name."""
    form = ShareForm(obj=certificate)
    if form.validate_on_submit():
        services.publish_name(certificate, published=bool(form.name_published.data))
        commit()
        flash(
            _("Your name is shown to everybody who checks this certificate.")
            if certificate.name_published
            else _("Your name is hidden. Only your own link and the printed code show it."),
            "success",
        )
        return redirect(url_for("certificates.share", certificate=certificate), 303)
    return page(
        "certificates/share.html",
        certificate=certificate,
        form=form,
        check_url=services.check_url(certificate),
        share_url=services.share_url(certificate),
        may_be_added=certificate.state.holds,
    )


@bp.route("/certificates/<certificate:certificate>/revoke", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_REVOKE, "certificate")
def revoke(certificate: Certificate) -> ResponseReturnValue:
    """Revoke a certificate, with a reason that everybody who checks it reads."""
    form = RevokeForm()
    if form.validate_on_submit():
        try:
            services.revoke(certificate, reason=str(form.reason.data), by=current_person())
        except Refused as refused:
            form.refuse(refused)
        else:
            commit()
            flash(_("The certificate is revoked, and its badge with it."), "success")
            return redirect(url_for("certificates.certificate", certificate=certificate), 303)
    answer = page("certificates/revoke.html", certificate=certificate, form=form)
    return answer, 422 if form.errors else 200
