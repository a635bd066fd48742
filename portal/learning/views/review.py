"""What waits for a reviewer: the queue, and the decision on a step or on the whole of a path."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.forms import DecisionForm
from portal.learning.goals.kind import ShowsWork, Turn
from portal.learning.goals.registry import KINDS, find, kind_of
from portal.learning.models import Membership, PathState, RecordState, Step, StepRecord
from portal.learning.services import APPROVAL, Sieve, Waiting
from portal.learning.views.blueprints import authoring
from portal.learning.views.shapes import lines_of, standing_of, word_of
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires


def _sieve() -> Sieve:
    """Return what of the queue the address asks for; nonsense asks for all of it."""
    kind = request.args.get("kind", "")
    return Sieve(
        path=request.args.get("path", "")[:22],
        kind=kind if kind == APPROVAL or find(kind) is not None else "",
        newest_first=request.args.get("order") == "newest",
    )


def _asked(sieve: Sieve) -> dict[str, Any]:
    """Return a way of looking at the queue as it stands in an address."""
    asked = {"path": sieve.path, "kind": sieve.kind, "order": "newest" if sieve.newest_first else ""}
    return {name: value for name, value in asked.items() if value}


def place_of(waiting: Waiting, sieve: Sieve) -> str:
    """Return the address where something that waits is decided, with the way back into the queue."""
    asked = {**_asked(sieve), "from": "review"}
    if waiting.step is None:
        return url_for("authoring.approval", membership=waiting.membership, **asked)
    return url_for("authoring.decide", membership=waiting.membership, key=waiting.step.key, **asked)


@authoring.get("/review")
@requires(Permission.STEP_CONFIRM)
def review() -> ResponseReturnValue:
    """List what waits on all paths that the reader reviews, the oldest first."""
    person, sieve = current_person(), _sieve()
    listed = services.queue_page(person, sieve)
    kinds = services.kinds_in_queue(person)
    named = [(kind.name, str(kind.label)) for kind in KINDS if kind.name in kinds]
    return page(
        "authoring/review.html",
        page=listed,
        sieve=sieve,
        asked=_asked(sieve),
        paths=services.paths_in_queue(person),
        kinds=[*named, *([(APPROVAL, _("Approval of the whole"))] if APPROVAL in kinds else [])],
        labels={kind.name: kind.label for kind in KINDS},
        icons={kind.name: kind.icon for kind in KINDS},
        place_of=place_of,
    )


@authoring.route("/members/<membership:membership>/steps/<key>", methods=["GET", "POST"])
@requires(Permission.STEP_CONFIRM, "membership")
def decide(membership: Membership, key: str) -> ResponseReturnValue:
    """Show what a member did of a step; accept it, send it back, or set it failed."""
    step = membership.version.step(key)
    if step is None or step.is_group:
        abort(404)
    form = DecisionForm()
    if request.method == "GET":
        return page("authoring/decide.html", **_shown(membership, step, form))
    if not kind_of(step.kind).reviewed:
        abort(400)
    before = services.record_of(membership, step)
    at = before.handed_in_at if before is not None else None
    try:
        done = form.validate() and _carry_out(membership, step, form)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        done = False
    if not done:
        return page("authoring/decide.html", **_shown(membership, step, form)), 422
    commit()
    flash(_confirmed(membership), "success")
    return _onwards(membership, at, record=services.record_of(membership, step))


def _carry_out(membership: Membership, step: Step, form: DecisionForm) -> bool:
    _refuse_unseen(membership, step)
    action, comment = request.form.get("action"), form.comment.data or ""
    if action == "confirm":
        services.confirm(membership, step.key, current_person(), comment, grade=_grade(step, form))
    elif action == "return":
        services.send_back(membership, step.key, current_person(), comment)
    elif action == "fail":
        services.fail(membership, step.key, current_person(), comment)
    else:
        abort(400)
    return True


def _refuse_unseen(membership: Membership, step: Step) -> None:
    """Raise Refused where the member has handed in something else than what the reviewer had before them."""
    record, seen = services.record_of(membership, step), request.form.get("seen")
    if seen and record is not None and record.state == RecordState.WAITING and seen != _last_work(membership, step):
        raise Refused(_("Something new was handed in since you opened this page. Look at it, then decide."))


def _last_work(membership: Membership, step: Step) -> str:
    """Return a mark of what a member handed in last; two hand-ins within one second have marks of their own."""
    events = services.history_of(membership, step.key)
    return next((event.public_id for event in events if event.what == RecordState.WAITING), "")


def _grade(step: Step, form: DecisionForm) -> float | None:
    """Return the grade of a step that is graded; raise Refused where it is missing, none, or too low to be accepted."""
    if not _is_graded(step):
        return None
    grade, least = form.percent, step.content.get("pass_grade")
    if grade is None:
        raise Refused(_("Enter a grade from 0 to 100."), field="grade")
    if least is not None and grade < least:
        raise Refused(
            _("The grade to pass is %(least)s. Give at least that, return the work, or set it failed.", least=least),
            field="grade",
        )
    return grade


def _is_graded(step: Step) -> bool:
    return kind_of(step.kind).graded and bool(step.content.get("graded"))


def _confirmed(membership: Membership) -> str:
    name, action = membership.person.name, request.form.get("action")
    if action == "return":
        return _("Sent back to %(name)s.", name=name)
    if action == "fail":
        return _("Set failed for %(name)s.", name=name)
    if membership.completed_at is not None:
        return _("Accepted. %(name)s has completed the learning path.", name=name)
    return _("Accepted for %(name)s.", name=name)


def _onwards(membership: Membership, at: datetime | None, *, record: StepRecord | None = None) -> ResponseReturnValue:
    """Go on to what waits next, back to the queue at its end; or to the member, where one came from there."""
    if request.args.get("from") != "review":
        return redirect(url_for("authoring.member", membership=membership), 303)
    person, sieve = current_person(), _sieve()
    if at is not None:
        following = services.next_in_queue(person, sieve, at, record=record, membership=membership)
        if following is not None:
            return redirect(place_of(following, sieve), 303)
    return redirect(url_for("authoring.review", **_asked(sieve)), 303)


def _shown(membership: Membership, step: Step, form: DecisionForm) -> dict[str, Any]:
    record, kind = services.record_of(membership, step), kind_of(step.kind)
    word, tone = word_of(standing_of(membership.version, membership).state_of(step.key))
    turn = Turn(step, membership, record)
    open_to_decide = (
        kind.reviewed
        and membership.path.state == PathState.PUBLISHED
        and membership.person_id != current_person().id
        and membership.completed_at is None
    )
    return {
        **_around(membership, record.handed_in_at if record is not None else None, record=record),
        "step": step,
        "kind": kind,
        "record": record,
        "form": form,
        "word": word,
        "tone": tone,
        "graded": _is_graded(step),
        "can_decide": open_to_decide and (record is None or record.state not in {RecordState.DONE, RecordState.FAILED}),
        "can_return": open_to_decide and services.may_return(membership, step, record),
        "history": services.history_of(membership, step.key),
        "seen": _last_work(membership, step),
        **(kind.worked(turn) if isinstance(kind, ShowsWork) else {}),
    }


def _around(membership: Membership, at: datetime | None, *, record: StepRecord | None = None) -> dict[str, Any]:
    """Return what stands round a decision: the member, and the way through the queue where one comes from there."""
    person, sieve = current_person(), _sieve()
    around: dict[str, Any] = {
        "membership": membership,
        "path": membership.path,
        "asked": {**_asked(sieve), "from": "review"} if request.args.get("from") == "review" else {},
        "queue": _asked(sieve),
    }
    if around["asked"] and at is not None:
        for name, find_it in (("before", services.previous_in_queue), ("after", services.next_in_queue)):
            found = find_it(person, sieve, at, record=record, membership=membership)
            around[name] = place_of(found, sieve) if found is not None else None
    return around


@authoring.route("/members/<membership:membership>/approval", methods=["GET", "POST"])
@requires(Permission.STEP_CONFIRM, "membership")
def approval(membership: Membership) -> ResponseReturnValue:
    """Show everything that a member did on a path, and approve that they have completed it."""
    if not membership.version.approved:
        abort(404)
    form, at = DecisionForm(), membership.active_at
    if request.method == "GET":
        return page("authoring/approval.html", **_whole(membership, form))
    try:
        done = form.validate()
        if done:
            services.approve(membership, current_person(), form.comment.data or "")
    except Refused as error:
        session().rollback()
        form.refuse(error)
        done = False
    if not done:
        return page("authoring/approval.html", **_whole(membership, form)), 422
    commit()
    flash(_("Approved. %(name)s has completed the learning path.", name=membership.person.name), "success")
    return _onwards(membership, at)


def _whole(membership: Membership, form: DecisionForm) -> dict[str, Any]:
    version = membership.version
    standing = standing_of(version, membership)
    return {
        **_around(membership, membership.active_at),
        "form": form,
        "standing": standing,
        "lines": lines_of(
            version, standing, lambda step: url_for("authoring.decide", membership=membership, key=step.key)
        ),
        "records": {step.key: services.record_of(membership, step) for step in version.tasks},
        "waits": services.awaits_approval(membership),
        "own": membership.person_id == current_person().id,
    }
