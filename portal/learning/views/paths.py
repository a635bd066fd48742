"""The list of paths that an instructor writes, and what is done with a path as a whole."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.models import LearningPath
from portal.learning.views.blueprints import authoring
from portal.learning.views.shapes import chips_of
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires


@authoring.get("/learning-paths")
@requires(Permission.AUTHORING_OPEN)
def paths() -> ResponseReturnValue:
    """List the paths that the reader instructs."""
    text, state, sort = (request.args.get(name, "") for name in ("q", "state", "sort"))
    listed = paginate(services.authored(current_person(), text=text, state=state, sort=sort))
    return page(
        "authoring/paths.html",
        page=listed,
        chips={path.id: chips_of(path) for path in listed.items},
        steps=services.counts_of_steps(path.edited for path in listed.items),
        members=services.counts_of_members(listed.items),
        reviewed=services.without_editing(current_person(), listed.items),
        text=text,
        state=state,
        sort=sort,
    )


def _do(path: LearningPath, verb: Callable[[LearningPath], object], done: str) -> ResponseReturnValue:
    try:
        verb(path)
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
    else:
        commit()
        flash(done, "success")
    return redirect(url_for("authoring.info", path=path), 303)


@authoring.post("/learning-paths/<learning_path:path>/publish")
@requires(Permission.PATH_PUBLISH, "path")
def publish(path: LearningPath) -> ResponseReturnValue:
    """Publish the draft as it was last saved."""
    return _do(path, services.publish, _("The learning path is published."))


@authoring.post("/learning-paths/<learning_path:path>/activate")
@requires(Permission.PATH_PUBLISH, "path")
def activate(path: LearningPath) -> ResponseReturnValue:
    """Put a deactivated path back."""
    return _do(path, services.activate, _("The learning path is active again."))


@authoring.route("/learning-paths/<learning_path:path>/deactivate", methods=["GET", "POST"])
@requires(Permission.PATH_PUBLISH, "path")
def deactivate(path: LearningPath) -> ResponseReturnValue:
    """Ask, then take a path out of the catalogue."""
    if request.method == "POST":
        return _do(path, services.deactivate, _("The learning path is inactive. Nobody new can join it."))
    return page(
        "authoring/confirm.html",
        path=path,
        heading=_("Deactivate this learning path"),
        text=_(
            "It leaves the catalogue and nobody new can join. Its members still see it, but go no further until you "
            "activate it again. Certificates stay."
        ),
        button=_("Deactivate"),
        cancel_url=url_for("authoring.info", path=path),
    )


@authoring.route("/learning-paths/<learning_path:path>/discard", methods=["GET", "POST"])
@requires(Permission.PATH_PUBLISH, "path")
def discard(path: LearningPath) -> ResponseReturnValue:
    """Ask, then throw the unpublished changes away."""
    if request.method == "POST":
        return _do(path, services.discard_draft, _("The unpublished changes are gone."))
    return page(
        "authoring/confirm.html",
        path=path,
        heading=_("Discard the unpublished changes"),
        text=_("Everything changed since the path was last published is thrown away. Learners notice nothing."),
        button=_("Discard changes"),
        cancel_url=url_for("authoring.info", path=path),
    )
