"""The Settings page of a path: for whom it is, what comes before it, where it stands among others."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.models import Group
from portal.accounts.services import current_person
from portal.accounts.services import groups as account_groups
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.models import LearningPath, Visibility
from portal.learning.settings_form import SettingsForm
from portal.learning.views.blueprints import authoring
from portal.learning.views.shapes import editor_of
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires


@authoring.route("/learning-paths/<learning_path:path>/settings", methods=["GET", "POST"])
@requires(Permission.PATH_EDIT, "path")
def settings(path: LearningPath) -> ResponseReturnValue:
    """Show for whom a path is; save it."""
    groups, paths = _groups(), services.paths_to_need(current_person(), path)
    choices = {
        "of_groups": [(group.public_id, group.label) for group in groups],
        "of_paths": [(other.public_id, other.title) for other in paths],
        "of_categories": services.categories(),
    }
    if request.method == "GET":
        form = SettingsForm(
            formdata=None,
            seen=path.seen_by,
            joined=path.joined_by,
            groups=[group.public_id for group in path.groups],
            needs=[other.public_id for other in path.needs],
            approved=path.edited.approved,
            categories=[category.public_id for category in path.categories],
            tags=", ".join(tag.word for tag in path.tags),
            **choices,
        )
        return _page(path, form)
    form = SettingsForm(**choices)
    if not form.validate():
        return _page(path, form), 422
    try:
        _save(path, form, groups, paths)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return _page(path, form), 422
    commit()
    flash(_("The settings are saved."), "success")
    return redirect(url_for("authoring.settings", path=path), 303)


def _groups() -> Sequence[Group]:
    return session().scalars(account_groups.groups()).all()


def _save(path: LearningPath, form: SettingsForm, groups: Sequence[Group], paths: Sequence[LearningPath]) -> None:
    services.set_audience(
        path,
        seen=Visibility(form.seen.data),
        joined=Visibility(form.joined.data),
        groups=[group for group in groups if group.public_id in form.groups.data],
    )
    services.set_prerequisites(path, [other for other in paths if other.public_id in form.needs.data])
    chosen = [services.category_by_public_id(key) for key in form.categories.data]
    services.sort_path(path, [category for category in chosen if category], (form.tags.data or "").split(","))
    services.set_approval(path, approved=bool(form.approved.data))


def _page(path: LearningPath, form: SettingsForm) -> str:
    return page(
        "authoring/settings.html",
        earned=services.was_earned(path),
        path=path,
        form=form,
        editor=editor_of(path),
        owns=services.owns(current_person(), path),
    )
