"""A badge issuer of somebody else's: a little web server that serves whatever a test puts on it."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image


def noisy_png(size=(120, 120)):
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


PNG = noisy_png()
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><title>A drawing</title>'
    b'<circle cx="50" cy="50" r="40" fill="#2a6f4e"/><path d="M20 50 L45 75 L80 30" stroke="#fff" stroke-width="8" '
    b'fill="none"/><desc>A tick in a circle, drawn for a test of badges that are no pixels</desc></svg>'
)


@dataclass
class Page:
    status: int = 200
    kind: str = "application/json"
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    slow: float = 0.0
    endless: bool = False


class Issuer:
    """The server, the documents it serves, and what it was asked."""

    def __init__(self):
        self.pages = {}
        self.asked = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append(self.path)
                page = site.pages.get(self.path)
                if page is None:
                    self.send_error(404)
                    return
                time.sleep(page.slow)
                self.send_response(page.status)
                if page.kind:
                    self.send_header("Content-Type", page.kind)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(page.body)
                    while page.endless:
                        self.wfile.write(b" " * 65536)
                except OSError:
                    pass

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def put(self, path, content, kind="application/json", **more):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.pages[path] = Page(body=body, kind=kind, **more)
        return self.base + path

    def award(self, address, key="1", *, name="Data literacy", png=PNG, kind="image/png", **changes):
        """Serve a whole 1.1 badge; `changes` go into the assertion, `badge_…` and `issuer_…` into the other two."""
        salt = f"salt{key}"
        identity = "sha256$" + hashlib.sha256((address.lower() + salt).encode()).hexdigest()
        issuer = {"name": "Academy of Fjords", "url": f"{self.base}/about", "email": "badges@fjords.example"}
        badge = {
            "name": name,
            "description": "Reads <b>numbers</b> & charts.",
            "image": f"{self.base}/image-{key}",
            "criteria": f"{self.base}/criteria",
            "issuer": f"{self.base}/issuer-{key}",
            "tags": ["data"],
        }
        assertion = {
            "uid": f"uid-{key}",
            "recipient": {"type": "email", "hashed": True, "salt": salt, "identity": identity},
            "badge": f"{self.base}/class-{key}",
            "verify": {"type": "hosted", "url": f"{self.base}/assertion-{key}"},
            "issuedOn": "2026-05-01T08:30:00Z",
            "evidence": f"{self.base}/evidence",
        }
        for member, value in changes.items():
            target, _, inner = member.partition("_")
            document = {"badge": badge, "issuer": issuer}.get(target) if inner else None
            where, what = (document, inner) if document is not None else (assertion, member)
            if value is None:
                where.pop(what, None)
            else:
                where[what] = value
        self.put(f"/issuer-{key}", issuer)
        self.put(f"/class-{key}", badge)
        self.put(f"/image-{key}", png, kind)
        return self.put(f"/assertion-{key}", assertion)

    def award_20(self, address, key="two"):
        """Serve a whole hosted 2.0 badge and return its address and document."""
        context = "https://w3id.org/openbadges/v2"
        identity = "sha256$" + hashlib.sha256((address.lower() + "s").encode()).hexdigest()
        issuer = {
            "@context": context, "type": "Issuer", "id": f"{self.base}/p-{key}", "name": "Academy of Fjords",
            "url": f"{self.base}/about", "email": "badges@fjords.example",
        }  # fmt: skip
        badge = {
            "@context": context, "type": "BadgeClass", "id": f"{self.base}/b-{key}", "name": "Second edition",
            "description": "Of 2.0.", "image": f"{self.base}/i-{key}", "criteria": {"narrative": "# Read *it*"},
            "issuer": issuer["id"],
        }  # fmt: skip
        assertion = {
            "@context": context, "type": "Assertion", "id": f"{self.base}/a-{key}", "badge": badge["id"],
            "recipient": {"type": "email", "hashed": True, "salt": "s", "identity": identity},
            "verification": {"type": "HostedBadge"}, "issuedOn": "2026-05-01T08:30:00Z",
        }  # fmt: skip
        self.put(f"/p-{key}", issuer)
        self.put(f"/b-{key}", badge)
        self.put(f"/i-{key}", PNG, "image/png")
        return self.put(f"/a-{key}", assertion), assertion
