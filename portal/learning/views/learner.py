"""A learner's pages: their own learning, the catalogue, a path, joining and leaving."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.badges import services as badges
from portal.core.db import commit
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.models import LearningPath
from portal.learning.views.blueprints import bp
from portal.learning.views.shapes import duration, lines_of, standing_of, validity_words
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

PER_PAGE = 12


@bp.get("/")
@requires(Permission.PATH_SEE)
def my_learning() -> ResponseReturnValue:
    """Show the paths that the reader is on."""
    text, state, sort = (request.args.get(name, "") for name in ("q", "state", "sort"))
    listed = paginate(services.my_learning(current_person(), text=text, state=state, sort=sort), per_page=PER_PAGE)
    return page(
        "learning/my_learning.html",
        page=listed,
        standings={membership.id: services.progress_of(membership) for membership in listed.items},
        text=text,
        state=state,
        sort=sort,
    )


@bp.get("/learning-paths")
@requires(Permission.PATH_SEE)
def catalogue() -> ResponseReturnValue:
    """Show every published path."""
    text, sort = request.args.get("q", ""), request.args.get("sort", "newest")
    chosen = {name: request.args.get(name, "") for name in ("category", "tag", "language")}
    statement = services.catalogue(current_person(), text=text, sort=sort, **chosen)
    listed = paginate(statement, per_page=PER_PAGE)
    memberships = services.memberships_among(current_person(), listed.items)
    return page(
        "learning/catalogue.html",
        page=listed,
        memberships=memberships,
        standings={path_id: services.progress_of(membership) for path_id, membership in memberships.items()},
        steps=services.counts_of_steps(path.published for path in listed.items),
        members=services.counts_of_members(listed.items),
        text=text,
        sort=sort,
        chosen=chosen,
        filtered=bool(text or any(chosen.values())),
        categories=services.categories(),
        languages=services.languages_of_published(),
    )


@bp.get("/learning-paths/<learning_path:path>")
@requires(Permission.PATH_SEE, "path")
def path(path: LearningPath) -> ResponseReturnValue:
    """Show a path: how far the reader is, its steps, and what completing it earns."""
    known = services.membership_of(current_person(), path)
    membership = known if known is not None and known.left_at is None else None
    version = membership.version if membership is not None else path.published or path.edited
    standing = standing_of(version, membership)
    issuer = badges.issuer()
    return page(
        "learning/path.html",
        path=path,
        version=version,
        membership=membership,
        certificate=known.certificate if known is not None else None,
        may_edit=services.edits(current_person(), path),
        standing=standing,
        lines=lines_of(
            version,
            standing,
            (lambda step: url_for("learning.step", path=path, key=step.key)) if membership is not None else None,
        ),
        time_left=duration(standing.minutes_left),
        validity=validity_words(version),
        issuer_name=issuer.name if issuer is not None else None,
        may_join=membership is None and services.may_join(current_person(), path),
        missing=services.missing_for(current_person(), path) if membership is None else (),
        tags=path.tags,
    )


@bp.post("/learning-paths/<learning_path:path>/join")
@requires(Permission.PATH_JOIN, "path")
def join(path: LearningPath) -> ResponseReturnValue:
    """Put the reader on a path."""
    try:
        services.join(path, current_person())
    except Refused as error:
        flash(str(error.message), "danger")
    else:
        commit()
        flash(_("You have joined this learning path."), "success")
    return redirect(url_for("learning.path", path=path), 303)


@bp.route("/learning-paths/<learning_path:path>/leave", methods=["GET", "POST"])
@requires(Permission.PATH_LEARN, "path")
def leave(path: LearningPath) -> ResponseReturnValue:
    """Ask whether the reader really leaves; take them off the path."""
    membership = services.active_membership(current_person(), path)
    if request.method == "GET" or membership is None:
        return page("learning/leave.html", path=path, membership=membership)
    try:
        services.leave_oneself(membership)
    except Refused as error:
        flash(str(error.message), "danger")
        return redirect(url_for("learning.path", path=path), 303)
    commit()
    flash(_("You have left this learning path. You can join it again while it is open."), "success")
    return redirect(url_for("learning.my_learning"), 303)
