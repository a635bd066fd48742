"""The Earn badge window: a badge is issued and sent by its Send button, and by nothing before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, flash, redirect, url_for

from portal.accounts.services import current_person, verified_addresses
from portal.badges import services as badges
from portal.certificates import services
from portal.certificates.blueprint import bp
from portal.certificates.forms import EarnForm
from portal.certificates.models import Certificate
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.delivery import services as delivery
from portal.delivery.words import said
from portal.web.forms import Form
from portal.web.headers import widen
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.delivery.models import Sending


def widen_for_backpack(sending: Sending | None) -> None:
    """Let the forms of this page lead to the backpack's own pages: browsers follow form-action through redirects."""
    backpack = delivery.offered()
    if not backpack.builtin:
        widen("form-action", delivery.origin_of(backpack.url))
    if sending is not None and not sending.built_in and sending.backpack_url != backpack.url:
        widen("form-action", delivery.origin_of(sending.backpack_url))


@bp.route("/certificates/<certificate:certificate>/earn", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_EARN, "certificate")
def earn(certificate: Certificate) -> ResponseReturnValue:
    """Show the badge and where it goes; on Send issue it and have it sent; afterwards show what became of it."""
    form = _form(certificate)
    if form.validate_on_submit():
        try:
            services.earn(
                certificate,
                address=form.chosen_address,
                through=str(form.backpack.data),
                subject_id=form.chosen_subject,
                said=form.said,
            )
        except Refused as refused:
            session().rollback()
            form.refuse(refused)
        else:
            commit()
            return redirect(url_for("certificates.earn", certificate=certificate), 303)
    return _window(certificate, form)


@bp.post("/certificates/<certificate:certificate>/earn/address")
@requires(Permission.CERTIFICATE_EARN, "certificate")
def replace(certificate: Certificate) -> ResponseReturnValue:
    """Give a badge that no backpack has to another verified address, and send that one."""
    form = _form(certificate)
    if form.validate_on_submit():
        try:
            services.replace(certificate, address=form.chosen_address, through=str(form.backpack.data))
        except Refused as refused:
            session().rollback()
            form.refuse(refused)
        else:
            commit()
            flash(_("The badge now goes to %(address)s.", address=form.chosen_address.address), "success")
            return redirect(url_for("certificates.earn", certificate=certificate), 303)
    return _window(certificate, form)


def _form(certificate: Certificate) -> EarnForm:
    holder = certificate.holder
    return EarnForm(
        verified_addresses(holder),
        delivery.backpacks_of(holder),
        did=badges.own_identifier(holder),
        submissions=services.submissions_of(certificate),
    )


def _window(certificate: Certificate, form: EarnForm) -> ResponseReturnValue:
    so_far = services.earned(certificate)
    widen_for_backpack(so_far.sending)
    answer = page(
        "certificates/earn.html",
        certificate=certificate,
        badge=certificate.badge_class,
        issuer=badges.issuer(),
        form=form,
        so_far=so_far,
        said=said(so_far.sending) if so_far.sending else None,
        may_be_earned=services.may_be_earned(certificate, so_far),
        missing=badges.missing_for_issuing(),
        other_addresses=[choice for choice in form.address.choices if choice[1] != _address_of(so_far)],
        assertion_url=badges.assertion_url(so_far.award) if so_far.award else None,
        keyword=delivery.settings().collection_keyword,
        published=services.published_by(certificate),
    )
    return answer, 422 if form.errors else 200


def _address_of(so_far: services.Earned) -> str | None:
    return so_far.award.recipient_address if so_far.award else None


@bp.post("/certificates/<certificate:certificate>/show")
@requires(Permission.CERTIFICATE_EARN, "certificate")
def show(certificate: Certificate) -> ResponseReturnValue:
    """Lead to the backpack's form for a public collection, and have the transcript watch for it."""
    if not Form().validate_on_submit():
        abort(400)
    address = services.show_in_transcript(certificate)
    commit()
    return redirect(address, 303)


@bp.get("/certificates/<certificate:certificate>/badge.png")
@requires(Permission.CERTIFICATE_EARN, "certificate")
def badge_file(certificate: Certificate) -> ResponseReturnValue:
    """Send the badge's picture with the award baked into it, to be kept or put into any backpack by hand."""
    award = services.earned(certificate).award
    if award is None or award.person_id != current_person().id:
        abort(404)
    answer = Response(badges.baked_png(award), content_type="image/png")
    answer.headers["Content-Disposition"] = f'attachment; filename="badge-{certificate.number}.png"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
