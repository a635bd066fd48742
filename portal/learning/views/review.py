"""What waits for an instructor: the review page, one learner's progress, and the decision on a step."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.forms import DecisionForm
from portal.learning.goals.registry import kind_of
from portal.learning.models import Membership, PathState, RecordState, Step
from portal.learning.views.blueprints import authoring
from portal.learning.views.shapes import lines_of, standing_of, word_of
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires


@authoring.get("/review")
@requires(Permission.STEP_CONFIRM)
def review() -> ResponseReturnValue:
    """List what waits on all paths that the reader instructs, the oldest first."""
    listed = paginate(services.waiting_for(current_person()))
    return page("authoring/review.html", page=listed, steps=services.steps_of(listed.items))


@authoring.get("/members/<membership:membership>")
@requires(Permission.STEP_CONFIRM, "membership")
def member(membership: Membership) -> ResponseReturnValue:
    """Show how far one member is."""
    standing = standing_of(membership.version, membership)
    return page(
        "authoring/member.html",
        membership=membership,
        path=membership.path,
        standing=standing,
        lines=lines_of(membership.version, standing, lambda step: _decide_url(membership, step)),
        reviewed={step.key for step in membership.version.tasks if kind_of(step.kind).reviewed},
    )


def _decide_url(membership: Membership, step: Step) -> str:
    return url_for("authoring.decide", membership=membership, key=step.key)


@authoring.route("/members/<membership:membership>/steps/<key>", methods=["GET", "POST"])
@requires(Permission.STEP_CONFIRM, "membership")
def decide(membership: Membership, key: str) -> ResponseReturnValue:
    """Show what a member did of a step; confirm it, or send it back."""
    step = membership.version.step(key)
    if step is None:
        abort(404)
    form = DecisionForm()
    if request.method == "GET":
        return page("authoring/decide.html", **_shown(membership, step, form))
    if not kind_of(step.kind).reviewed:
        abort(400)
    try:
        done = form.validate() and _carry_out(membership, key, form)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        done = False
    if not done:
        return page("authoring/decide.html", **_shown(membership, step, form)), 422
    commit()
    flash(_confirmed(membership), "success")
    if request.args.get("from") == "review":
        return redirect(url_for("authoring.review"), 303)
    return redirect(url_for("authoring.members", path=membership.path), 303)


def _carry_out(membership: Membership, key: str, form: DecisionForm) -> bool:
    if request.form.get("action") == "confirm":
        services.confirm(membership, key, current_person(), form.comment.data or "")
    elif request.form.get("action") == "return":
        services.send_back(membership, key, current_person(), form.comment.data or "")
    else:
        abort(400)
    return True


def _confirmed(membership: Membership) -> str:
    name = membership.person.name
    if request.form.get("action") == "return":
        return _("Sent back to %(name)s.", name=name)
    if membership.completed_at is not None:
        return _("Confirmed. %(name)s has completed the learning path.", name=name)
    return _("Confirmed for %(name)s.", name=name)


def _shown(membership: Membership, step: Step, form: DecisionForm) -> dict[str, Any]:
    record = services.record_of(membership, step)
    word, tone = word_of(standing_of(membership.version, membership).state_of(step.key))
    return {
        "membership": membership,
        "path": membership.path,
        "step": step,
        "kind": kind_of(step.kind),
        "record": record,
        "form": form,
        "word": word,
        "tone": tone,
        "can_decide": kind_of(step.kind).reviewed
        and membership.path.state == PathState.PUBLISHED
        and membership.person_id != current_person().id
        and (record is None or record.state != RecordState.DONE),
        "can_return": record is not None and record.state == RecordState.WAITING,
    }
