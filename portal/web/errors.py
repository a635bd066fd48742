"""Error pages: what happened, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, jsonify, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.web.pages import page

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue


def _words(code: int) -> tuple[str, str]:
    words = {
        400: (_("This request cannot be read"), _("Go back, check what you entered, and send it again.")),
        401: (_("Please sign in"), _("You are not signed in any more. Sign in, then do it again.")),
        403: (_("This is not for you"), _("Your role does not allow this. Ask an administrator if you need it.")),
        404: (
            _("Nothing stands here"),
            _("The address may be mistyped, or what stood here is gone or not yours to see."),
        ),
        405: (_("That does not work here"), _("Go back and use the buttons of the page.")),
        413: (_("That is too large"), _("Choose a smaller file and send it again.")),
        429: (_("Too many tries"), _("Wait a minute, then try again.")),
    }
    return words.get(code, (_("Something went wrong"), _("It has been recorded. Go back and try again in a while.")))


def _answer(code: int, *, title: str | None = None, text: str | None = None) -> ResponseReturnValue:
    heading, advice = _words(code)
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    if best == "application/json":
        response = jsonify(error=title or heading, advice=text or advice)
        response.status_code = code
        return response
    return page("errors/error.html", heading=title or heading, text=text or advice, code=code), code


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.get_response()
    code = error.code or 500
    if 300 <= code < 400:
        return error.get_response()
    answer = current_app.make_response(_answer(code))
    if code == 405 and error.get_headers():
        answer.headers.extend([pair for pair in error.get_headers() if pair[0] == "Allow"])
    return answer


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return _answer(
        400,
        title=_("This form is too old"),
        text=_("For your safety a form can be sent for a limited time. Go back, reload the page, and send it again."),
    )


def _refused(error: Refused) -> ResponseReturnValue:
    session().rollback()
    return _answer(409, title=_("This cannot be done"), text=str(error.message))


def _unstorable(error: DataError) -> ResponseReturnValue:
    """Refuse what a column cannot hold and no check before it found: a NUL in JSON, a number without end."""
    session().rollback()
    current_app.logger.warning("The database could not read a value", exc_info=error)
    return _answer(400)


def _crashed(error: Exception) -> ResponseReturnValue:
    session().rollback()
    current_app.logger.error("A view failed", exc_info=error)
    return _answer(500)


def init_app(app: Flask) -> None:
    """Show errors as pages; in tests a crash is raised instead."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(DataError, _unstorable)
    if not app.testing:
        app.register_error_handler(Exception, _crashed)
