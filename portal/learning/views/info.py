"""The Info page of a path: what it is called, its cover, what completing it earns."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, language
from portal.learning import covers, services, validity_form
from portal.learning.forms import InfoForm
from portal.learning.models import LearningPath, PathVersion
from portal.learning.services import Info
from portal.learning.views import autosaving
from portal.learning.views.blueprints import authoring
from portal.learning.views.shapes import designer_url, editor_of
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

BADGE_FIELDS = {
    "name": "badge_name",
    "description": "badge_description",
    "criteria": "badge_criteria",
    "tags": "badge_tags",
    "image": "cover",
}


@authoring.route("/learning-paths/new", methods=["GET", "POST"])
@requires(Permission.PATH_CREATE)
def new() -> ResponseReturnValue:
    """Begin a path."""
    form = InfoForm(language=language())
    if request.method == "GET":
        return _page(form, None, None)
    info = _read(form, None)
    if info is None:
        return _page(form, None, None), 422
    path = services.create_path(current_person(), info)
    commit()
    flash(_("The draft is saved. Now add the steps."), "success")
    return redirect(url_for("authoring.info", path=path), 303)


@authoring.route("/learning-paths/<learning_path:path>", methods=["GET", "POST"])
@requires(Permission.PATH_EDIT, "path")
def info(path: LearningPath) -> ResponseReturnValue:
    """Show what a path says of itself; save it as a draft, or publish it."""
    if request.method == "GET":
        return _page(_filled(path.edited), path, path.edited.cover_key)
    form = InfoForm(steps=_steps_of(path.edited))
    wanted = _read(form, path)
    if wanted is None or not _save(path, form, wanted):
        if autosaving.asked():
            return autosaving.refused(form)
        return _page(form, path, covers.remembered(form, path.edited.cover_key)), 422
    if autosaving.asked():
        return autosaving.saved(revision=mark_of(path.edited))
    if request.form.get("action") == "publish":
        return _publish(path)
    flash(_("The draft is saved."), "success")
    return redirect(url_for("authoring.info", path=path), 303)


def _read(form: InfoForm, path: LearningPath | None) -> Info | None:
    """Return what a sent form says, or None where something in it has to be corrected."""
    commit()  # nothing was changed yet; a picture takes time to decode, and nobody should wait for it
    valid = form.validate()
    cover = covers.take(form, path.edited.cover_key if path is not None else None)
    form.check_dependents()
    if not valid or form.refused:
        return None
    return Info(
        title=form.title.data,
        description=form.description.data or "",
        language=form.language.data,
        cover_key=cover,
        cover_alt=form.cover_alt.data or "",
        certification=form.certification.data,
        **form.term,
        template=form.template.data or "",
        open_badges=form.open_badges.data,
        badge_name=form.badge_name.data or "",
        badge_description=form.badge_description.data or "",
        badge_criteria=form.badge_criteria.data or "",
        badge_tags=form.tags,
    )


def _save(path: LearningPath, form: InfoForm, info: Info) -> bool:
    """Save and commit, unless somebody else has changed the page since the form was opened."""
    services.lock(path)
    mark = mark_of(path.edited)
    if form.revision.data and form.revision.data != mark and services.info_of(path.edited) != info:
        form.revision.data = mark
        form.refuse(
            Refused(
                _(
                    "Somebody changed this page after you opened it. What you typed is still here: "
                    "look at the page in another tab, then save again to keep yours."
                )
            )
        )
        return False
    services.save_info(path, info)
    commit()
    return True


def _publish(path: LearningPath) -> ResponseReturnValue:
    """Publish what was just saved; where something is missing, the page says what."""
    if services.problems_of(path):
        return _page(_filled(path.edited), path, path.edited.cover_key, unpublished=True), 422
    try:
        version = services.publish(path)
    except Refused as error:
        session().rollback()
        form = _filled(path.edited)
        form.refuse(Refused(error.message, field=BADGE_FIELDS.get(error.field or "")))
        return _page(form, path, path.edited.cover_key, unpublished=True), 422
    commit()
    flash(_("Published as version %(number)s.", number=version.number), "success")
    return redirect(url_for("authoring.info", path=path), 303)


def _steps_of(version: PathVersion) -> dict[str, str]:
    """Return the titles of the steps that a renewal may ask for again."""
    return {step.key: step.title for step in version.tasks}


def mark_of(version: PathVersion) -> str:
    """Return what changes whenever somebody saves the version."""
    return f"{version.public_id}.{version.revision}"


def _filled(version: PathVersion) -> InfoForm:
    said = services.info_of(version)
    form = InfoForm(
        formdata=None,
        steps=_steps_of(version),
        title=said.title,
        description=said.description,
        language=said.language,
        cover_alt=said.cover_alt,
        certification=said.certification,
        **validity_form.filled(said),
        template=said.template,
        open_badges=said.open_badges,
        badge_name=said.badge_name,
        badge_description=said.badge_description,
        badge_criteria=said.badge_criteria,
        badge_tags=", ".join(said.badge_tags),
        revision=mark_of(version),
    )
    covers.remember(form, said.cover_key)
    return form


def _page(form: InfoForm, path: LearningPath | None, cover: str | None, **more: Any) -> str:
    badge = form.certification.data and form.open_badges.data
    return page(
        "authoring/info.html",
        form=form,
        path=path,
        editor=editor_of(path) if path is not None else None,
        cover_key=cover,
        cover_warnings=covers.warnings(cover, badge=badge),
        criteria=services.criteria_from_steps(path.edited) if path is not None else "",
        designer_url=designer_url(path),
        **more,
    )
