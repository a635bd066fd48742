"""The organisation's colours, set by administrators."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.badges.designer import services
from portal.badges.designer.forms import BrandForm
from portal.badges.designer.views.blueprint import bp
from portal.core.db import commit
from portal.core.i18n import _
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires


@bp.get("/administration/brand-colours")
@requires(Permission.ADMIN_OPEN_BADGES)
def brand_colours() -> ResponseReturnValue:
    """Show the colours."""
    form = BrandForm(colours="\n".join(services.brand_colours()))
    return page("badges/designer/brand.html", form=form)


@bp.post("/administration/brand-colours")
@requires(Permission.ADMIN_OPEN_BADGES)
def save_brand_colours() -> ResponseReturnValue:
    """Replace the colours."""
    form = BrandForm()
    if not form.validate_on_submit():
        return page("badges/designer/brand.html", form=form), 422
    services.save_brand_colours(form.lines())
    commit()
    flash(_("The colours are saved. The badge designer offers them."), "success")
    return redirect(url_for("designer.brand_colours"))
