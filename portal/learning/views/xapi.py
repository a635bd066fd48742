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


class Wrong(Exception):
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
        return headed(Response(status=204, headers={"Allow": ", ".join(METHODS)}))
    try:
        version = version_of_caller()
        said_by = caller()
        if request.method == "PUT":
            return _put(said_by, version)
        return _post(said_by, version) if request.method == "POST" else _get(said_by)
    except Wrong as wrong:
        return refused(wrong.status, wrong.text)
    except BadStatement as error:
        return refused(400, str(error))
    except NotYours as error:
        return refused(403, str(error))
    except Conflict as error:
        return refused(409, str(error))


@bp.route("/xapi/about", methods=["GET", "HEAD", "OPTIONS"], provide_automatic_options=False)
@public
@limit("xapi", RATE)
def xapi_about() -> ResponseReturnValue:
    """Say which versions are spoken (xAPI-Communication.md, 2.8)."""
    if request.method == "OPTIONS":
        return headed(Response(status=204, headers={"Allow": "GET, HEAD, OPTIONS"}))
    return headed(_json({"version": list(VERSIONS)}))


def version_of_caller() -> str:
    """Return the version that the caller speaks; raise Wrong where it says none that is known."""
    said = request.headers.get("X-Experience-API-Version", "")
    if not (said in KNOWN or said.startswith(tuple(f"{known}." for known in KNOWN))):
        raise Wrong(400, _("Say which version you speak: X-Experience-API-Version has to be 1.0.x or 2.0.x."))
    return "1.0.0" if said.startswith("1.0") else "2.0.0"


def caller() -> Caller:
    """Return who calls; raise Wrong where nobody known does."""
    found = caller_of(request.headers.get("Authorization", ""))
    if found is None:
        raise Wrong(401, _("The key or its secret is wrong, revoked, or the learner opened the content too long ago."))
    return found


def _body() -> Any:
    if request.mimetype != "application/json":
        raise Wrong(
            400, _("Send statements as application/json. Attachments are taken by their address (fileUrl) alone.")
        )
    request.max_content_length = LARGEST
    try:
        return read_json(request.get_data(cache=False))
    except RequestEntityTooLarge as error:
        raise Wrong(413, _("This is more than 1 MB. Send fewer statements at a time.")) from error


def only_arguments(*known: str) -> None:
    """Raise Wrong where the address has another parameter."""
    unknown = sorted(set(request.args) - set(known))
    if unknown:
        raise Wrong(400, _("The parameter “%(name)s” is not known here.", name=unknown[0][:80]))


def _post(caller: Caller, version: str) -> Response:
    only_arguments()
    sent = _body()
    documents = sent if isinstance(sent, list) else [sent]
    if len(documents) > MOST_STATEMENTS:
        raise Wrong(413, _("Send at most %(most)s statements at a time.", most=MOST_STATEMENTS))
    given = _taken(caller, documents, version)
    return headed(_json(given))


def _put(caller: Caller, version: str) -> Response:
    only_arguments("statementId")
    wanted = check_uuid(request.args.get("statementId"), "statementId")
    sent = _body()
    if not isinstance(sent, dict) or ("id" in sent and check_uuid(sent["id"], "id") != wanted):
        raise BadStatement(_("The id of the statement is not the one in the address."))
    _taken(caller, [{**sent, "id": wanted}], version)
    return headed(Response(status=204))


def _taken(caller: Caller, documents: list[Any], version: str) -> list[str]:
    try:
        given = take_statements(caller, [check_statement(document) for document in documents], version)
    except (BadStatement, NotYours, Conflict):
        session().rollback()
        raise
    commit()
    return given


def _get(caller: Caller) -> Response:
    only_arguments("statementId", "voidedStatementId", "format", "attachments")
    named = [name for name in ("statementId", "voidedStatementId") if name in request.args]
    if len(named) != 1:
        raise Wrong(400, _("Ask for one statement, by statementId or voidedStatementId: lists are not given out."))
    wanted = check_uuid(request.args[named[0]], named[0])
    row = statement_of(caller, wanted, voided=named[0] == "voidedStatementId")
    if row is None:
        raise Wrong(404, _("There is no such statement."))
    answer = headed(_json(row.document))
    answer.last_modified = row.stored_at
    return answer


def _json(value: Any) -> Response:
    return Response(json.dumps(value), content_type="application/json")


def refused(status: int, text: str) -> Response:
    """Answer with a status and the reason in words."""
    answer = _json({"error": text})
    answer.status_code = status
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
    return headed(answer)


def headed(answer: Response) -> Response:
    """Return an answer with what every answer of the endpoint has."""
    said = request.headers.get("X-Experience-API-Version", "")
    headers = answer.headers
    headers["X-Experience-API-Version"] = VERSIONS[1] if said.startswith("1.0") else VERSIONS[0]
    headers["X-Experience-API-Consistent-Through"] = now().isoformat().replace("+00:00", "Z")
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Allow-Methods"] = ", ".join((*METHODS, "DELETE"))
    headers["Access-Control-Allow-Headers"] = (
        "Authorization, Content-Type, Content-Length, X-Experience-API-Version, If-Match, If-None-Match, Accept-Language"
    )
    headers["Access-Control-Expose-Headers"] = (
        "X-Experience-API-Version, X-Experience-API-Consistent-Through, Last-Modified, ETag"
    )
    headers["Access-Control-Max-Age"] = "86400"
    headers["Cache-Control"] = "no-store"
    return answer
