"""Groups of steps: writing one, putting steps into it, and the order of the whole."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, timezone
from portal.learning import services
from portal.learning.goals.forms import GroupForm, filled
from portal.learning.models import GROUP, LearningPath, Step
from portal.learning.views.blueprints import authoring
from portal.learning.views.steps import STEPS, groups_of
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires


@authoring.route(STEPS + "/new-group", methods=["GET", "POST"])
@requires(Permission.PATH_EDIT, "path")
def new_group(path: LearningPath) -> ResponseReturnValue:
    """Make a group that holds steps."""
    form = GroupForm(groups=groups_of(path.edited), parent=request.args.get("group", ""))
    if request.method == "GET":
        return _page(path, form, None)
    if not _valid(form):
        return _page(path, form, None), 422
    try:
        services.add_step(
            path,
            GROUP,
            title=form.title.data,
            mandatory=form.mandatory.data,
            rules=form.rules,
            parent=form.parent.data or None,
        )
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return _page(path, form, None), 422
    commit()
    flash(_("The group is added. Now put steps into it."), "success")
    return redirect(url_for("authoring.steps", path=path), 303)


@authoring.route(STEPS + "/<key>/group", methods=["GET", "POST"])
@requires(Permission.PATH_EDIT, "path")
def group(path: LearningPath, key: str) -> ResponseReturnValue:
    """Change a group."""
    found = _group(path, key)
    choices = groups_of(path.edited, found)
    if request.method == "GET":
        form = GroupForm(
            formdata=None,
            groups=choices,
            enough="all" if found.needed is None else "any",
            needed=str(found.needed or ""),
            **filled(found),
        )
        return _page(path, form, found)
    form = GroupForm(groups=choices)
    if not _valid(form):
        return _page(path, form, found), 422
    try:
        services.save_step(
            path,
            key,
            title=form.title.data,
            content={},
            mandatory=form.mandatory.data,
            minutes=None,
            rules=form.rules,
        )
        services.move_into(path, key, form.parent.data or None)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return _page(path, form, found), 422
    commit()
    flash(_("The group is saved."), "success")
    return redirect(url_for("authoring.steps", path=path), 303)


def _group(path: LearningPath, key: str) -> Step:
    found = path.edited.step(key)
    if found is None or not found.is_group:
        abort(404)
    return found


def _page(path: LearningPath, form: GroupForm, step: Step | None) -> str:
    return page("authoring/group.html", path=path, form=form, step=step, zone=timezone())


def _valid(form: GroupForm) -> bool:
    valid = form.validate()
    form.check_rules()
    return bool(valid) and not form.refused


@authoring.post("/learning-paths/<learning_path:path>/order")
@requires(Permission.PATH_EDIT, "path")
def order(path: LearningPath) -> ResponseReturnValue:
    """Say whether the steps are done one after the other."""
    services.set_order(path, ordered=request.form.get("ordered") == "y")
    commit()
    return redirect(url_for("authoring.steps", path=path), 303)
