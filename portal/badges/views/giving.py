"""A badge given to many at once: chosen, looked at line by line, and watched while the worker gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from portal.accounts.services import current_person
from portal.badges import providers
from portal.badges.blueprint import bp
from portal.badges.forms import LISTED, AwardManyForm
from portal.badges.jobs import give_to_many
from portal.badges.models import AwardBatch, BadgeClass, OrderState
from portal.badges.services import missing_for_issuing, ordering
from portal.core import ids
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.jobs import ring
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.badges.providers import Givable


@bp.get("/badges/awards/many")
@requires(Permission.AWARD_GIVE)
def give_many() -> ResponseReturnValue:
    """Ask which badge is given to whom, and show what was asked for before."""
    return _ask(_form())


@bp.post("/badges/awards/many")
@requires(Permission.AWARD_GIVE)
@limit("awards in bulk", "60/hour")
def give_many_now() -> ResponseReturnValue:
    """Show what every line comes to; on a second yes have the badges given."""
    form = _form()
    if not form.validate_on_submit():
        return _ask(form), 422
    try:
        return _give(form) if "give" in request.form else _look(form)
    except Refused as refused:
        session().rollback()
        form.refuse(refused)
        return _ask(form), 422


def _form() -> AwardManyForm:
    form = AwardManyForm()
    form.offer(providers.keepers().givable_by(current_person()))
    return form


def _ask(form: AwardManyForm) -> str:
    found = paginate(ordering.batches_of(current_person()))
    return page(
        "badges/give_many.html",
        form=form,
        batches=found,
        counts=ordering.counts_of(found.items),
        missing=missing_for_issuing(),
    )


def _chosen(form: AwardManyForm) -> tuple[Givable, list[ordering.Line] | None]:
    chosen = ordering.givable(current_person(), str(form.badge.data))
    if form.whom.data != LISTED:
        return chosen, None
    file = form.file.data.read() if form.file.data else b""
    typed = ordering.typed_lines(form.addresses.data or "", file)
    form.addresses.data = "\n".join(typed)
    return chosen, ordering.preview(chosen, typed)


def _look(form: AwardManyForm) -> ResponseReturnValue:
    chosen, lines = _chosen(form)
    form.key.data = ids.public_id()
    found = ordering.everybody(chosen) if lines is None else None
    return page(
        "badges/give_many_preview.html",
        form=form,
        chosen=chosen,
        badge=session().get(BadgeClass, chosen.badge_class_id),
        lines=lines,
        everybody=found,
        ready=found.ready if found else sum(1 for line in lines or [] if line.values),
    )


def _give(form: AwardManyForm) -> ResponseReturnValue:
    chosen, lines = _chosen(form)
    batch = ordering.start(chosen, by=current_person(), key=str(form.key.data or ""), lines=lines)
    ring(give_to_many)
    commit()
    return redirect(url_for("badges.batch", batch=batch), 303)


@bp.get("/badges/awards/many/<award_batch:batch>")
@requires(Permission.AWARD_GIVE, "batch")
def batch(batch: AwardBatch) -> ResponseReturnValue:
    """Show how far a batch is, and for whom no badge could be given."""
    counts = ordering.counts_of([batch])[batch.id]
    return page(
        "badges/batch.html",
        batch=batch,
        given=counts.get(OrderState.GIVEN, 0),
        total=sum(counts.values()),
        waiting=counts.get(OrderState.WAITING, 0),
        answers=ordering.answers_of(batch),
        problems=paginate(ordering.problems_of(batch)),
        why=_why(),
    )


def _why() -> dict[str, str]:
    return {
        OrderState.HAD: _("Has the badge already."),
        OrderState.NO_ADDRESS: _("Has no confirmed e-mail address."),
        OrderState.UNFIT: _("The badge could not be signed. Look whether its texts hold unusual characters."),
        OrderState.FAILED: _("The badge could not be given. Try again for this person."),
    }
