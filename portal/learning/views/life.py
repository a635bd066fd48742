"""What is done with a path as a whole: copied, exported and imported, archived, deleted."""

from __future__ import annotations

import re
from typing import BinaryIO, cast

from flask import flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, ngettext
from portal.learning import packing, services
from portal.learning.goals.event import AnEvent
from portal.learning.goals.xapi import OutsideContent
from portal.learning.models import LearningPath
from portal.learning.settings_form import ImportForm
from portal.learning.views.blueprints import authoring
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.sizes import accepts
from portal.web.stamps import requires

PATH = "/learning-paths/<learning_path:path>"


@authoring.post(PATH + "/clone")
@requires(Permission.PATH_EDIT, "path")
def clone(path: LearningPath) -> ResponseReturnValue:
    """Make a copy of a path, whose owner is the reader."""
    copied = services.clone(path, current_person())
    commit()
    flash(_("This is the copy: a draft of yours, without members."), "success")
    _say_what_is_left_to_do(copied)
    return redirect(url_for("authoring.info", path=copied), 303)


@authoring.get(PATH + "/export")
@requires(Permission.PATH_EDIT, "path")
@limit("export", "60/hour")
def export(path: LearningPath) -> ResponseReturnValue:
    """Give a path away as one file."""
    name = re.sub(r"[^\w-]+", "-", path.title, flags=re.ASCII).strip("-").lower() or "learning-path"
    return send_file(
        packing.pack(path), mimetype="application/zip", as_attachment=True, download_name=f"{name[:60]}.zip", max_age=0
    )


@authoring.route("/learning-paths/import", methods=["GET", "POST"])
@requires(Permission.PATH_CREATE)
@limit("import", "120/hour")
@accepts(most_bytes=packing.LARGEST)
def import_path() -> ResponseReturnValue:
    """Make a path from a file that another installation, or this one, exported."""
    form = ImportForm()
    if request.method == "GET":
        return page("authoring/import.html", form=form)
    commit()  # nothing was changed yet; files take time to be read, and nobody should wait for it
    try:
        path = packing.unpack(packing.read(_file(form)), current_person())
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return page("authoring/import.html", form=form), 422
    commit()
    flash(_("The learning path is imported as a draft of yours. Look through it, then publish it."), "success")
    _say_what_is_left_to_do(path)
    return redirect(url_for("authoring.info", path=path), 303)


def _say_what_is_left_to_do(path: LearningPath) -> None:
    """Say how many steps of a copied or imported path need what stands beside a path and so did not come along."""
    kinds = [step.kind for step in path.edited.tasks]
    if events := kinds.count(AnEvent.name):
        flash(
            ngettext(
                "%(num)s event has no dates yet: dates do not come along. Add them on the Steps page.",
                "%(num)s events have no dates yet: dates do not come along. Add them on the Steps page.",
                events,
            ),
            "warning",
        )
    if outside := kinds.count(OutsideContent.name):
        flash(
            ngettext(
                "%(num)s step reports from outside, and its keys do not come along. "
                "Make a new key on the Steps page and give it to the content.",
                "%(num)s steps report from outside, and their keys do not come along. "
                "Make new keys on the Steps page and give them to the content.",
                outside,
            ),
            "warning",
        )


def _file(form: ImportForm) -> BinaryIO:
    if not form.validate() or not (form.file.data and form.file.data.filename):
        raise Refused(_("Choose the file of an exported learning path."), field="file")
    return cast("BinaryIO", form.file.data.stream)


@authoring.route(PATH + "/archive", methods=["GET", "POST"])
@requires(Permission.PATH_PUBLISH, "path")
def archive(path: LearningPath) -> ResponseReturnValue:
    """Ask, then put a path into the archive."""
    if request.method == "POST":
        services.archive(path)
        commit()
        flash(_("The learning path is in the archive. What people earned stays theirs."), "success")
        return redirect(url_for("authoring.paths", state="archived"), 303)
    return page(
        "authoring/confirm.html",
        path=path,
        heading=_("Archive this learning path"),
        text=_(
            "Nobody joins it or goes further any more, and it leaves your list. Certificates and badges that people "
            "earned stay theirs. You can take it out of the archive again."
        ),
        button=_("Archive"),
        cancel_url=url_for("authoring.settings", path=path),
    )


@authoring.post(PATH + "/restore")
@requires(Permission.PATH_PUBLISH, "path")
def restore(path: LearningPath) -> ResponseReturnValue:
    """Take a path out of the archive."""
    services.restore(path)
    commit()
    flash(_("The learning path is out of the archive."), "success")
    return redirect(url_for("authoring.info", path=path), 303)


@authoring.route(PATH + "/delete", methods=["GET", "POST"])
@requires(Permission.PATH_PUBLISH, "path")
def delete(path: LearningPath) -> ResponseReturnValue:
    """Ask, then delete a path that nobody earned anything from."""
    if request.method == "POST":
        try:
            services.delete_path(path)
        except Refused as error:
            session().rollback()
            flash(str(error.message), "danger")
            return redirect(url_for("authoring.settings", path=path), 303)
        commit()
        flash(_("The learning path is deleted."), "success")
        return redirect(url_for("authoring.paths"), 303)
    if services.was_earned(path):
        flash(_("Somebody has completed this learning path. Put it into the archive instead."), "danger")
        return redirect(url_for("authoring.settings", path=path), 303)
    members = services.count_of_members(path)
    lost = ngettext(
        "%(num)s person is on it; what they have done so far is lost.",
        "%(num)s people are on it; what they have done so far is lost.",
        members,
    )
    return page(
        "authoring/confirm.html",
        path=path,
        heading=_("Delete this learning path"),
        text=_("The path, its drafts and versions are deleted for good.") + (f" {lost}" if members else ""),
        button=_("Delete"),
        cancel_url=url_for("authoring.settings", path=path),
    )
