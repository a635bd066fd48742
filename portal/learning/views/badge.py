"""The page Badge details of a path: type, language, frameworks, and the versions that there are."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.badges.achievement_types import ORDINARY
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.badge_form import BadgeDetailsForm
from portal.learning.models import LearningPath
from portal.learning.services import badge_details
from portal.learning.views.blueprints import authoring
from portal.learning.views.info import mark_of
from portal.learning.views.shapes import editor_of
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

ADD, REMOVE = "add", "remove-"


@authoring.route("/learning-paths/<learning_path:path>/badge", methods=["GET", "POST"])
@requires(Permission.PATH_EDIT, "path")
def badge(path: LearningPath) -> ResponseReturnValue:
    """Show what a path's badge says besides its name; save it as a draft. Rows are added and removed before that."""
    if request.method == "GET":
        return _page(_filled(path), path)
    form = BadgeDetailsForm(
        path_language=path.edited.language, achievement_type=path.edited.certification.badge_achievement_type
    )
    wish = request.form.get("action", "")
    if wish == ADD or wish.startswith(REMOVE):
        return _page(_with_rows(form, path, wish), path)
    if not form.validate():
        form.show_row_errors()
        return _page(form, path), 422
    if not _save(path, form):
        return _page(form, path), 422
    flash(_("The draft is saved."), "success")
    return redirect(url_for("authoring.badge", path=path), 303)


def _save(path: LearningPath, form: BadgeDetailsForm) -> bool:
    """Save and commit, unless something has to be corrected or somebody else has changed the draft meanwhile."""
    services.lock(path)
    mark = mark_of(path.edited)
    if form.revision.data and form.revision.data != mark:
        form.revision.data = mark
        form.refuse(
            Refused(
                _(
                    "Somebody changed this draft after you opened it. What you typed is still here: "
                    "look at the page in another tab, then save again to keep yours."
                )
            )
        )
        return False
    try:
        badge_details.save_badge_details(path, form.details)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return False
    commit()
    return True


def _filled(path: LearningPath) -> BadgeDetailsForm:
    said = badge_details.badge_details_of(path.edited)
    return _form(
        path,
        achievement_type=said.achievement_type or ORDINARY,
        language=said.language,
        alignments=[asdict(item) for item in said.alignments],
        revision=mark_of(path.edited),
    )


def _form(path: LearningPath, **values: Any) -> BadgeDetailsForm:
    return BadgeDetailsForm(formdata=None, path_language=path.edited.language, **values)


def _with_rows(form: BadgeDetailsForm, path: LearningPath, wish: str) -> BadgeDetailsForm:
    """Return the form as it was sent, with a row more or without one."""
    rows = [dict(entry.data) for entry in form.alignments.entries]
    number = wish.removeprefix(REMOVE)
    if wish == ADD and len(rows) < form.alignments.max_entries:
        rows.append({})
    elif number.isdecimal() and int(number) < len(rows):
        del rows[int(number)]
    return _form(
        path,
        achievement_type=form.achievement_type.data,
        language=form.language.data,
        alignments=rows,
        revision=form.revision.data,
    )


def _page(form: BadgeDetailsForm, path: LearningPath) -> str:
    versions = badge_details.badge_versions_of(path)
    return page(
        "authoring/badge.html",
        form=form,
        path=path,
        editor=editor_of(path),
        version=path.edited,
        versions=versions,
        next_version=badge_details.next_badge_version(path, versions),
    )
