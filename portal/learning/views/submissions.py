"""What learners hand in to an assignment: drafts, files, and the hand-in itself; and the files to those who may see them.

A request may be large here alone: several files of up to 20 MB each.
"""

from __future__ import annotations

from io import BytesIO

from flask import abort, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect

from portal.accounts.services import current_person
from portal.core import storage
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning import services
from portal.learning.goals.assignment import Assignment
from portal.learning.goals.assignment.files import keep, sealed, task_files
from portal.learning.models import LearningPath, Membership, PathState, RecordState, Step, Upload
from portal.learning.views.blueprints import authoring, bp
from portal.learning.views.player import onwards, shown
from portal.web.headers import replace_policy
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.sizes import accepts
from portal.web.stamps import requires

STEP = "/learning-paths/<learning_path:path>/steps/<key>"
LARGEST_REQUEST = 105 * 1024 * 1024
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def _turn(path: LearningPath, key: str, kind: str | None = None) -> tuple[Membership, Step]:
    membership = services.active_membership(current_person(), path)
    step = membership.version.step(key) if membership is not None else None
    if membership is None or step is None or step.is_group or (kind is not None and step.kind != kind):
        abort(404)
    return membership, step


@bp.post(STEP + "/draft")
@requires(Permission.PATH_LEARN, "path")
@limit("draft", "120/minute")
def keep_draft(path: LearningPath, key: str) -> ResponseReturnValue:
    """Keep what was answered or written so far, as a script of the page asks from time to time."""
    membership, _step = _turn(path, key)
    answers = MultiDict(request.form)
    answers["action"] = "save"
    try:
        services.hand_in(membership, key, answers, said=request.form.get("said"))
    except Refused as error:
        session().rollback()
        return {"refused": str(error.message)}, 409
    commit()
    return "", 204


@bp.post(STEP + "/work")
@accepts(most_bytes=LARGEST_REQUEST)
@requires(Permission.PATH_LEARN, "path")
@limit("work", "60/minute")
def work(path: LearningPath, key: str) -> ResponseReturnValue:
    """Save a draft of an assignment, take a file out of it, or hand it in."""
    membership, step = _turn(path, key, Assignment.name)
    answers, refused = _with_files(membership, step)
    try:
        if refused is not None:
            raise refused
        record = services.hand_in(membership, key, answers, said=request.form.get("said"))
    except Refused as error:
        session().rollback()
        return page("learning/step.html", **shown(membership, step, error=error, answers=answers)), 422
    commit()
    if record.state in {RecordState.STARTED, RecordState.RETURNED}:
        flash(_("Your draft is saved. It is not handed in yet."), "success")
        return redirect(url_for("learning.step", path=path, key=key, _anchor="work"), 303)
    return onwards(membership, key, record)


def _with_files(membership: Membership, step: Step) -> tuple[MultiDict[str, str], Refused | None]:
    """Store the files that came; return the answers with them, and the first refusal."""
    commit()  # nothing was changed yet; files take time, and nobody should wait for them
    answers, refused = MultiDict(request.form), None
    if membership.path.state != PathState.PUBLISHED:
        return answers, refused
    for file in request.files.getlist("files"):
        if not file.filename:
            continue
        try:
            kept = keep(file, step.content.get("types") or ())
        except Refused as error:
            refused = refused or error
            continue
        answers.add("kept", sealed(membership, step.key, kept))
    return answers, refused


@bp.get("/handed-in/<upload:upload>")
@requires(Permission.UPLOAD_SEE, "upload")
def upload(upload: Upload) -> ResponseReturnValue:
    """Give a file to the learner who put it there, or, handed in, to those who review it."""
    return _download(upload.key, upload.name, upload.type)


@bp.get(STEP + "/task-files/<file>")
@requires(Permission.PATH_LEARN, "path")
def task_file(path: LearningPath, key: str, file: str) -> ResponseReturnValue:
    """Give a learner a file that goes with an assignment."""
    _membership, step = _turn(path, key, Assignment.name)
    return _task_file(step, file)


@authoring.get(STEP + "/task-files/<file>")
@requires(Permission.PATH_EDIT, "path")
def task_file_of_draft(path: LearningPath, key: str, file: str) -> ResponseReturnValue:
    """Give an instructor a file that goes with an assignment, as they write it."""
    step = path.edited.step(key)
    if step is None or step.kind != Assignment.name:
        abort(404)
    return _task_file(step, file)


def _task_file(step: Step, id: str) -> ResponseReturnValue:
    found = next((file for file in task_files(step.content) if file["id"] == id), None)
    if found is None:
        abort(404)
    return _download(found["key"], found["name"], found["type"])


def _download(key: str, name: str, kind: str) -> ResponseReturnValue:
    try:
        data = storage.read(key)
    except storage.Missing:
        abort(404)
    replace_policy(FILE_POLICY)
    response = send_file(BytesIO(data), mimetype=kind, as_attachment=True, download_name=name, max_age=0)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
