"""One member of a path: each step, what was done and decided of it, and what an instructor can decide."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.member_forms import AnotherTryForm, SetStepForm
from portal.learning.models import Membership, Step
from portal.learning.services import attending, audiences, roster
from portal.learning.services.roster import Asked
from portal.learning.views.blueprints import authoring
from portal.learning.views.shapes import lines_of, standing_of
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

MEMBER = "/members/<membership:membership>"


@authoring.get(MEMBER)
@requires(Permission.STEP_CONFIRM, "membership")
def member(membership: Membership) -> ResponseReturnValue:
    """Show how far one member is, step by step, and what happened."""
    asked = Asked.of(request.args)
    path, version = membership.path, membership.version
    standing = standing_of(version, membership)
    place, number, before, after = roster.neighbours(path, asked, membership)
    return page(
        "authoring/member.html",
        membership=membership,
        path=path,
        asked=asked,
        place=place,
        number=number,
        before=before,
        after=after,
        standing=standing,
        lines=lines_of(
            version, standing, lambda step: url_for("authoring.decide", membership=membership, key=step.key)
        ),
        records={step.key: services.record_of(membership, step) for step in version.tasks},
        history=attending.history_of(membership),
        state=roster.state_of(membership),
        address=roster.addresses_of([membership.person_id]).get(membership.person_id),
        through=audiences.groups_through(membership),
        may_try_again=attending.may_try_again(membership),
        awaits_approval=services.awaits_approval(membership),
        own=membership.person_id == current_person().id,
    )


def _back(membership: Membership) -> ResponseReturnValue:
    return redirect(url_for("authoring.member", membership=membership), 303)


@authoring.route(MEMBER + "/steps/<key>/set", methods=["GET", "POST"])
@requires(Permission.STEP_CONFIRM, "membership")
def set_step(membership: Membership, key: str) -> ResponseReturnValue:
    """Set a step done or failed for a member, whatever they handed in."""
    step = membership.version.step(key)
    if step is None or step.is_group:
        abort(404)
    form = SetStepForm()
    if request.method == "GET":
        return page("authoring/set_step.html", **_set_shown(membership, step, form))
    try:
        if not form.validate():
            return page("authoring/set_step.html", **_set_shown(membership, step, form)), 422
        words = _set(membership, step, form)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return page("authoring/set_step.html", **_set_shown(membership, step, form)), 422
    commit()
    flash(words, "success")
    return _back(membership)


def _set(membership: Membership, step: Step, form: SetStepForm) -> str:
    comment, action = form.comment.data or "", request.form.get("action")
    if action not in {"done", "failed"}:
        abort(400)
    if action == "done":
        services.confirm(membership, step.key, current_person(), comment, grade=form.percent)
        if membership.completed_at is not None:
            return _("“%(title)s” is done, and with it the whole learning path.", title=step.title)
        return _("“%(title)s” is done.", title=step.title)
    services.fail(membership, step.key, current_person(), comment)
    return _("“%(title)s” is failed.", title=step.title)


def _set_shown(membership: Membership, step: Step, form: SetStepForm) -> dict[str, Any]:
    return {
        "membership": membership,
        "path": membership.path,
        "step": step,
        "form": form,
        "record": services.record_of(membership, step),
        "may_fail": membership.completed_at is None,
    }


@authoring.route(MEMBER + "/another-try", methods=["GET", "POST"])
@requires(Permission.STEP_CONFIRM, "membership")
def give_another_try(membership: Membership) -> ResponseReturnValue:
    """Give a member another try, with a new date where there is one."""
    form = AnotherTryForm()
    if request.method == "GET":
        return page("authoring/another_try.html", membership=membership, path=membership.path, form=form)
    try:
        if not form.validate():
            return page("authoring/another_try.html", membership=membership, path=membership.path, form=form), 422
        until = form.end(membership.person.timezone)
        services.another_try(membership, current_person(), until=until, comment=form.comment.data or "")
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return page("authoring/another_try.html", membership=membership, path=membership.path, form=form), 422
    commit()
    flash(_("%(name)s has another try.", name=membership.person.name), "success")
    return _back(membership)


@authoring.post(MEMBER + "/duty")
@requires(Permission.STEP_CONFIRM, "membership")
def oblige_member(membership: Membership) -> ResponseReturnValue:
    """Make a path mandatory for a member, or voluntary."""
    mandatory = request.form.get("duty") == "mandatory"
    try:
        services.oblige(membership, mandatory=mandatory)
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
        return _back(membership)
    commit()
    name = membership.person.name
    words = _("The learning path is mandatory for %(name)s now.", name=name)
    flash(words if mandatory else _("The learning path is voluntary for %(name)s now.", name=name), "success")
    return _back(membership)
