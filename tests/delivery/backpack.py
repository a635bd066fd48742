"""A Mozilla-style backpack that is nobody's code but its own: a small WSGI server that behaves, or misbehaves as it is told."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Callable
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class MozillaBackpack:
    """One person's backpack: `badges` holds what it took; `answer` replaces its reply to a push."""

    def __init__(self, path: str = "") -> None:
        self.badges: list[str] = []
        self.pushes: list[str] = []
        self.refreshes = 0
        self.access, self.refresh = secrets.token_hex(8), secrets.token_hex(8)
        self.answer: Callable[[], tuple[str, list[tuple[str, str]], bytes]] | None = None
        self.take_and_forget_to_answer = 0
        self.offers = {"issuer.js", "access", "displayer"}
        self.judge: Callable[[str], tuple[int, str]] | None = None
        self._lock = threading.Lock()
        self._server = make_server("127.0.0.1", 0, self, _Server, _Quiet)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.url = self.origin + path
        self._path = path
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Go out of business."""
        self._server.shutdown()
        self._server.server_close()

    def consent(self, address: str, *, allow: bool = True) -> str:
        """Return where the consent page at an address leads back to: path and query below the portal."""
        asked = parse_qs(address.partition("?")[2])
        answer = (
            {
                "access_token": self.access,
                "refresh_token": self.refresh,
                "expires": "3600",
                "api_root": f"{self.url}/api",
            }
            if allow
            else {"error": "access_denied"}
        )
        callback = urlsplit(asked["callback"][0])
        assert callback.netloc == "portal.example"
        return f"{callback.path}?{urlencode(answer)}"

    def expire(self) -> None:
        """Let the access token's hour pass."""
        self.access = secrets.token_hex(8)

    def revoke(self) -> None:
        """Let the person take the permission back on this side."""
        self.access, self.refresh = secrets.token_hex(8), secrets.token_hex(8)

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        """Answer a request."""
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size)
        status, headers, sent = self._route(environ, environ["PATH_INFO"].removeprefix(self._path), body)
        start(status, [*headers, ("Content-Length", str(len(sent)))])
        return [sent] if sent else []

    def _route(self, environ: dict[str, Any], path: str, body: bytes) -> tuple[str, list[tuple[str, str]], bytes]:
        kind = [("Content-Type", "application/json")]
        if path == "/issuer.js" and "issuer.js" in self.offers:
            return "200 OK", [("Content-Type", "application/javascript")], b"var OpenBadges = {issue: function () {}};"
        if path == "/access" and "access" in self.offers:
            return "200 OK", [("Content-Type", "text/html")], b"<p>Sign in"
        if path == "/displayer/convert/email" and "displayer" in self.offers:
            return "404 Not Found", kind, b'{"status":"missing","error":"Could not find a user by the email address"}'
        if path == "/api/token":
            return self._token(json.loads(body))
        if path == "/api/issue":
            return self._issue(environ, parse_qs(body.decode())["badge"][0])
        return "404 Not Found", kind, b'{"status":"missing"}'

    def _token(self, asked: dict[str, str]) -> tuple[str, list[tuple[str, str]], bytes]:
        with self._lock:
            self.refreshes += 1
            if asked.get("refresh_token") != self.refresh:
                return "400 Bad Request", [("Content-Type", "application/json")], b'{"error":"invalid_grant"}'
            self.access, self.refresh = secrets.token_hex(8), secrets.token_hex(8)
            found = {
                "access_token": self.access,
                "refresh_token": self.refresh,
                "expires": 3600,
                "token_type": "Bearer",
            }
        return "200 OK", [("Content-Type", "application/json")], json.dumps(found).encode()

    def _issue(self, environ: dict[str, Any], badge: str) -> tuple[str, list[tuple[str, str]], bytes]:
        kind = [("Content-Type", "application/json")]
        self.pushes.append(badge)
        expected = "Bearer " + base64.b64encode(self.access.encode()).decode()
        if environ.get("HTTP_AUTHORIZATION") != expected:
            return "401 Unauthorized", kind, b'{"message":"invalid token"}'
        if self.answer is not None:
            return self.answer()
        if self.judge is not None:
            code, message = self.judge(badge)
            if code != 200:
                return f"{code} No", kind, json.dumps({"message": message}).encode()
        with self._lock:
            if badge in self.badges:
                return "304 Not Modified", [], b""
            self.badges.append(badge)
        if self.take_and_forget_to_answer > 0:
            self.take_and_forget_to_answer -= 1
            time.sleep(1.5)
        return "201 Created", kind, b'{"exists":false}'
