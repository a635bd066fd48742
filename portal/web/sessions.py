"""The session cookie: as Flask does it, but never looked at or named in answers that are the same for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask.sessions import SecureCookieSessionInterface

from portal.web.headers import is_complete

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.sessions import SessionMixin
    from itsdangerous import URLSafeTimedSerializer


class Sessions(SecureCookieSessionInterface):
    """Signed cookies; the signer is made once, and public documents stay free of `Vary: Cookie`."""

    def __init__(self) -> None:
        """Begin without a signer: it is made with the first request."""
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the signer of this app's cookies."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie where something changed; a public document says nothing of cookies."""
        if not (is_complete(response) and not session.modified):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Keep an app's sessions this way."""
    app.session_interface = Sessions()
