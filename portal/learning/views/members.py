"""The Members page of a path: who is on it and how far, who instructs it, and what waits for a confirmation."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.models import Person
from portal.accounts.services import current_person, person_by_public_id, search_people
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.models import LearningPath, Membership
from portal.learning.views.blueprints import authoring
from portal.learning.views.shapes import editor_of
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import PERMISSIONS, Permission, Role
from portal.web.stamps import requires

MEMBERS = "/learning-paths/<learning_path:path>/members"
INSTRUCTORS = "/learning-paths/<learning_path:path>/instructors"
SHOWN_WAITING = 5


@authoring.get(MEMBERS)
@requires(Permission.PATH_MEMBERS, "path")
def members(path: LearningPath) -> ResponseReturnValue:
    """List the members of a path with their progress."""
    text, state = request.args.get("q", ""), request.args.get("state", "")
    listed = paginate(services.members_of(path, text=text, state=state))
    waiting = list(session().scalars(services.waiting_for(current_person(), path).limit(SHOWN_WAITING)))
    return page(
        "authoring/members.html",
        path=path,
        editor=editor_of(path),
        page=listed,
        standings={membership.id: services.progress_of(membership) for membership in listed.items},
        waiting=waiting,
        waiting_steps=services.steps_of(waiting),
        owns=services.owns(current_person(), path),
        text=text,
        state=state,
    )


@authoring.get(MEMBERS + "/add")
@requires(Permission.PATH_MEMBERS, "path")
def find_members(path: LearningPath) -> ResponseReturnValue:
    """Search for people to put on a path."""
    text = request.args.get("q", "")
    listed = paginate(search_people(text), per_page=10)
    return page(
        "authoring/find_members.html",
        path=path,
        page=listed,
        text=text,
        members=services.persons_among(path, listed.items),
    )


@authoring.post(MEMBERS + "/add")
@requires(Permission.PATH_MEMBERS, "path")
def add_member(path: LearningPath) -> ResponseReturnValue:
    """Put somebody on a path."""
    chosen = _chosen()
    try:
        services.add_member(path, chosen)
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
    else:
        commit()
        flash(_("%(name)s is a member now.", name=chosen.name), "success")
    return redirect(url_for("authoring.find_members", path=path, q=request.form.get("q") or None), 303)


def _chosen() -> Person:
    chosen = person_by_public_id(request.form.get("person", ""))
    if chosen is None:
        abort(404)
    return chosen


@authoring.route("/members/<membership:membership>/remove", methods=["GET", "POST"])
@requires(Permission.STEP_CONFIRM, "membership")
def remove_member(membership: Membership) -> ResponseReturnValue:
    """Ask, then take somebody off a path."""
    path = membership.path
    if request.method == "POST":
        services.leave(membership)
        commit()
        flash(_("%(name)s is no longer a member.", name=membership.person.name), "success")
        return redirect(url_for("authoring.members", path=path), 303)
    return page(
        "authoring/confirm.html",
        path=path,
        heading=_("Remove %(name)s", name=membership.person.name),
        text=_("They leave the learning path. A certificate that they earned stays theirs, and what they did is kept."),
        button=_("Remove"),
        cancel_url=url_for("authoring.members", path=path),
    )


@authoring.get(INSTRUCTORS)
@requires(Permission.PATH_MEMBERS, "path")
def find_instructors(path: LearningPath) -> ResponseReturnValue:
    """Search for people who may instruct a path beside its owner."""
    _only_owners(path)
    text = request.args.get("q", "")
    able = [role for role in Role if Permission.PATH_EDIT in PERMISSIONS[role]]
    listed = paginate(search_people(text).where(Person.role.in_(able), Person.id != path.owner_id), per_page=10)
    return page("authoring/find_instructors.html", path=path, page=listed, text=text)


@authoring.post(INSTRUCTORS)
@requires(Permission.PATH_MEMBERS, "path")
def add_instructor(path: LearningPath) -> ResponseReturnValue:
    """Name a co-instructor."""
    _only_owners(path)
    chosen = _chosen()
    try:
        services.add_instructor(path, chosen)
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
        return redirect(url_for("authoring.find_instructors", path=path), 303)
    commit()
    flash(_("%(name)s instructs this path too now.", name=chosen.name), "success")
    return redirect(url_for("authoring.members", path=path), 303)


@authoring.post(INSTRUCTORS + "/remove")
@requires(Permission.PATH_MEMBERS, "path")
def remove_instructor(path: LearningPath) -> ResponseReturnValue:
    """Let somebody be a co-instructor no longer; everybody may take their own name off."""
    chosen = _chosen()
    if chosen.id != current_person().id:
        _only_owners(path)
    services.remove_instructor(path, chosen)
    commit()
    flash(_("%(name)s does not instruct this path any more.", name=chosen.name), "success")
    if services.instructs(current_person(), path):
        return redirect(url_for("authoring.members", path=path), 303)
    return redirect(url_for("authoring.paths"), 303)


def _only_owners(path: LearningPath) -> None:
    if not services.owns(current_person(), path):
        abort(403)
