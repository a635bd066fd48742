"""Granting certificates by hand: to one learner of a path, or to many by a list that is looked at first."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import PeopleList, Person
from portal.accounts.previews import Preview
from portal.accounts.services import current_person, lists
from portal.certificates.models import GrantBatch, GrantOrder, OrderState
from portal.certificates.spans import today
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, timezone
from portal.learning import services
from portal.learning.achieved import achievement
from portal.learning.grant_forms import GrantForm, GrantListForm, GrantOrderForm
from portal.learning.models import LearningPath
from portal.learning.services import by_hand
from portal.learning.views.blueprints import authoring
from portal.web.downloads import csv_download
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

GRANT = "/learning-paths/<learning_path:path>/grant"
LIST = GRANT + "/list/<people_list:people_list>"
SHOWN_BATCHES = 10


@authoring.get(GRANT)
@requires(Permission.CERTIFICATE_GRANT, "path")
def grant(path: LearningPath) -> ResponseReturnValue:
    """Find the learner to whom a certificate is granted; show the lists that were carried out before."""
    text = request.args.get("q", "")
    listed = paginate(by_hand.learners_on(path, text), per_page=10)
    batches = session().scalars(
        select(GrantBatch)
        .where(GrantBatch.path_public_id == path.public_id)
        .order_by(GrantBatch.created_at.desc(), GrantBatch.id.desc())
        .limit(SHOWN_BATCHES)
        .options(joinedload(GrantBatch.by))
    )
    held = by_hand.standing(path, [person.id for person in listed.items])
    return page(
        "authoring/grant.html",
        path=path,
        page=listed,
        text=text,
        have={number for number, certificate in held.items() if by_hand.has_it(certificate)},
        batches=list(batches),
    )


@authoring.route(GRANT + "/to/<person:person>", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_GRANT, "path")
def grant_one(path: LearningPath, person: Person) -> ResponseReturnValue:
    """Grant a certificate to one learner of the path."""
    if services.membership_of(person, path) is None:
        abort(404)
    form = GrantForm(day=today(timezone()).isoformat())
    if form.validate_on_submit():
        try:
            achieved = achievement(
                form.day.data or "", form.grade.data or "", form.hours.data or "", usual=None, zone=timezone()
            )
            certificate = by_hand.grant_to(
                path,
                person,
                achieved,
                by=current_person(),
                reason=form.reason.data or "",
            )
        except Refused as refused:
            session().rollback()
            form.refuse(refused)
        else:
            commit()
            flash(_("The certificate is granted. %(name)s is told.", name=person.name), "success")
            return redirect(f"/certificates/{certificate.public_id}", 303)
    answer = page("authoring/grant_one.html", path=path, person=person, form=form)
    return answer, 422 if form.errors else 200


@authoring.route(GRANT + "/list", methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_GRANT, "path")
def grant_list(path: LearningPath) -> ResponseReturnValue:
    """Take a list pasted or as a file, and lead on to what each line would do."""
    form = GrantListForm(**_again(path))
    if request.method == "GET":
        return page("authoring/grant_list.html", path=path, form=form)
    try:
        valid, usual = form.validate(), form.usual
        kept = lists.keep_list(form.source, current_person(), _purpose(path, usual)) if valid else None
    except Refused as refused:
        session().rollback()
        form.refuse(Refused(refused.message, field=refused.field or form.given_in))
        kept = None
    if kept is None:
        return page("authoring/grant_list.html", path=path, form=form), 422
    commit()
    return redirect(url_for("authoring.grant_preview", path=path, people_list=kept), 303)


def _purpose(path: LearningPath, usual: date | None) -> str:
    return f"grant:{path.public_id}:{usual.isoformat() if usual else ''}"


def _usual(path: LearningPath, kept: PeopleList) -> date | None:
    """Return the usual day of one's own list that was made for this path; answer 404 for any other list."""
    text = kept.purpose.rpartition(":")[2]
    usual = date.fromisoformat(text) if text[:4].isdecimal() else None
    if not lists.belongs(kept, current_person(), _purpose(path, usual)):
        abort(404)
    return usual


def _again(path: LearningPath) -> dict[str, object]:
    """Return what a list said that is to be corrected here, where the address of the page names one."""
    kept = lists.list_by_public_id(request.args.get("again", ""))
    if kept is None or not kept.purpose.startswith(f"grant:{path.public_id}:"):
        return {"day": ""}
    usual = _usual(path, kept)
    return {"text": kept.text, "day": usual.isoformat() if usual else ""}


@authoring.route(LIST, methods=["GET", "POST"])
@requires(Permission.CERTIFICATE_GRANT, "path")
def grant_preview(path: LearningPath, people_list: PeopleList) -> ResponseReturnValue:
    """Show what each line of a list would do; nothing is granted before it is confirmed here."""
    usual = _usual(path, people_list)
    form = GrantOrderForm()
    if form.validate_on_submit():
        try:
            batch = by_hand.order(
                path, people_list, by=current_person(), usual=usual, reason=form.reason.data or "",
                invite=bool(form.invite.data) and current_person().may(Permission.ADMIN_PEOPLE),
            )  # fmt: skip
        except Refused as refused:
            session().rollback()
            form.refuse(refused)
        else:
            commit()
            return redirect(url_for("authoring.grant_batch", batch=batch), 303)
    found = by_hand.read(path, people_list.text, by=current_person(), usual=usual)
    answer = page(
        "authoring/grant_preview.html",
        path=path,
        kept=people_list,
        form=form,
        preview=Preview(found.rows, found.already),
        unknown=len(found.unknown),
    )
    return answer, 422 if form.errors else 200


@authoring.get(LIST + "/wrong.csv")
@requires(Permission.CERTIFICATE_GRANT, "path")
def grant_wrong(path: LearningPath, people_list: PeopleList) -> ResponseReturnValue:
    """Hand out the lines that are wrong, to be corrected and given again."""
    found = by_hand.read(path, people_list.text, by=current_person(), usual=_usual(path, people_list))
    headings = [_("Line"), "E-mail", _("Name"), _("What is wrong")]
    rows = list(Preview(found.rows, found.already).wrong_lines())
    return csv_download(_("%(name)s, lines to correct", name=path.title), headings, rows)


@authoring.get("/grants/<grant_batch:batch>")
@requires(Permission.CERTIFICATE_GRANT_BATCH, "batch")
def grant_batch(batch: GrantBatch) -> ResponseReturnValue:
    """Show how far a list is, and what became of each line."""
    counts = by_hand.counts_of(batch)
    wanted = request.args.get("show", "")
    statement = (
        select(GrantOrder)
        .where(GrantOrder.batch_id == batch.id)
        .order_by(GrantOrder.line, GrantOrder.id)
        .options(joinedload(GrantOrder.person), joinedload(GrantOrder.certificate))
    )
    if wanted in set(OrderState):
        statement = statement.where(GrantOrder.state == wanted)
    total = sum(counts.values())
    return page(
        "authoring/grant_batch.html",
        batch=batch,
        path=services.path_by_public_id(batch.path_public_id),
        counts=counts,
        total=total,
        done=total - counts.get(OrderState.DUE, 0),
        show=wanted,
        page=paginate(statement, per_page=50),
    )
