"""A step as its learner works on it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.goals.kind import Turn
from portal.learning.goals.registry import kind_of
from portal.learning.models import LearningPath, Membership, PathState, RecordState, Step, StepRecord
from portal.learning.progress import IN_ONES_HANDS
from portal.learning.views.blueprints import bp
from portal.learning.views.shapes import lines_of, standing_of, word_of
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires


@bp.route("/learning-paths/<learning_path:path>/steps/<key>", methods=["GET", "POST"])
@requires(Permission.PATH_LEARN, "path")
def step(path: LearningPath, key: str) -> ResponseReturnValue:
    """Show a step; take the learner's turn at it and go on to the next."""
    membership = services.active_membership(current_person(), path)
    found = membership.version.step(key) if membership is not None else None
    if membership is None or found is None or found.is_group:
        abort(404)
    if request.method == "GET":
        return page("learning/step.html", **shown(membership, found))
    try:
        record = services.hand_in(membership, key, request.form, request.files, said=request.form.get("said"))
    except Refused as error:
        session().rollback()
        return _refused(membership, found, error)
    commit()
    if record.state == RecordState.STARTED and request.form.get("action") == "save":
        flash(_("Your answers are saved. They are not handed in yet."), "success")
    return onwards(membership, key, record)


def _refused(membership: Membership, step: Step, error: Refused) -> ResponseReturnValue:
    if error.field is None:
        flash(str(error.message), "danger")
        return redirect(url_for("learning.step", path=membership.path, key=step.key), 303)
    return page("learning/step.html", **shown(membership, step, error=error, answers=request.form)), 422


def onwards(membership: Membership, key: str, record: StepRecord) -> ResponseReturnValue:
    """Go to the next step, or back to the path where nothing is left for the learner; what has a result shows it first."""
    standing, state = services.progress_of(membership), record.state
    if standing.completed:
        flash(_("You have completed this learning path."), "success")
    if record.attempts:
        return redirect(url_for("learning.step", path=membership.path, key=key, _anchor="result"), 303)
    if standing.completed:
        return redirect(url_for("learning.path", path=membership.path), 303)
    if state in {RecordState.STARTED, RecordState.FAILED} or standing.next_key is None:
        return redirect(url_for("learning.step", path=membership.path, key=key), 303)
    if state == RecordState.WAITING:
        flash(_("An instructor has been asked. You will see the answer here."), "success")
        return redirect(url_for("learning.path", path=membership.path), 303)
    return redirect(url_for("learning.step", path=membership.path, key=standing.next_key), 303)


def shown(
    membership: Membership, step: Step, *, error: Refused | None = None, answers: MultiDict[str, str] | None = None
) -> dict[str, Any]:
    """Return what the page of a step shows."""
    version = membership.version
    standing = standing_of(version, membership)
    steps = version.tasks
    place = steps.index(step)
    record = services.record_of(membership, step)
    found = standing.standings[step.key]
    word, tone = word_of(found.state)
    kind = kind_of(step.kind)
    can_act = (
        membership.path.state == PathState.PUBLISHED
        and kind.by_learner
        and found.state in IN_ONES_HANDS
        and not found.locked
    )
    return {
        "path": membership.path,
        "version": version,
        "membership": membership,
        "step": step,
        "kind": kind,
        "place": place + 1,
        "count": len(steps),
        "previous": steps[place - 1] if place else None,
        "following": steps[place + 1] if place + 1 < len(steps) else None,
        "found": found,
        "standing": standing,
        "lines": lines_of(
            version, standing, lambda other: url_for("learning.step", path=membership.path, key=other.key)
        ),
        "record": record,
        "word": word,
        "tone": tone,
        "can_act": can_act,
        "error": error,
        "answers": answers or {},
        **kind.shown(Turn(step, membership, record)),
    }
