"""A path as a learner will see it, before it is published."""

from __future__ import annotations

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from portal.badges import services as badges
from portal.learning.goals.kind import Turn
from portal.learning.goals.registry import kind_of
from portal.learning.models import LearningPath
from portal.learning.views.blueprints import authoring
from portal.learning.views.shapes import duration, editor_of, lines_of, standing_of, validity_words
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires


@authoring.get("/learning-paths/<learning_path:path>/preview")
@requires(Permission.PATH_EDIT, "path")
def preview(path: LearningPath) -> ResponseReturnValue:
    """Show a path as somebody sees it who has just joined."""
    version = path.edited
    standing = standing_of(version, None)
    issuer = badges.issuer()
    return page(
        "authoring/preview.html",
        path=path,
        editor=editor_of(path),
        version=version,
        standing=standing,
        lines=lines_of(version, standing, lambda step: url_for("authoring.preview_step", path=path, key=step.key)),
        time_left=duration(standing.minutes_left),
        validity=validity_words(version),
        issuer_name=issuer.name if issuer is not None else None,
    )


@authoring.get("/learning-paths/<learning_path:path>/preview/steps/<key>")
@requires(Permission.PATH_EDIT, "path")
def preview_step(path: LearningPath, key: str) -> ResponseReturnValue:
    """Show a step as a learner will see it; nothing can be handed in."""
    version = path.edited
    step = version.step(key)
    if step is None or step.is_group:
        abort(404)
    steps, kind = version.tasks, kind_of(step.kind)
    place = steps.index(step)
    return page(
        "authoring/preview_step.html",
        path=path,
        version=version,
        step=step,
        kind=kind,
        place=place + 1,
        count=len(steps),
        previous=steps[place - 1] if place else None,
        following=steps[place + 1] if place + 1 < len(steps) else None,
        record=None,
        can_act=False,
        error=None,
        answers={},
        **kind.shown(Turn(step)),
    )
