"""The statements resource of the Experience API (xAPI-Communication.md, 2.1), and what the endpoint says of itself.

Callers are programs on other sites: they carry a key or a learner's launch instead of a cookie and a CSRF token, and
browsers let them in from anywhere, since nothing here is answered by a cookie.
"""

from __future__ import annotations

from typing import Any

from flask import Response, json, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from portal.core.clock import now
from portal.core.db import commit, session
from portal.core.i18n import _
from portal.learning.views.blueprints import bp
from portal.learning.xapi.keys import Caller, caller_of
from portal.learning.xapi.reading import BadStatement, check_statement, check_uuid, read_json
from portal.learning.xapi.taking import Conflict, NotYours, statement_of, take_statements
from portal.web.limits import limit
from portal.web.stamps import csrf_free, public

VERSIONS = ("2.0.0", "1.0.3")
KNOWN = ("2.0", "1.0")
LARGEST = 1024 * 1024
MOST_STATEMENTS = 500
METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS")
RATE = "600/minute"


class _Wrong(Exception):
    """What the caller gets to read instead, with its status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


@bp.route("/xapi/statements", methods=list(METHODS), provide_automatic_options=False)
@public
@csrf_free
@limit("xapi", RATE)
def xapi_statements() -> ResponseReturnValue:
    """Take statements (POST one or many, PUT one), give one back by its id (GET), tell browsers what is allowed (OPTIONS)."""
    if request.method == "OPTIONS":
        return _headed(Response(status=204, headers={"Allow": ", ".join(METHODS)}))
    try:
        version = _version()
        caller = _caller()
        if request.method == "PUT":
            return _put(caller, version)
        return _post(caller, version) if request.method == "POST" else _get(caller)
    except _Wrong as wrong:
        return _refused(wrong.status, wrong.text)
    except BadStatement as error:
        return _refused(400, str(error))
    except NotYours as error:
        return _refused(403, str(error))
    except Conflict as error:
        return _refused(409, str(error))


@bp.route("/xapi/about", methods=["GET", "HEAD", "OPTIONS"], provide_automatic_options=False)
@public
@limit("xapi", RATE)
def xapi_about() -> ResponseReturnValue:
    """Say which versions are spoken (xAPI-Communication.md, 2.8)."""
    if request.method == "OPTIONS":
        return _headed(Response(status=204, headers={"Allow": "GET, HEAD, OPTIONS"}))
    return _headed(_json({"version": list(VERSIONS)}))


def _version() -> str:
    said = request.headers.get("X-Experience-API-Version", "")
    if not (said in KNOWN or said.startswith(tuple(f"{known}." for known in KNOWN))):
        raise _Wrong(400, _("Say which version you speak: X-Experience-API-Version has to be 1.0.x or 2.0.x."))
    return "1.0.0" if said.startswith("1.0") else "2.0.0"


def _caller() -> Caller:
    caller = caller_of(request.headers.get("Authorization", ""))
    if caller is None:
        raise _Wrong(401, _("The key or its secret is wrong, revoked, or the learner opened the content too long ago."))
    return caller


def _body() -> Any:
    if request.mimetype != "application/json":
        raise _Wrong(
            400, _("Send statements as application/json. Attachments are taken by their address (fileUrl) alone.")
        )
    request.max_content_length = LARGEST
    try:
        return read_json(request.get_data(cache=False))
    except RequestEntityTooLarge as error:
        raise _Wrong(413, _("This is more than 1 MB. Send fewer statements at a time.")) from error


def _only_arguments(*known: str) -> None:
    unknown = sorted(set(request.args) - set(known))
    if unknown:
        raise _Wrong(400, _("The parameter “%(name)s” is not known here.", name=unknown[0][:80]))


def _post(caller: Caller, version: str) -> Response:
    _only_arguments()
    sent = _body()
    documents = sent if isinstance(sent, list) else [sent]
    if len(documents) > MOST_STATEMENTS:
        raise _Wrong(413, _("Send at most %(most)s statements at a time.", most=MOST_STATEMENTS))
    given = _taken(caller, documents, version)
    return _headed(_json(given))


def _put(caller: Caller, version: str) -> Response:
    _only_arguments("statementId")
    wanted = check_uuid(request.args.get("statementId"), "statementId")
    sent = _body()
    if not isinstance(sent, dict) or ("id" in sent and check_uuid(sent["id"], "id") != wanted):
        raise BadStatement(_("The id of the statement is not the one in the address."))
    _taken(caller, [{**sent, "id": wanted}], version)
    return _headed(Response(status=204))


def _taken(caller: Caller, documents: list[Any], version: str) -> list[str]:
    try:
        given = take_statements(caller, [check_statement(document) for document in documents], version)
    except (BadStatement, NotYours, Conflict):
        session().rollback()
        raise
    commit()
    return given


def _get(caller: Caller) -> Response:
    _only_arguments("statementId", "voidedStatementId", "format", "attachments")
    named = [name for name in ("statementId", "voidedStatementId") if name in request.args]
    if len(named) != 1:
        raise _Wrong(400, _("Ask for one statement, by statementId or voidedStatementId: lists are not given out."))
    wanted = check_uuid(request.args[named[0]], named[0])
    row = statement_of(caller, wanted, voided=named[0] == "voidedStatementId")
    if row is None:
        raise _Wrong(404, _("There is no such statement."))
    answer = _headed(_json(row.document))
    answer.last_modified = row.stored_at
    return answer


def _json(value: Any) -> Response:
    return Response(json.dumps(value), content_type="application/json")


def _refused(status: int, text: str) -> Response:
    answer = _json({"error": text})
    answer.status_code = status
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
    return _headed(answer)


def _headed(answer: Response) -> Response:
    said = request.headers.get("X-Experience-API-Version", "")
    headers = answer.headers
    headers["X-Experience-API-Version"] = VERSIONS[1] if said.startswith("1.0") else VERSIONS[0]
    headers["X-Experience-API-Consistent-Through"] = now().isoformat().replace("+00:00", "Z")
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Allow-Methods"] = ", ".join(METHODS)
    headers["Access-Control-Allow-Headers"] = (
        "Authorization, Content-Type, Content-Length, X-Experience-API-Version, If-Match, If-None-Match, Accept-Language"
    )
    headers["Access-Control-Expose-Headers"] = (
        "X-Experience-API-Version, X-Experience-API-Consistent-Through, Last-Modified, ETag"
    )
    headers["Access-Control-Max-Age"] = "86400"
    headers["Cache-Control"] = "no-store"
    return answer
