"""The versions of a path, and what differs between two of them."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from portal.learning import services
from portal.learning.comparing import changes_between, steps_between
from portal.learning.models import LearningPath, PathVersion
from portal.learning.views.blueprints import authoring
from portal.learning.views.said import said_of_steps, texts_of
from portal.learning.views.shapes import editor_of
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires


@authoring.get("/learning-paths/<learning_path:path>/versions")
@requires(Permission.PATH_EDIT, "path")
def versions(path: LearningPath) -> ResponseReturnValue:
    """List the versions of a path; show what differs between two, at first the last two."""
    listed = services.versions_of(path)
    after = _chosen(listed, "to", 0)
    before = _chosen(listed, "from", 1)
    comparing = before is not None and after is not None and before.id != after.id
    return page(
        "authoring/versions.html",
        path=path,
        editor=editor_of(path),
        versions=listed,
        members=services.counts_by_version(path),
        before=before if comparing else None,
        after=after if comparing else None,
        changes=changes_between(texts_of(before), texts_of(after)) if comparing else [],
        steps=steps_between(said_of_steps(before), said_of_steps(after)) if comparing else [],
    )


def _chosen(listed: list[PathVersion], name: str, otherwise: int) -> PathVersion | None:
    asked = request.args.get(name, "")
    if not asked:
        return listed[otherwise] if otherwise < len(listed) else None
    found = next((version for version in listed if str(version.number) == asked), None)
    if found is None:
        abort(404)
    return found
