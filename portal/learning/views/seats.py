"""A learner's place at an event: signing up, giving it up, and the file for their calendar."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.settings import address_of
from portal.learning import services
from portal.learning.models import EventDate, LearningPath, Membership, SeatState
from portal.learning.services import seats
from portal.learning.services.event_calendar import calendar_of
from portal.learning.views.blueprints import bp
from portal.web.policy import Permission
from portal.web.stamps import requires

DATE = "/learning-paths/<learning_path:path>/dates/<event_date:date>"


def _membership(path: LearningPath, date: EventDate) -> Membership:
    membership = services.active_membership(current_person(), path)
    if membership is None or date.path_id != path.id or membership.version.step(date.step_key) is None:
        abort(404)
    return membership


@bp.post(DATE + "/sign-up")
@requires(Permission.PATH_LEARN, "path")
def sign_up(path: LearningPath, date: EventDate) -> ResponseReturnValue:
    """Give the reader a place at a date, or in its waiting list."""
    membership = _membership(path, date)
    back = redirect(url_for("learning.step", path=path, key=date.step_key), 303)
    try:
        seat = seats.sign_up(membership, date)
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
        return back
    commit()
    if seat.state == SeatState.TAKEN:
        flash(_("You have a place. Put the date into your calendar."), "success")
    else:
        flash(_("You are in the waiting list. You are told as soon as a place comes free."), "success")
    return back


@bp.post(DATE + "/give-up")
@requires(Permission.PATH_LEARN, "path")
def give_up(path: LearningPath, date: EventDate) -> ResponseReturnValue:
    """Let the reader give up their place."""
    membership = _membership(path, date)
    try:
        seats.give_up(membership, date)
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
    else:
        commit()
        flash(_("You have given up your place. You can choose another date."), "success")
    return redirect(url_for("learning.step", path=path, key=date.step_key), 303)


@bp.get(DATE + "/calendar.ics")
@requires(Permission.PATH_LEARN, "path")
def calendar_file(path: LearningPath, date: EventDate) -> Response:
    """Give the reader a date for their calendar."""
    membership = _membership(path, date)
    step = membership.version.step(date.step_key)
    assert step is not None
    data = calendar_of(
        date,
        title=step.title,
        path_title=membership.version.title,
        text=str(step.content.get("text", "")),
        url=address_of("learning.step", path=path, key=date.step_key),
    )
    answer = Response(data, content_type="text/calendar; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="event.ics")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
