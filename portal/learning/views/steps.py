"""The Steps page of a path: the ordered list, and the form of each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import pictures
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, timezone
from portal.learning import services
from portal.learning.goals.forms import PageForm, StepForm, filled
from portal.learning.goals.kind import GoalKind
from portal.learning.goals.registry import KINDS, find, kind_of
from portal.learning.models import LearningPath, PathVersion, Step
from portal.learning.views import autosaving
from portal.learning.views.blueprints import authoring
from portal.learning.views.shapes import editor_of, note_of
from portal.web.forms import LONG
from portal.web.pages import page, picture_url
from portal.web.policy import Permission
from portal.web.sizes import accepts
from portal.web.stamps import requires

PICTURE_RULES = pictures.PictureRules(formats=("PNG", "JPEG", "WEBP"), min_side=1, field="picture")
MOST_FIELDS = 8_000  # a quiz of a hundred questions with twenty answers each
STEPS = "/learning-paths/<learning_path:path>/steps"


@authoring.get(STEPS)
@requires(Permission.PATH_EDIT, "path")
def steps(path: LearningPath) -> ResponseReturnValue:
    """List the steps of a path in order."""
    return page(
        "authoring/steps.html",
        path=path,
        editor=editor_of(path),
        held=tree_of(path.edited),
        kinds=KINDS,
        groups=groups_of(path.edited),
    )


@authoring.route(STEPS + "/new/<kind>", methods=["GET", "POST"])
@accepts(most_parts=MOST_FIELDS)
@requires(Permission.PATH_EDIT, "path")
def new_step(path: LearningPath, kind: str) -> ResponseReturnValue:
    """Write a step of a kind."""
    chosen = find(kind)
    if chosen is None:
        abort(404)
    form = chosen.form(groups=groups_of(path.edited), parent=request.args.get("group", ""))
    if request.method == "GET":
        return _page(path, form, chosen, None)
    if form.rework(request.form.get("action", "")):
        return _page(path, form, chosen, None)
    if not _valid(form):
        return _page(path, form, chosen, None), 422
    if request.form.get("action") == "picture":
        return _page(path, form, chosen, None)
    try:
        services.add_step(
            path, chosen.name, **_said(form), content=chosen.content_of(form), parent=form.parent.data or None
        )
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return _page(path, form, chosen, None), 422
    commit()
    flash(_("The step is added."), "success")
    return redirect(url_for("authoring.steps", path=path), 303)


@authoring.route(STEPS + "/<key>", methods=["GET", "POST"])
@accepts(most_parts=MOST_FIELDS)
@requires(Permission.PATH_EDIT, "path")
def step(path: LearningPath, key: str) -> ResponseReturnValue:
    """Change a step."""
    found = _step(path, key)
    if found.is_group:
        return redirect(url_for("authoring.group", path=path, key=key))
    kind = kind_of(found.kind)
    if request.method == "GET":
        form = kind.form(
            formdata=None,
            groups=groups_of(path.edited),
            minutes=found.minutes,
            points=found.points,
            **filled(found),
        )
        kind.fill(form, found.content)
        return _page(path, form, kind, found)
    form = kind.form(groups=groups_of(path.edited))
    if form.rework(request.form.get("action", "")):
        return _page(path, form, kind, found)
    if not _valid(form):
        return _refused(path, form, kind, found)
    if request.form.get("action") == "picture":
        return _page(path, form, kind, found)
    try:
        services.save_step(path, key, **_said(form), content=kind.content_of(form))
        services.move_into(path, key, form.parent.data or None)
    except Refused as error:
        session().rollback()
        form.refuse(error)
        return _refused(path, form, kind, found)
    commit()
    if autosaving.asked():
        return autosaving.saved()
    flash(_("The step is saved."), "success")
    return redirect(url_for("authoring.steps", path=path), 303)


def _refused(path: LearningPath, form: StepForm, kind: GoalKind, found: Step) -> ResponseReturnValue:
    return autosaving.refused(form) if autosaving.asked() else (_page(path, form, kind, found), 422)


def _step(path: LearningPath, key: str) -> Step:
    found = path.edited.step(key)
    if found is None:
        abort(404)
    return found


def groups_of(version: PathVersion, moved: Step | None = None) -> list[tuple[str, str]]:
    """Return the groups that a step can be put into, each by its key with the groups round it; not those in itself."""
    names: dict[str, str] = {}
    for step in version.steps:
        inside = moved is not None and (step.key == moved.key or (step.parent_key and step.parent_key not in names))
        if step.is_group and not inside:
            around = names.get(step.parent_key or "")
            names[step.key] = f"{around} › {step.title}" if around else step.title
    return list(names.items())


@dataclass(frozen=True)
class Held:
    """A step or group in the list of its instructor, with the line under its title and what it holds."""

    step: Step
    note: str
    held: list[Held]


def tree_of(version: PathVersion, parent: str | None = None) -> list[Held]:
    """Return what stands in a group of a version, or on the path itself, with all that is inside."""
    return [Held(step, note_of(step), tree_of(version, step.key)) for step in services.held_by(version, parent)]


def _said(form: StepForm) -> dict[str, Any]:
    return {
        "title": form.title.data,
        "mandatory": form.mandatory.data,
        "minutes": form.minutes.data,
        "rules": form.rules,
    }


def _valid(form: StepForm) -> bool:
    """Check a form; a picture that came with it is stored and put at the end of the text."""
    commit()  # nothing was changed yet; a picture takes time to decode, and nobody should wait for it
    valid = form.validate()
    form.check_rules()
    form.keep_files()
    if isinstance(form, PageForm):
        _take_picture(form)
    return bool(valid) and not form.refused


def _take_picture(form: PageForm) -> None:
    upload = form.picture.data
    if not (upload and upload.filename):
        return
    try:
        key = pictures.keep(pictures.check(upload.read(), PICTURE_RULES))
    except Refused as error:
        form.refuse(error)
        return
    shown = "".join(sign for sign in form.picture_alt.data or "" if sign not in "[]\\")
    text = f"{form.text.data or ''}\n\n![{shown}]({picture_url(key)})".strip()
    if len(text) > LONG:
        form.refuse(Refused(_("The text is too long for another picture."), field="picture"))
        return
    form.text.data = text
    form.picture_alt.data = ""


@authoring.post(STEPS + "/<key>/move")
@requires(Permission.PATH_EDIT, "path")
def move_step(path: LearningPath, key: str) -> ResponseReturnValue:
    """Put a step elsewhere: one up, one down, or at a position counted from 1."""
    found = _step(path, key)
    asked = request.form.get("position", "")
    away = {"up": -1, "down": 1}.get(request.form.get("direction", ""))
    if asked.isascii() and asked.isdecimal() and len(asked) < 6:
        position = int(asked)
    elif away is not None:
        position = services.place_of(path.edited, found) + away
    else:
        abort(400)
    services.move_step(path, key, position)
    commit()
    return redirect(url_for("authoring.steps", path=path), 303)


@authoring.post(STEPS + "/<key>/mandatory")
@requires(Permission.PATH_EDIT, "path")
def mandatory(path: LearningPath, key: str) -> ResponseReturnValue:
    """Say whether a step counts."""
    _step(path, key)
    services.set_mandatory(path, key, mandatory=request.form.get("mandatory") == "y")
    commit()
    return redirect(url_for("authoring.steps", path=path), 303)


@authoring.route(STEPS + "/<key>/remove", methods=["GET", "POST"])
@requires(Permission.PATH_EDIT, "path")
def remove_step(path: LearningPath, key: str) -> ResponseReturnValue:
    """Ask, then take a step out."""
    if request.method == "POST":
        services.remove_step(path, key)
        commit()
        flash(_("The step is removed."), "success")
        return redirect(url_for("authoring.steps", path=path), 303)
    found = _step(path, key)
    return page(
        "authoring/confirm.html",
        path=path,
        heading=_("Remove the step “%(title)s”", title=found.title),
        text=_("The group is taken out of the draft; what stands in it stays on the path.")
        if found.is_group
        else _("It is taken out of the draft. Learners see it until you publish the path again."),
        button=_("Remove"),
        cancel_url=url_for("authoring.steps", path=path),
    )


def _page(path: LearningPath, form: StepForm, kind: GoalKind, step: Step | None) -> str:
    return page("authoring/step.html", path=path, form=form, kind=kind, step=step, zone=timezone())
