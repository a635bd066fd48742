"""The way out: a step that leads to another site notes that it was begun, and then lets its learner go."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.learning import services
from portal.learning.goals.link import Link
from portal.learning.models import LearningPath
from portal.learning.views.blueprints import bp
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires


@bp.post("/learning-paths/<learning_path:path>/steps/<key>/open")
@requires(Permission.PATH_LEARN, "path")
def open_link(path: LearningPath, key: str) -> ResponseReturnValue:
    """Note that a learner opens a link, and lead them there."""
    membership = services.active_membership(current_person(), path)
    step = membership.version.step(key) if membership is not None else None
    if membership is None or step is None or step.kind != Link.name:
        abort(404)
    try:
        services.hand_in(membership, key, {"opened": "y"}, said=request.form.get("said"))
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
        return redirect(url_for("learning.step", path=path, key=key), 303)
    commit()
    return leaving(str(step.content["link"]))


def leaving(url: str) -> Response:
    """Answer with a page that leads to another site, which is not told where from."""
    answer = current_app.make_response(page("learning/leaving.html", url=url, site=urlsplit(url).hostname or url))
    answer.headers["Refresh"] = f"0; url={iri_to_uri(url)}"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer
