"""All HTTP that leaves the house: time limits, size limits, redirects re-checked, no private addresses."""

from __future__ import annotations

import contextlib
import ipaddress
import json as jsonlib
import socket
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextvars import Context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode, urljoin, urlsplit

import requests
import urllib3
from flask import current_app
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.connection import create_connection

from portal.core.db import session
from portal.core.errors import LaurelError
from portal.core.settings import settings

if TYPE_CHECKING:
    from flask import Flask

REDIRECTS = frozenset({301, 302, 303, 307, 308})
USER_AGENT = "Laurel"
_CHUNK = 16_384
_LATE = "No whole answer came within the time limit."
_callers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="own-origin")
_policy = threading.local()


class OutboundError(LaurelError):
    """A request to the outside that brought no answer."""


class Forbidden(OutboundError):
    """The address is not one that this portal may call: private, loopback or not http(s)."""


class Unreachable(OutboundError):
    """Nobody answered there."""


class TimedOut(OutboundError):
    """No answer within the time limit: what became of the request is unknown."""


class TooLarge(OutboundError):
    """The answer is larger than the limit."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: status, lower-cased headers, the body whole, and the address after redirects."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str = ""

    @property
    def ok(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    @property
    def content_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def json(self) -> Any:
        """Return the body as JSON; raise ValueError where it is none."""
        try:
            return jsonlib.loads(self.body)
        except RecursionError as error:
            message = "nested too deeply"
            raise ValueError(message) from error


def _permitted(host: str, address: str) -> bool:
    if host.lower() in cast("frozenset[str]", getattr(_policy, "allowed", frozenset())):
        return True
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return parsed.is_global and not parsed.is_multicast and (mapped is None or mapped.is_global)


def _connect(host: str, port: int, timeout: float | None, options: object) -> socket.socket:
    """Resolve once, check every address, connect to what was checked: a name cannot change its mind between."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = f"The name {host} cannot be found."
        raise Unreachable(message) from error
    for entry in found:
        if not _permitted(host, str(entry[4][0])):
            message = f"{host} is a private address, which this portal does not call."
            raise Forbidden(message)
    connected = create_connection((str(found[0][4][0]), port), timeout, socket_options=cast("Any", options))
    _policy.connected.append(connected)
    return connected


def _hang_up(connected: list[socket.socket]) -> None:
    for line in connected:
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


class _GuardedHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self._dns_host, self.port, self.timeout, self.socket_options)


class _GuardedHTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self._dns_host, self.port, self.timeout, self.socket_options)


class _HTTPPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _GuardedHTTP


class _HTTPSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPS


class _GuardedAdapter(HTTPAdapter):
    """An adapter whose every connection is checked at the moment it is made."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}


def _call_own_app(app: Flask, method: str, url: str, body: bytes, headers: dict[str, str], timeout: float) -> Answer:
    """Call the portal itself, in a thread of its own: a time limit that holds, no session or user of the caller."""

    def call() -> Answer:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        response = app.test_client(use_cookies=False).open(
            path,
            method=method,
            base_url=settings_of.base_url,
            headers=list(headers.items()),
            data=body,
            follow_redirects=False,
            environ_overrides={"laurel.own_origin": True},
        )
        return Answer(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=response.get_data(),
            url=url,
        )

    settings_of = settings()
    future = _callers.submit(lambda: Context().run(call))
    try:
        return future.result(timeout)
    except FutureTimeout as error:
        message = "The portal itself did not answer in time."
        raise TimedOut(message) from error


def _read(response: requests.Response, max_bytes: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > max_bytes:
            message = f"The answer is larger than {max_bytes} bytes."
            raise TooLarge(message)
        if time.monotonic() > deadline:
            raise TimedOut(_LATE)
        parts.append(chunk)
    return b"".join(parts)


def _call_network(
    method: str, url: str, body: bytes, headers: dict[str, str], timeout: float, max_bytes: int
) -> Answer:
    _policy.allowed = settings().allowed_private_hosts
    if is_own(url):  # only the portal's test of itself comes here with its own address, which may be a private one
        _policy.allowed |= {str(urlsplit(url).hostname)}
    connected: list[socket.socket] = []
    _policy.connected = connected
    deadline = time.monotonic() + timeout
    # A time limit for the whole call: a server that sends one byte a second would outlast the limit of a single read.
    alarm = threading.Timer(timeout, _hang_up, (connected,))
    alarm.daemon = True
    alarm.start()
    with requests.Session() as http:
        http.trust_env = False
        http.mount("http://", _GuardedAdapter(max_retries=0))
        http.mount("https://", _GuardedAdapter(max_retries=0))
        try:
            with http.request(
                method, url, data=body or None, headers=headers, timeout=(min(5.0, timeout), timeout),
                allow_redirects=False, stream=True,
            ) as response:  # fmt: skip
                return Answer(
                    status=response.status_code,
                    headers={name.lower(): value for name, value in response.headers.items()},
                    body=b"" if method == "HEAD" else _read(response, max_bytes, deadline),
                    url=url,
                )
        except requests.Timeout as error:
            raise TimedOut(_LATE) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError, OSError) as error:
            if time.monotonic() >= deadline:
                raise TimedOut(_LATE) from error
            message = f"{urlsplit(url).hostname} cannot be reached."
            raise Unreachable(message) from error
        finally:
            alarm.cancel()


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        valid = False
    if not valid or any(ord(character) <= 32 for character in url):
        message = "This is not an address of the web."
        raise Forbidden(message)
    return url


def is_own(url: str) -> bool:
    """Whether an address is one of this portal."""
    return url == settings().base_url or url.startswith((settings().base_url + "/", settings().base_url + "?"))


def fetch(  # noqa: PLR0913 - each is a plain part of an HTTP request
    url: str,
    *,
    method: str = "GET",
    data: Mapping[str, str] | bytes | None = None,
    json: object = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10.0,
    max_bytes: int = 1_000_000,
    redirects: int = 3,
    over_network: bool = False,
) -> Answer:
    """Send one request and return the answer, whatever its status.

    `timeout` is in seconds for the whole call, `max_bytes` bounds the body, at most `redirects` are followed (of GET and
    HEAD alone), each checked anew. An address of this portal is answered by the app itself, in a helper thread, unless
    `over_network`. Raises Forbidden, Unreachable, TimedOut or TooLarge, and RuntimeError inside a transaction.
    """
    if session().in_transaction():
        message = "No outbound call inside a transaction: commit first, call, record the answer, commit."
        raise RuntimeError(message)
    sent, body = _request_of(data, json, headers)
    for _hop in range(redirects + 1):
        _checked(url)
        if is_own(url) and not over_network:
            app = cast("Any", current_app)._get_current_object()
            answer = _call_own_app(app, method, url, body, sent, timeout)
            if len(answer.body) > max_bytes:
                message = f"The answer is larger than {max_bytes} bytes."
                raise TooLarge(message)
        else:
            answer = _call_network(method, url, body, sent, timeout, max_bytes)
        if not redirects or answer.status not in REDIRECTS or method not in {"GET", "HEAD"}:
            return answer
        if "location" not in answer.headers:
            return answer
        target = urljoin(url, answer.headers["location"])
        if urlsplit(target)[:2] != urlsplit(url)[:2]:
            sent.pop("Authorization", None)
        url = target
    message = "There were too many redirects."
    raise Unreachable(message)


def _request_of(
    data: Mapping[str, str] | bytes | None, json: object, headers: Mapping[str, str] | None
) -> tuple[dict[str, str], bytes]:
    sent = {"User-Agent": USER_AGENT, **(headers or {})}
    if json is not None:
        return {"Content-Type": "application/json", **sent}, jsonlib.dumps(json).encode()
    if isinstance(data, bytes):
        return sent, data
    if data is not None:
        encoded, kind = urlencode(data), "application/x-www-form-urlencoded"
        return {"Content-Type": kind, **sent}, encoded.encode()
    return sent, b""
