"""Administration › Open Badges: the issuer, the backpack that is offered, what is missing, and the test of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for

from portal.admin.blueprint import bp
from portal.admin.open_badges import conformance, keys
from portal.admin.open_badges.checklist import checklist
from portal.admin.open_badges.forms import OpenBadgesForm
from portal.badges import self_test
from portal.badges import services as badges
from portal.core import pictures
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.delivery import services as delivery
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["conformance", "keys"]

LOGO_RULES = pictures.PictureRules(formats=("PNG",), field="logo")


@bp.get("/administration/open-badges")
@requires(Permission.ADMIN_OPEN_BADGES)
def open_badges() -> ResponseReturnValue:
    """Show the settings of the issuer."""
    return _page(_filled())


@bp.post("/administration/open-badges")
@requires(Permission.ADMIN_OPEN_BADGES)
def save_open_badges() -> ResponseReturnValue:
    """Save the settings, or look at the backpack whose address was typed."""
    form = OpenBadgesForm()
    if "look" in request.form:
        return _looked_at(form)
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        _save(form)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return _page(form), 422
    commit()
    flash(_("Saved."), "success")
    return redirect(url_for("admin.open_badges"), 303)


@bp.post("/administration/open-badges/self-test")
@requires(Permission.ADMIN_OPEN_BADGES)
def check_issuer() -> ResponseReturnValue:
    """Fetch the issuer's own public objects over the network, and show what came."""
    if badges.issuer() is None:
        raise Refused(_("Name the issuer and save first. Then there is something to check."))
    asked = self_test.targets()
    commit()
    findings = self_test.run(asked)
    return _page(_filled(), findings=findings)


def _filled() -> OpenBadgesForm:
    row, chosen = badges.issuer(), delivery.settings()
    values: dict[str, Any] = {
        "backpack_kind": chosen.backpack_kind,
        "backpack_url": chosen.backpack_url,
        "collection_keyword": chosen.collection_keyword,
    }
    if row is not None:
        values |= {"name": row.name, "url": row.url, "email": row.email, "description": row.description}
    return OpenBadgesForm(formdata=None, data=values)


def _page(form: OpenBadgesForm, **more: Any) -> str:
    row = badges.issuer()
    return page(
        "admin/open_badges.html",
        form=form,
        entries=checklist(),
        logo_key=row.logo_key if row else None,
        issuer=row,
        **{"findings": None, "found": None, **more},
    )


def _save(form: OpenBadgesForm) -> None:
    badges.save_issuer(
        name=form.name.data,
        url=form.url.data,
        email=form.email.data,
        description=form.description.data or "",
        logo_key=_logo_key(form),
    )
    delivery.save_settings(
        backpack_kind=form.backpack_kind.data,
        backpack_url=form.backpack_url.data or "",
        collection_keyword=form.collection_keyword.data,
    )


def _logo_key(form: OpenBadgesForm) -> str | None:
    if form.logo.data:
        return pictures.keep(pictures.check(form.logo.data.stream.read(LOGO_RULES.max_bytes + 1), LOGO_RULES))
    row = badges.issuer()
    return row.logo_key if row and not form.remove_logo.data else None


def _looked_at(form: OpenBadgesForm) -> ResponseReturnValue:
    try:
        url = delivery.cleaned_address(form.backpack_url.data or "")
    except Refused as error:
        form.refuse(error)
        return _page(form), 422
    commit()
    return _page(form, found=delivery.probe(url))
