"""The designer's page, and what its script sends: documents and pictures."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.badges.designer import documents, services
from portal.badges.designer.forms import DesignFileForm, UploadForm
from portal.badges.designer.models import BadgeDesign
from portal.badges.designer.providers import uses
from portal.badges.designer.views.blueprint import bp
from portal.badges.designer.words import words
from portal.core.db import commit
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

CONFLICT = 409


def _path() -> dict[str, str] | None:
    """Return the learning path that the badge is drawn for, where the address names one that may be edited."""
    wanted = request.values.get("for", "")[:64]
    title = uses().title_of(wanted, current_person()) if wanted else None
    return {"id": wanted, "title": title} if title is not None else None


def _editor(design: BadgeDesign | None, document: documents.Document | None) -> str:
    path = _path()
    data: dict[str, Any] = {
        "words": words(),
        "document": document,
        "revision": design.revision if design else 0,
        "id": design.public_id if design else None,
        "person": current_person().public_id,
        "path": path,
        "brand": services.brand_colours(),
        "urls": {
            "save": url_for("designer.save", design=design.public_id) if design else url_for("designer.create"),
            "create": url_for("designer.create"),
            "import": url_for("designer.read_file"),
            "library": url_for("designer.library"),
            "edit": url_for("designer.edit", design="-design-"),
            "use": url_for("designer.use", design="-design-"),
        },
    }
    return page("badges/designer/editor.html", design=design, data=data, path=path, slots=SLOTS)


SLOTS = ("frame", "field", "ribbon", "accent", "ink", "paper")


@bp.get("/authoring/badges/new")
@requires(Permission.BADGE_DESIGN)
def new() -> ResponseReturnValue:
    """Open the designer on a new badge; nothing is stored before the first change is saved."""
    return _editor(None, None)


@bp.get("/authoring/badges/<design:design>")
@requires(Permission.BADGE_DESIGN_EDIT, "design")
def edit(design: BadgeDesign) -> ResponseReturnValue:
    """Open the designer on a kept badge."""
    try:
        document = services.document_of(services.newest(design))
    except Refused as refused:
        flash(str(refused.message), "danger")
        return redirect(url_for("designer.library"))
    return _editor(design, document)


def _saving() -> services.Saving:
    posted = request.files.get("document")
    if posted is None:
        raise Refused(_("The design is missing."), field="document")
    picture = request.files.get("picture")
    return services.Saving(
        document=documents.read(posted.read(documents.MOST_BYTES + 1)),
        picture=picture.read() if picture else None,
        deliberate=request.form.get("deliberate") == "1",
    )


def _saved(design: BadgeDesign) -> ResponseReturnValue:
    return jsonify(
        id=design.public_id,
        revision=design.revision,
        number=design.number,
        save=url_for("designer.save", design=design.public_id),
        edit=url_for("designer.edit", design=design.public_id),
    )


def _refused(refused: Refused, status: int = 422) -> ResponseReturnValue:
    return jsonify(message=str(refused.message), field=refused.field), status


@bp.post("/authoring/badges")
@requires(Permission.BADGE_DESIGN)
def create() -> ResponseReturnValue:
    """Store a new design: its first document, and its picture."""
    try:
        design = services.create(_saving(), current_person())
    except Refused as refused:
        return _refused(refused)
    commit()
    return _saved(design)


@bp.post("/authoring/badges/<design:design>")
@requires(Permission.BADGE_DESIGN_EDIT, "design")
def save(design: BadgeDesign) -> ResponseReturnValue:
    """Store what was drawn since; 409 where somebody else saved meanwhile."""
    try:
        base = request.form.get("base", type=int) or 0
        services.save(design, _saving(), base=base, by=current_person())
    except services.Outdated as outdated:
        return _refused(outdated, CONFLICT)
    except Refused as refused:
        return _refused(refused)
    commit()
    return _saved(design)


@bp.post("/authoring/badges/<design:design>/use")
@requires(Permission.BADGE_DESIGN_EDIT, "design")
def use(design: BadgeDesign) -> ResponseReturnValue:
    """Make the badge the picture of a learning path, and go back there."""
    path = _path()
    if path is None:
        abort(404)
    try:
        address = services.use_for_path(design, path["id"], current_person())
    except Refused as refused:
        flash(str(refused.message), "danger")
        return redirect(f"{url_for('designer.edit', design=design.public_id)}?for={quote(path['id'])}")
    commit()
    flash(_("The badge is now the picture of “%(title)s”.", title=path["title"]), "success")
    return redirect(address)


@bp.get("/authoring/badges/upload")
@requires(Permission.BADGE_DESIGN)
def upload() -> ResponseReturnValue:
    """Ask for a badge that was drawn elsewhere: the way without a script."""
    return page("badges/designer/upload.html", form=UploadForm(), file_form=DesignFileForm(), path=_path())


@bp.post("/authoring/badges/upload")
@requires(Permission.BADGE_DESIGN)
def take_upload() -> ResponseReturnValue:
    """Make a design of an uploaded picture; for a path, use it there at once."""
    form = UploadForm()
    path = _path()
    if form.validate_on_submit():
        try:
            saving = services.document_of_picture(form.picture.data.read(), form.name.data, form.alt.data)
            design = services.create(saving, current_person())
            address = (
                services.use_for_path(design, path["id"], current_person()) if path else url_for("designer.library")
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            commit()
            return redirect(address)
    return page("badges/designer/upload.html", form=form, file_form=DesignFileForm(formdata=None), path=path), 422
