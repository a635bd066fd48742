"""The Badge library: all designs of the organisation."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.badges.designer import services
from portal.badges.designer.forms import NameForm
from portal.badges.designer.models import BadgeDesign
from portal.badges.designer.views.blueprint import bp
from portal.core.db import commit
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

MOST_SEARCHED = 200


@bp.get("/authoring/badges")
@requires(Permission.BADGE_DESIGN)
def library() -> ResponseReturnValue:
    """Show the designs, searched."""
    text = request.args.get("q", "")[:MOST_SEARCHED].strip()
    archived = request.args.get("show") == "archived"
    designs = paginate(services.search(text, archived=archived), per_page=24)
    return page(
        "badges/designer/library.html",
        designs=designs,
        uses=services.uses_by_design(designs.items),
        text=text,
        archived=archived,
    )


@bp.get("/authoring/badges/<design:design>/rename")
@requires(Permission.BADGE_DESIGN_EDIT, "design")
def rename(design: BadgeDesign) -> ResponseReturnValue:
    """Ask for the design's other name."""
    return page("badges/designer/rename.html", design=design, form=NameForm(name=design.name))


@bp.post("/authoring/badges/<design:design>/rename")
@requires(Permission.BADGE_DESIGN_EDIT, "design")
def save_name(design: BadgeDesign) -> ResponseReturnValue:
    """Rename a design."""
    form = NameForm()
    if not form.validate_on_submit():
        return page("badges/designer/rename.html", design=design, form=form), 422
    services.rename(design, form.name.data, current_person())
    commit()
    return redirect(url_for("designer.library"))


@bp.post("/authoring/badges/<design:design>/clone")
@requires(Permission.BADGE_DESIGN_EDIT, "design")
def clone(design: BadgeDesign) -> ResponseReturnValue:
    """Copy a design and open the copy."""
    name = _("Copy of %(name)s", name=design.name)[:200]
    copy = services.clone(design, name, current_person())
    commit()
    return redirect(url_for("designer.edit", design=copy.public_id))


@bp.post("/authoring/badges/<design:design>/archive")
@requires(Permission.BADGE_DESIGN_EDIT, "design")
def archive(design: BadgeDesign) -> ResponseReturnValue:
    """Take a design out of the library."""
    services.archive(design)
    commit()
    flash(_("“%(name)s” is archived.", name=design.name), "success")
    return redirect(url_for("designer.library"))


@bp.post("/authoring/badges/<design:design>/unarchive")
@requires(Permission.BADGE_DESIGN_EDIT, "design")
def unarchive(design: BadgeDesign) -> ResponseReturnValue:
    """Put a design back into the library."""
    services.unarchive(design)
    commit()
    flash(_("“%(name)s” is in the library again.", name=design.name), "success")
    return redirect(url_for("designer.library"))


@bp.get("/authoring/badges/<design:design>/history")
@requires(Permission.BADGE_DESIGN_EDIT, "design")
def history(design: BadgeDesign) -> ResponseReturnValue:
    """Show the versions of a design."""
    versions = paginate(services.history(design))
    return page("badges/designer/history.html", design=design, versions=versions)


@bp.post("/authoring/badges/<design:design>/versions/<int:number>/restore")
@requires(Permission.BADGE_DESIGN_EDIT, "design")
def restore(design: BadgeDesign, number: int) -> ResponseReturnValue:
    """Make an older version the newest again."""
    version = services.version_of(design, number)
    if version is None:
        abort(404)
    try:
        services.restore(design, version, current_person())
    except Refused as refused:
        flash(str(refused.message), "danger")
        return redirect(url_for("designer.history", design=design.public_id))
    commit()
    flash(_("Version %(number)s is the newest again.", number=number), "success")
    return redirect(url_for("designer.edit", design=design.public_id))
