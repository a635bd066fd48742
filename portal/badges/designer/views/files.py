"""Design files: one to keep elsewhere, and one brought back."""

from __future__ import annotations

from flask import Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.badges.designer import documents, services
from portal.badges.designer.forms import DesignFileForm, UploadForm
from portal.badges.designer.models import BadgeDesign
from portal.badges.designer.views.blueprint import bp
from portal.core.db import commit
from portal.core.errors import Refused
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires


@bp.get("/authoring/badges/<design:design>/design.json")
@requires(Permission.BADGE_DESIGN_EDIT, "design")
def design_file(design: BadgeDesign) -> ResponseReturnValue:
    """Hand out the newest document as a file."""
    text = documents.write(services.document_of(services.newest(design)))
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="badge-{design.public_id}.json"'
    return answer


@bp.post("/authoring/badges/read")
@requires(Permission.BADGE_DESIGN)
def read_file() -> ResponseReturnValue:
    """Check a design file, bring it up to the present version and hand it back: nothing is stored."""
    posted = request.files.get("document")
    try:
        document = documents.read(posted.read(documents.MOST_BYTES + 1) if posted else b"")
    except Refused as refused:
        return jsonify(message=str(refused.message), field=refused.field), 422
    return jsonify(document=document)


@bp.post("/authoring/badges/import")
@requires(Permission.BADGE_DESIGN)
def import_file() -> ResponseReturnValue:
    """Make a design of a design file and open it: the way without a script."""
    form = DesignFileForm()
    if form.validate_on_submit():
        try:
            document = documents.read(form.document.data.read(documents.MOST_BYTES + 1))
            design = services.create(services.Saving(document=document, deliberate=True), current_person())
        except Refused as refused:
            form.refuse(refused)
        else:
            commit()
            return redirect(url_for("designer.edit", design=design.public_id))
    return page("badges/designer/upload.html", form=UploadForm(formdata=None), file_form=form, path=None), 422
