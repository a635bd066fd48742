"""Renewing a certificate: the button that begins it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.models import LearningPath
from portal.learning.services.renewing import begin_renewal
from portal.learning.views.blueprints import bp
from portal.web.policy import Permission
from portal.web.stamps import requires


@bp.post("/learning-paths/<learning_path:path>/renew")
@requires(Permission.PATH_SEE, "path")
def renew(path: LearningPath) -> ResponseReturnValue:
    """Begin the renewal of the reader's certificate, and lead to what has to be done again."""
    try:
        begin_renewal(path, current_person())
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
    else:
        commit()
        flash(_("The renewal has begun. Your certificate stays as it is until you have done what is left."), "success")
    return redirect(url_for("learning.path", path=path), 303)
