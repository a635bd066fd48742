"""The dates of an event as its instructor keeps them, and who came."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.services import current_person
from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, ngettext
from portal.learning import event_words, services
from portal.learning.event_forms import AbsentForm, DateForm, filled_date
from portal.learning.models import EventDate, EventSeat, LearningPath, Membership, SeatState, Step
from portal.learning.services import events, seats
from portal.learning.views.blueprints import authoring
from portal.web.downloads import csv_download
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

DATES = "/learning-paths/<learning_path:path>/steps/<key>/dates"
DATE = "/event-dates/<event_date:date>"
PER_PAGE = 50


def _event(path: LearningPath, key: str) -> Step:
    step = events.event_of(path, key)
    if step is None:
        abort(404)
    return step


@authoring.get(DATES)
@requires(Permission.PATH_MEMBERS, "path")
def event_dates(path: LearningPath, key: str) -> ResponseReturnValue:
    """List the dates of an event."""
    step = _event(path, key)
    dates = events.dates_of(path, key)
    return page(
        "authoring/events/dates.html",
        path=path,
        step=step,
        dates=dates,
        counts=events.counts_of(dates),
        may_edit=services.edits(current_person(), path),
        may_review=services.reviews(current_person(), path),
        words=event_words,
    )


@authoring.route(DATES + "/new", methods=["GET", "POST"])
@requires(Permission.PATH_EDIT, "path")
def new_date(path: LearningPath, key: str) -> ResponseReturnValue:
    """Add a date to an event."""
    step = _event(path, key)
    form = DateForm()
    shown = {"path": path, "step": step, "form": form, "date": None}
    if request.method == "GET":
        return page("authoring/events/date.html", **shown)
    form.validate()
    appointment = form.appointment()
    if appointment is None:
        return page("authoring/events/date.html", **shown), 422
    try:
        events.add_date(path, key, appointment)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return page("authoring/events/date.html", **shown), 422
    commit()
    flash(_("The date is added. Learners can sign up for it as soon as the path is published."), "success")
    return redirect(url_for("authoring.event_dates", path=path, key=key), 303)


@authoring.route(DATE, methods=["GET", "POST"])
@requires(Permission.EVENT_DATE, "date")
def event_date(date: EventDate) -> ResponseReturnValue:
    """Change a date."""
    step = _event(date.path, date.step_key)
    form = DateForm() if request.method == "POST" else DateForm(formdata=None, **filled_date(date))
    shown = {"path": date.path, "step": step, "form": form, "date": date}
    if request.method == "GET":
        return page("authoring/events/date.html", **shown)
    form.validate()
    appointment = form.appointment()
    if appointment is None:
        return page("authoring/events/date.html", **shown), 422
    try:
        changed = events.change_date(date, appointment)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return page("authoring/events/date.html", **shown), 422
    commit()
    flash(_("The date is saved. Those who signed up are told.") if changed else _("Nothing was changed."), "success")
    return redirect(url_for("authoring.event_dates", path=date.path, key=date.step_key), 303)


@authoring.route(DATE + "/cancel", methods=["GET", "POST"])
@requires(Permission.EVENT_DATE, "date")
def cancel_date(date: EventDate) -> ResponseReturnValue:
    """Ask, then cancel a date, or take it away where nobody ever signed up."""
    known = events.counts_of([date])[date.id]
    back = url_for("authoring.event_dates", path=date.path, key=date.step_key)
    if request.method == "POST":
        try:
            events.cancel_date(date) if known else events.remove_date(date)
        except Refused as error:
            session().rollback()
            flash(str(error.message), "danger")
            return redirect(back, 303)
        commit()
        flash(
            _("The date is cancelled. Those who signed up are told.") if known else _("The date is removed."), "success"
        )
        return redirect(back, 303)
    return page(
        "authoring/confirm.html",
        path=date.path,
        heading=_("Cancel the date on %(date)s", date=event_words.date_words(date))
        if known
        else _("Remove the date on %(date)s", date=event_words.date_words(date)),
        text=_("Those who signed up are told, and can choose another date. This cannot be taken back.")
        if known
        else _("Nobody has signed up for it."),
        button=_("Cancel the date") if known else _("Remove"),
        cancel_url=back,
    )


@authoring.get(DATE + "/attendance")
@requires(Permission.EVENT_ATTENDANCE, "date")
def attendance(date: EventDate) -> ResponseReturnValue:
    """List who signed up for a date, and who came."""
    listed = paginate(events.seats_of(date), per_page=PER_PAGE)
    counts = events.counts_of([date])[date.id]
    return page(
        "authoring/events/attendance.html",
        path=date.path,
        step=_event(date.path, date.step_key),
        date=date,
        page=listed,
        counts=counts,
        begun=date.cancelled_at is None and date.starts_at <= now(),
        me=current_person(),
        words=event_words,
        seat_words=seat_words(),
    )


@authoring.post(DATE + "/attendance")
@requires(Permission.EVENT_ATTENDANCE, "date")
def set_attendance(date: EventDate) -> ResponseReturnValue:
    """Say that one person came or did not, or that everybody did."""
    back = url_for("authoring.attendance", date=date, page=request.args.get("page") or None)
    try:
        said = _said(date)
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
        return redirect(back, 303)
    commit()
    flash(said, "success")
    return redirect(back, 303)


def _said(date: EventDate) -> str:
    action = request.form.get("action")
    if action == "everybody":
        count = seats.attend_all(date, current_person())
        return ngettext("%(num)s person was there.", "%(num)s people were there.", count)
    if action not in {"came", "absent"}:
        abort(400)
    seat = _seat(date)
    seats.set_attended(seat, current_person(), attended=action == "came")
    name = seat.membership.person.name
    return _("%(name)s was there.", name=name) if action == "came" else _("%(name)s was not there.", name=name)


def _seat(date: EventDate) -> EventSeat:
    wanted = request.form.get("seat", "") if request.method == "POST" else request.args.get("seat", "")
    statement = (
        events.seats_of(date)
        .where(EventSeat.public_id == wanted)
        .options(joinedload(EventSeat.date), contains_eager(EventSeat.membership).joinedload(Membership.path))
    )
    seat: EventSeat | None = session().scalars(statement).unique().first()
    if seat is None:
        abort(404)
    return seat


@authoring.route(DATE + "/fail", methods=["GET", "POST"])
@requires(Permission.EVENT_ATTENDANCE, "date")
def fail_absent(date: EventDate) -> ResponseReturnValue:
    """Ask why, then set the step failed for somebody who was not there."""
    seat = _seat(date)
    form = AbsentForm()
    shown: dict[str, Any] = {"path": date.path, "step": _event(date.path, date.step_key), "date": date, "seat": seat}
    if seat.state != SeatState.ABSENT:
        abort(404)
    if request.method == "GET":
        return page("authoring/events/fail.html", form=form, **shown)
    try:
        valid = form.validate()
        if valid:
            services.fail(seat.membership, date.step_key, current_person(), form.comment.data or "")
    except Refused as error:
        session().rollback()
        form.refuse(error)
        valid = False
    if not valid:
        return page("authoring/events/fail.html", form=form, **shown), 422
    commit()
    flash(_("The step is failed for %(name)s.", name=seat.membership.person.name), "success")
    return redirect(url_for("authoring.attendance", date=date), 303)


@authoring.get(DATE + "/attendance.csv")
@requires(Permission.EVENT_ATTENDANCE, "date")
def attendance_file(date: EventDate) -> Response:
    """Give the list of who signed up, as a table."""
    words = seat_words()
    rows = [
        (
            seat.membership.person.name,
            seat.membership.person.email or "",
            words[seat.state],
            seat.at.isoformat(),
        )
        for seat in session().scalars(events.seats_of(date)).unique()
    ]
    headings = (_("Name"), _("E-mail"), _("State"), _("Since"))
    title = _event(date.path, date.step_key).title
    return csv_download(f"{title} {date.starts_at:%Y-%m-%d}", headings, rows)


def seat_words() -> dict[str, str]:
    """Return the word for each state of a seat."""
    return {
        SeatState.TAKEN: _("Signed up"),
        SeatState.WAITING: _("In the waiting list"),
        SeatState.GIVEN_UP: _("Given up"),
        SeatState.ATTENDED: _("Was there"),
        SeatState.ABSENT: _("Was not there"),
    }
