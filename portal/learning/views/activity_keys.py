"""The keys of outside content as an instructor keeps them, and a learner's way to the content."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.services import current_person
from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.core.settings import absolute
from portal.learning import services
from portal.learning.goals.kind import HandedIn
from portal.learning.goals.outside_forms import VERBS
from portal.learning.goals.xapi import OutsideContent
from portal.learning.models import ActivityKey, LearningPath, Membership, RecordState, Step
from portal.learning.services.doing import open_step, refuse_closed
from portal.learning.views.blueprints import authoring, bp
from portal.learning.views.outside import leaving
from portal.learning.xapi.actors import agent_of
from portal.learning.xapi.keys import keys_of, launch_authorization, make_key, registration_of, revoke_key
from portal.web.forms import Form, Line
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

STEP = "/learning-paths/<learning_path:path>/steps/<key>"


class KeyForm(Form):
    """A new key."""

    name = Line(_l("What the key is for"), most=120)


def _content(path: LearningPath, key: str) -> Step:
    steps = (version.step(key) for version in (path.draft, path.published) if version is not None)
    found = next((step for step in steps if step is not None and step.kind == OutsideContent.name), None)
    if found is None:
        abort(404)
    return found


def _shown(path: LearningPath, step: Step, form: KeyForm, **more: Any) -> dict[str, Any]:
    return {
        "path": path,
        "step": step,
        "form": form,
        "keys": keys_of(path, step.key),
        "endpoint": absolute("/xapi/"),
        "verb": VERBS.get(step.content.get("verb", ""), step.content.get("verb", "")),
        **more,
    }


@authoring.route(STEP + "/keys", methods=["GET", "POST"])
@requires(Permission.PATH_EDIT, "path")
def activity_keys(path: LearningPath, key: str) -> ResponseReturnValue:
    """List the keys of outside content; make one, and show its secret this once."""
    step = _content(path, key)
    form = KeyForm()
    if request.method == "GET":
        return page("authoring/xapi/keys.html", **_shown(path, step, form))
    try:
        made = make_key(path, key, form.name.data or "", current_person()) if form.validate() else None
    except Refused as error:
        session().rollback()
        form.refuse(error)
        made = None
    if made is None:
        return page("authoring/xapi/keys.html", **_shown(path, step, form)), 422
    commit()
    fresh = KeyForm(formdata=None)
    return page("authoring/xapi/keys.html", **_shown(path, step, fresh, made=made[0], secret=made[1]))


@authoring.route("/activity-keys/<activity_key:activity_key>/revoke", methods=["GET", "POST"])
@requires(Permission.ACTIVITY_KEY, "activity_key")
def revoke_activity_key(activity_key: ActivityKey) -> ResponseReturnValue:
    """Ask, then let a key make no more statements."""
    back = url_for("authoring.activity_keys", path=activity_key.path, key=activity_key.step_key)
    if request.method == "POST":
        revoke_key(activity_key)
        commit()
        flash(_("The key is revoked."), "success")
        return redirect(back, 303)
    return page(
        "authoring/confirm.html",
        path=activity_key.path,
        heading=_("Revoke the key “%(name)s”", name=activity_key.name),
        text=_("Content that uses it can report nothing any more. What it has reported stays."),
        button=_("Revoke"),
        cancel_url=back,
    )


@bp.post(STEP + "/launch")
@requires(Permission.PATH_LEARN, "path")
def launch(path: LearningPath, key: str) -> ResponseReturnValue:
    """Note that a learner opens outside content, and lead them there with what it needs to report back."""
    membership = services.active_membership(current_person(), path)
    step = membership.version.step(key) if membership is not None else None
    if membership is None or step is None or step.kind != OutsideContent.name or not step.content.get("_launch"):
        abort(404)
    record = services.record_of(membership, step)
    try:
        if record is None or record.state != RecordState.DONE:
            refuse_closed(membership, open_step(membership, key))
        if record is None:
            services.take(membership, key, HandedIn(RecordState.STARTED))
    except Refused as error:
        session().rollback()
        flash(str(error.message), "danger")
        return redirect(url_for("learning.step", path=path, key=key), 303)
    commit()
    return leaving(launch_url(membership, step))


def launch_url(membership: Membership, step: Step) -> str:
    """Return the address of outside content with what it needs to report back, as Rustici's launch of xAPI content has it."""
    parts = urlsplit(str(step.content["_launch"]))
    values = {
        "endpoint": absolute("/xapi/"),
        "auth": launch_authorization(membership, step.key),
        "actor": json.dumps(agent_of(membership.person), ensure_ascii=False),
        "registration": registration_of(membership, step.key),
        "activity_id": step.content.get("activity", ""),
    }
    query = "&".join(part for part in (parts.query, urlencode(values)) if part)
    return urlunsplit(parts._replace(query=query))
