"""The files of steps: given to those who learn a path and those who write it; and how much of a video was played.

An upload of up to 200 MB is let in on the form of such a step alone, for those who may edit its path.
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wsgi import wrap_file

from portal.accounts.services import current_person
from portal.core import storage
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.learning import services
from portal.learning.goals.file import FileOrVideo
from portal.learning.goals.file_form import LARGEST, LINK, is_media
from portal.learning.models import LearningPath, RecordState, Step
from portal.learning.views.blueprints import authoring, bp
from portal.web.limits import limit
from portal.web.policy import Permission
from portal.web.stamps import requires

STEP = "/learning-paths/<learning_path:path>/steps/<key>"
BESIDE_THE_FILE = 2 * 1024 * 1024
PIECE = 4 * 1024 * 1024
# A browser's PDF viewer does not run in a sandbox; nothing in the file can reach the portal all the same.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
FILE_POLICY = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@authoring.url_value_preprocessor
def let_large_files_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Raise the limit of the request where somebody uploads the file of a step; nobody waits for it meanwhile."""
    path = (values or {}).get("path")
    if request.method != "POST" or endpoint not in {"authoring.new_step", "authoring.step"} or path is None:
        return
    if current_user.is_authenticated and services.edits(current_person(), path) and _takes_files(path, values or {}):
        request.max_content_length = LARGEST + BESIDE_THE_FILE
    commit()  # nothing was changed; a large file is a long time on its way, and would hold the database so long


def _takes_files(path: LearningPath, values: dict[str, Any]) -> bool:
    if "kind" in values:
        return bool(values["kind"] == FileOrVideo.name)
    step = path.edited.step(values.get("key", ""))
    return step is not None and step.kind == FileOrVideo.name


@bp.get(STEP + "/file")
@requires(Permission.PATH_LEARN, "path")
def step_file(path: LearningPath, key: str) -> ResponseReturnValue:
    """Give a learner the file of a step."""
    return _given(_file_of(_learned(path, key)))


@bp.get(STEP + "/captions/<int:number>")
@requires(Permission.PATH_LEARN, "path")
def step_captions(path: LearningPath, key: str, number: int) -> ResponseReturnValue:
    """Give a learner's browser the captions of a video."""
    return _given(_captions_of(_learned(path, key), number))


@authoring.get(STEP + "/file")
@requires(Permission.PATH_EDIT, "path")
def step_file_of_draft(path: LearningPath, key: str) -> ResponseReturnValue:
    """Give an instructor the file of a step as they write it."""
    return _given(_file_of(path.edited.step(key)))


@authoring.get(STEP + "/captions/<int:number>")
@requires(Permission.PATH_EDIT, "path")
def step_captions_of_draft(path: LearningPath, key: str, number: int) -> ResponseReturnValue:
    """Give an instructor's browser the captions of a video as they write it."""
    return _given(_captions_of(path.edited.step(key), number))


@bp.post(STEP + "/watched")
@requires(Permission.PATH_LEARN, "path")
@limit("watched", "120/minute")
def watched(path: LearningPath, key: str) -> ResponseReturnValue:
    """Note what a learner's browser has played of a video; answers whether that is enough."""
    membership = services.active_membership(current_person(), path)
    step = membership.version.step(key) if membership is not None else None
    if membership is None or step is None or step.kind != FileOrVideo.name or "stretches" not in request.form:
        abort(404)
    try:
        record = services.hand_in(membership, key, request.form, said=request.form.get("said"))
    except Refused as error:
        session().rollback()
        return jsonify(error=str(error.message)), 409
    commit()
    return jsonify(done=record.state == RecordState.DONE, percent=record.evidence.get("percent", 0))


def _learned(path: LearningPath, key: str) -> Step | None:
    membership = services.active_membership(current_person(), path)
    return membership.version.step(key) if membership is not None else None


def _file_of(step: Step | None) -> dict[str, Any] | None:
    if step is None or step.kind != FileOrVideo.name or step.content.get("source") == LINK:
        return None
    return step.content.get("file")


def _captions_of(step: Step | None, number: int) -> dict[str, Any] | None:
    captions = step.content.get("_captions", ()) if step is not None and step.kind == FileOrVideo.name else ()
    if number >= len(captions):
        return None
    return {"key": captions[number]["key"], "type": "text/vtt", "name": f"{captions[number]['language']}.vtt"}


def _given(file: dict[str, Any] | None) -> Response:
    """Answer with a stored file, or with the part of it that was asked for."""
    if file is None:
        abort(404)
    try:
        handle = storage.open_stored(file["key"])
    except storage.Missing:
        abort(404)
    size = handle.seek(0, 2)
    handle.seek(0)
    kind = file["type"]
    response = Response(wrap_file(request.environ, handle), mimetype=kind, direct_passthrough=True)
    response.content_length = size
    headers = response.headers
    headers["Content-Security-Policy"] = PDF_POLICY if kind == "application/pdf" else FILE_POLICY
    headers["Cache-Control"] = "private, no-cache"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    shown = (kind == "application/pdf" or is_media(kind) or kind == "text/vtt") and not request.args.get("download")
    headers.set("Content-Disposition", "inline" if shown else "attachment", filename=file["name"])
    response.set_etag(file["key"].partition(".")[0])
    response.make_conditional(_in_pieces(kind, size), accept_ranges=True, complete_length=size)
    return response


def _in_pieces(kind: str, size: int) -> dict[str, Any]:
    """Return what was asked for; of a video at most one piece at a time, so that it holds no thread while it plays."""
    environ = dict(request.environ)
    asked = request.range
    if is_media(kind) and asked is not None and asked.units == "bytes" and len(asked.ranges) == 1:
        begin, end = asked.ranges[0]
        if 0 <= begin < size and (end is None or end - begin > PIECE):
            environ["HTTP_RANGE"] = f"bytes={begin}-{begin + PIECE - 1}"
    return environ
