"""Nothing that leaves the house reaches a private address, waits for ever, or swallows an endless answer."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import text

from portal.core import outbound
from portal.core.db import session


class Outside(BaseHTTPRequestHandler):
    """A small web server that behaves in the ways of the internet."""

    def do_GET(self):
        kind = self.path.split("?")[0]
        getattr(self, f"answer_{kind.strip('/').replace('-', '_')}", self.answer_plain)()

    do_POST = do_GET

    def answer_plain(self):
        self.reply(200, b"hello")

    def answer_large(self):
        self.reply(200, b"x" * 2_000_000)

    def answer_endless(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def answer_drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(b"x" * 100)
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def answer_silent(self):
        time.sleep(3)

    def answer_to_private(self):
        self.redirect("http://10.0.0.1/secret")

    def answer_to_metadata(self):
        self.redirect("http://169.254.169.254/latest/meta-data")

    def answer_to_file(self):
        self.redirect("file:///etc/passwd")

    def answer_loop(self):
        self.redirect("/loop")

    def answer_token(self):
        self.reply(200, (self.headers.get("Authorization") or "none").encode())

    def redirect(self, target):
        self.send_response(302)
        self.send_header("Location", target)
        self.end_headers()

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@contextmanager
def served():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Outside)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def outside():
    with served() as address:
        yield address


@pytest.fixture
def open_settings(settings):
    return replace(settings, allowed_private_hosts=frozenset({"127.0.0.1"}))


@pytest.fixture
def allowed(app, settings):
    app.extensions["laurel_settings"] = replace(settings, allowed_private_hosts=frozenset({"127.0.0.1"}))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://10.1.2.3/", "http://192.168.0.1/", "http://172.16.9.9/",
        "http://169.254.169.254/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[fd00::1]/", "http://0.0.0.0/",
        "http://2130706433/", "http://0x7f.1/", "http://[fe80::1%25lo]/", "http://100.64.0.1/", "http://[2002:7f00:1::]/",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_however_they_are_written(app, url):
    with pytest.raises(outbound.OutboundError):
        outbound.fetch(url, timeout=2)


def test_a_private_address_is_refused_and_not_merely_unreachable(app, outside):
    with pytest.raises(outbound.Forbidden):
        outbound.fetch(outside)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://x/",
        "javascript:alert(1)",
        "//x",
        "",
        "http://",
        "http://u:p@example.org/",
        "http://exa mple.org/",
        "http://x\r\nHost: y/",
        "http://example.org:99999/",
    ],
)
def test_what_is_no_web_address_is_refused(app, url):
    with pytest.raises(outbound.Forbidden):
        outbound.fetch(url)


def test_a_name_is_checked_when_the_connection_is_made(app, monkeypatch):
    answers = iter([("93.184.216.34", 80), ("127.0.0.1", 80)])

    def changing(host, port, *_arguments, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", next(answers))]

    connected = []

    def connect(address, *_arguments, **_options):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outbound.socket, "getaddrinfo", changing)
    monkeypatch.setattr(outbound, "create_connection", connect)
    with pytest.raises(outbound.OutboundError):
        outbound.fetch("http://rebinding.example/")
    assert connected == [("93.184.216.34", 80)], "what was checked is what was connected to"
    with pytest.raises(outbound.Forbidden):
        outbound.fetch("http://rebinding.example/")


@pytest.mark.parametrize("path", ["to-private", "to-metadata", "to-file"])
def test_a_redirect_to_a_forbidden_address_is_refused(allowed, outside, path):
    with pytest.raises(outbound.Forbidden):
        outbound.fetch(f"{outside}/{path}")


def test_redirects_end(allowed, outside):
    with pytest.raises(outbound.Unreachable, match="redirects"):
        outbound.fetch(f"{outside}/loop")


@pytest.mark.parametrize("path", ["large", "endless"])
def test_a_large_answer_is_cut_off(allowed, outside, path):
    with pytest.raises(outbound.TooLarge):
        outbound.fetch(f"{outside}/{path}", max_bytes=100_000)


@pytest.mark.parametrize("path", ["drip", "silent"])
def test_a_slow_answer_ends_at_the_time_limit(allowed, outside, path):
    began = time.monotonic()
    with pytest.raises(outbound.TimedOut):
        outbound.fetch(f"{outside}/{path}", timeout=0.6)
    assert time.monotonic() - began < 2.5


def test_an_answer_comes_back_whole(allowed, outside):
    answer = outbound.fetch(f"{outside}/plain")
    assert (answer.status, answer.body, answer.content_type) == (200, b"hello", "text/plain")


def test_no_call_is_made_inside_a_transaction(allowed, outside):
    session().execute(text("SELECT 1"))
    with pytest.raises(RuntimeError, match="inside a transaction"):
        outbound.fetch(outside)
    session().rollback()
    assert outbound.fetch(outside).ok


def test_the_own_address_is_answered_by_the_portal_itself_as_a_guest(app, person, sign_in):
    with app.test_request_context("/"):
        answer = outbound.fetch("https://portal.example/health")
    assert answer.json() == {"status": "ok"}
    assert outbound.fetch("https://portal.example/transcript", redirects=0).status == 302


@pytest.mark.parametrize(
    "url", ["https://portal.example.evil.example/", "https://portal.example:444/", "http://portal.example/"]
)
def test_an_address_that_only_looks_like_the_own_one_goes_outside(app, url, monkeypatch):
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", 80))])
    assert not outbound.is_own(url)
    with pytest.raises(outbound.Forbidden):
        outbound.fetch(url)
