"""Bringing a badge in by hand: a baked picture, a JSON document, or an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import flash, redirect, url_for

from portal.accounts.services import current_person
from portal.backpack import services
from portal.backpack.forms import MOST_IMPORTED, ImportForm
from portal.backpack.receipt import Offer, from_file, imported
from portal.backpack.receipt.images import Unusable
from portal.backpack.views.blueprint import bp
from portal.core.db import commit
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from portal.accounts.models import Person
    from portal.backpack.models import HeldBadge


@bp.route("/import", methods=["GET"])
@requires(Permission.BACKPACK_USE)
def import_badge() -> ResponseReturnValue:
    """Ask for a badge from elsewhere."""
    return page("backpack/import.html", form=ImportForm(), addresses=services.addresses_of(current_person()))


@bp.route("/import", methods=["POST"])
@requires(Permission.BACKPACK_USE)
@limit("backpack-import", "20/minute")
def import_sent() -> ResponseReturnValue:
    """Receive a badge from elsewhere, or say why not."""
    form = ImportForm()
    person = current_person()
    addresses = services.addresses_of(person)
    commit()
    if form.validate_on_submit():
        try:
            badge, new = _receive(form, person, addresses)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            commit()
            flash(_("“%(name)s” is in your backpack.", name=badge.name) if new else _("This badge was in your backpack already."),
                  "success" if new else "info")  # fmt: skip
            return redirect(url_for("backpack.badge", badge=badge), 303)
    return page("backpack/import.html", form=form, addresses=addresses), 422


def _receive(form: ImportForm, person: Person, addresses: Sequence[str]) -> tuple[HeldBadge, bool]:
    offer, field = _offer(form, addresses)
    if offer.problem is not None or offer.received is None:
        raise Refused(offer.problem.message if offer.problem else _("There is no badge here."), field=field)
    if not offer.recipient:
        raise Refused(
            _(
                "This badge was given to another e-mail address. A badge is accepted for one of your verified addresses: "
                "%(addresses)s. Add and verify the address it was given to under “E-mail addresses”.",
                addresses=", ".join(addresses) or "–",
            ),
            field=field,
        )
    try:
        return services.keep(person, offer.received, offer.recipient)
    except Unusable as error:
        raise Refused(str(error), field=field) from error


def _offer(form: ImportForm, addresses: Sequence[str]) -> tuple[Offer, str]:
    file = form.file.data
    if file is not None and file.filename:
        data = cast("bytes", file.read(MOST_IMPORTED + 1))
        if len(data) > MOST_IMPORTED:
            raise Refused(_("This file is larger than 5 MB. A badge is smaller than that."), field="file")
        if not data:
            raise Refused(_("This file is empty. Choose the file of a badge."), field="file")
        return from_file(data, addresses), "file"
    if form.address.data:
        return imported(form.address.data, addresses), "address"
    raise Refused(_("Choose a file, or enter the address of a badge."), field="address")
