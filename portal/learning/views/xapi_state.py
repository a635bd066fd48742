"""The state resource of the Experience API (xAPI-Communication.md, 2.3): what content remembers between two visits.

Tools that make courses ask for it when they start. It speaks for a learner's own launch alone.
"""

from __future__ import annotations

from typing import Any

from flask import Response, json, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from portal.core.db import commit, session
from portal.core.i18n import _
from portal.learning.goals.outside_forms import is_iri
from portal.learning.models import Membership
from portal.learning.views import xapi
from portal.learning.views.blueprints import bp
from portal.learning.xapi import states
from portal.learning.xapi.reading import BadStatement, check_uuid, read_json, read_timestamp
from portal.learning.xapi.states import Document, Place
from portal.learning.xapi.taking import NotYours
from portal.web.limits import limit
from portal.web.stamps import csrf_free, public

METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS")
KNOWN = ("activityId", "agent", "registration", "stateId", "since")
LONGEST_NAME = 500
JSON = "application/json"


@bp.route("/xapi/activities/state", methods=list(METHODS), provide_automatic_options=False)
@public
@csrf_free
@limit("xapi", xapi.RATE)
def xapi_state() -> ResponseReturnValue:
    """Give back what content remembers of a learner (GET), remember it (PUT, POST), forget it (DELETE)."""
    if request.method == "OPTIONS":
        return xapi.headed(Response(status=204, headers={"Allow": ", ".join(METHODS)}))
    try:
        xapi.version_of_caller()
        answer = _answer()
        commit()
    except xapi.Wrong as wrong:
        return xapi.refused(wrong.status, wrong.text)
    except BadStatement as error:
        return xapi.refused(400, str(error))
    except NotYours as error:
        session().rollback()
        return xapi.refused(403, str(error))
    except states.Changed as error:
        session().rollback()
        return xapi.refused(412, str(error))
    except states.TooMuch as error:
        session().rollback()
        return xapi.refused(413, str(error))
    return xapi.headed(answer)


def _answer() -> Response:
    caller = xapi.caller()
    xapi.only_arguments(*KNOWN)
    agent = read_json(request.args.get("agent", "").encode())
    if not isinstance(agent, dict):
        raise xapi.Wrong(400, _("“%(where)s” has to be the JSON of an agent.", where="agent"))
    member, place = states.learner_of(caller, agent), _place()
    if request.method in {"GET", "HEAD"}:
        return _given(states.documents_at(member, caller.step_key, place), place)
    if request.method == "DELETE":
        states.change(member, caller.step_key, place, _forgotten)
    else:
        _remember(member, caller.step_key, place)
    return Response(status=204)


def _place() -> Place:
    activity, name = request.args.get("activityId", ""), request.args.get("stateId", "")
    if not is_iri(activity):
        raise xapi.Wrong(400, _("“%(where)s” has to be a whole IRI, with its scheme.", where="activityId"))
    if len(name) > LONGEST_NAME or (not name and request.method in {"PUT", "POST"}):
        raise xapi.Wrong(400, _("“%(where)s” has to be a text of at most 500 characters.", where="stateId"))
    registration = request.args.get("registration")
    return Place(activity, check_uuid(registration, "registration") if registration is not None else "", name)


def _given(found: list[Document], place: Place) -> Response:
    if not place.name:
        since = read_timestamp(request.args["since"], "since") if "since" in request.args else None
        return Response(
            json.dumps([one.place.name for one in found if since is None or one.at > since]), content_type=JSON
        )
    if not found:
        raise xapi.Wrong(404, _("Nothing is remembered there."))
    answer = Response(found[0].data, content_type=found[0].type)
    answer.set_etag(found[0].etag)
    answer.last_modified = found[0].at
    # It comes from elsewhere: never a page of this portal.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _forgotten(found: list[Document]) -> None:
    _refuse_changed(found)


def _remember(member: Membership, step_key: str, place: Place) -> None:
    request.max_content_length = states.MOST_BYTES
    kind = (request.content_type or "application/octet-stream")[:100]
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise states.TooMuch(_("At most 64 KB are remembered of a learner's work on a step.")) from error
    if request.mimetype == JSON:
        read_json(data)

    def made(found: list[Document]) -> Document:
        _refuse_changed(found)
        joined = _joined(found[0], data) if request.method == "POST" and found else data
        return states.put(place, kind, joined)

    states.change(member, step_key, place, made)


def _joined(before: Document, data: bytes) -> bytes:
    """Join two JSON objects, the later one's properties over the earlier's (xAPI-Communication.md, 2.2)."""
    both: list[Any] = [read_json(text) for text in (before.data, data)] if _both_json(before) else []
    if not both or not all(isinstance(one, dict) for one in both):
        raise xapi.Wrong(400, _("POST joins JSON objects alone. Use PUT to write over what is there."))
    return json.dumps({**both[0], **both[1]}).encode()


def _both_json(before: Document) -> bool:
    return before.type.partition(";")[0].strip() == request.mimetype == JSON


def _refuse_changed(found: list[Document]) -> None:
    """Raise Changed where If-Match or If-None-Match do not hold (xAPI-Communication.md, 3.1)."""
    etag = found[0].etag if len(found) == 1 else None
    wanted, unwanted = request.if_match, request.if_none_match
    missed = bool(wanted) and (etag is None or not wanted.contains(etag))
    met = bool(unwanted) and etag is not None and unwanted.contains(etag)
    if missed or met:
        raise states.Changed(_("Something else is remembered there by now. Read it first."))
