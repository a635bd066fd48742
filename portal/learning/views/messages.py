"""Writing to members of a path: to those who are ticked, or to all that the list shows."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, ngettext
from portal.learning.member_forms import MessageForm
from portal.learning.models import LearningPath
from portal.learning.services import messages as services
from portal.learning.services import roster
from portal.learning.services.roster import Asked
from portal.learning.views.blueprints import authoring
from portal.web.limits import allowed
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

MEMBERS = "/learning-paths/<learning_path:path>/members"
MOST_TICKED = 200
NAMED = 10
RATE = "30/hour"


@authoring.route(MEMBERS + "/message", methods=["GET", "POST"])
@requires(Permission.PATH_MEMBERS, "path")
def write_message(path: LearningPath) -> ResponseReturnValue:
    """Show how many members a message is for, and write it to them."""
    ticked = request.values.getlist("member")[:MOST_TICKED]
    if "compose" in request.form and not ticked:
        flash(_("Nobody is ticked. Tick whom you want to write to, then press the button again."), "warning")
        return redirect(url_for("authoring.members", path=path, **Asked.of(request.form).arguments), 303)
    asked = Asked.of(request.values)
    members = roster.chosen(path, ticked)
    to = [member.person_id for member in members if member.person.active] if ticked else roster.person_ids(path, asked)
    form = MessageForm()
    shown = {
        "path": path,
        "form": form,
        "ticked": [member.public_id for member in members],
        "names": [member.person.name for member in members[:NAMED]],
        "asked": asked,
        "number": len(to),
    }
    if request.method == "GET" or "compose" in request.form:
        return page("authoring/write_message.html", **shown)
    try:
        if not form.validate():
            return page("authoring/write_message.html", **shown), 422
        _count_one()
        services.write(path, current_person(), subject=form.subject.data or "", text=form.text.data or "", to=to)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return page("authoring/write_message.html", **shown), 422
    commit()
    flash(
        ngettext(
            "The message is on its way to %(num)s member.", "The message is on its way to %(num)s members.", len(to)
        ),
        "success",
    )
    return redirect(url_for("authoring.members", path=path, **asked.arguments), 303)


def _count_one() -> None:
    if not allowed("messages to members", RATE, current_person().public_id):
        raise Refused(_("You have written many messages within an hour. Wait a while, then send this one."))


@authoring.get(MEMBERS + "/messages")
@requires(Permission.PATH_MEMBERS, "path")
def messages(path: LearningPath) -> ResponseReturnValue:
    """List what was written to members of a path."""
    return page("authoring/messages.html", path=path, page=paginate(services.messages_of(path), per_page=10))
