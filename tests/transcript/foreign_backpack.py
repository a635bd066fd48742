"""An independent little backpack that answers the Displayer API, and an issuer beside it, in the ways of the real ones."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from portal.openbadges.documents import identity_hash
from tests.conftest import picture_bytes


class Backpack:
    """What the server serves; tests change it."""

    def __init__(self) -> None:
        self.origin = ""
        self.people: dict[str, int] = {}
        self.groups: list[dict[str, Any]] = []
        self.badges: dict[int, list[dict[str, Any]]] = {}
        self.documents: dict[str, dict[str, Any]] = {}
        self.gone: set[str] = set()
        self.broken: str | None = None
        self.asked: list[str] = []

    def issue(self, name: str, address: str, *, expires: str | None = None) -> str:
        """Serve a 1.1 badge for an e-mail address and return the address of its assertion."""
        number = len(self.documents)
        assertion = f"{self.origin}/a/{number}"
        self.documents[f"/issuer/{number}"] = {"name": "Fjord School", "url": self.origin}
        self.documents[f"/class/{number}"] = {
            "name": name, "description": f"About {name}", "image": f"{self.origin}/image.png",
            "criteria": f"{self.origin}/criteria", "issuer": f"{self.origin}/issuer/{number}",
        }  # fmt: skip
        self.documents[f"/a/{number}"] = {
            "uid": str(number),
            "recipient": {"type": "email", "hashed": True, "salt": "s", "identity": identity_hash(address, "s")},
            "badge": f"{self.origin}/class/{number}",
            "verify": {"type": "hosted", "url": assertion},
            "issuedOn": "2026-02-03T10:00:00Z",
            **({"expires": expires} if expires else {}),
        }
        return assertion

    def shown(self, url: str, name: str) -> dict[str, Any]:
        """Return how a real backpack lists a badge in a group."""
        return {
            "lastValidated": "2026-11-24T15:06:55.000Z",
            "hostedUrl": url,
            "assertion": {
                "badge": {
                    "name": name,
                    "description": "As the backpack says",
                    "issuer": {"name": "As the backpack says"},
                }
            },
            "imageUrl": f"{self.origin}/image.png",
        }

    def collection(self, number: int, name: str, *badges: dict[str, Any]) -> None:
        """Show a public collection."""
        self.groups.append({"groupId": number, "name": name, "badges": len(badges)})
        self.badges[number] = list(badges)


def _handler(backpack: Backpack) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            email = form.get("email", [""])[0]
            backpack.asked.append(email)
            if backpack.broken:
                return self.fail()
            if self.path != "/displayer/convert/email" or email not in backpack.people:
                return self.answer(404, {"status": "missing", "error": "Could not find a user"})
            return self.answer(200, {"status": "okay", "email": email, "userId": backpack.people[email]})

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/image.png":
                return self.send(200, picture_bytes(size=(128, 128)), "image/png")
            if path in backpack.gone:
                return self.answer(410, {"revoked": True})
            if path in backpack.documents:
                return self.answer(200, backpack.documents[path])
            if backpack.broken:
                return self.fail()
            if path.endswith("/groups.json"):
                return self.answer(200, {"userId": 1, "groups": backpack.groups})
            number = path.rpartition("/")[2].removesuffix(".json")
            if "/group/" in path and number.isdecimal() and int(number) in backpack.badges:
                return self.answer(200, {"userId": 1, "groupId": int(number), "badges": backpack.badges[int(number)]})
            return self.answer(404, {"httpStatus": 404, "status": "missing"})

        do_HEAD = do_GET

        def fail(self) -> None:
            if backpack.broken == "html":
                return self.send(200, b"<html>maintenance</html>", "text/html")
            return self.answer(503, {})

        def answer(self, status: int, document: object) -> None:
            self.send(status, json.dumps(document).encode(), "application/json")

        def send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    return Handler


@contextmanager
def running():
    """Serve a backpack while the block runs."""
    backpack = Backpack()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(backpack))
    backpack.origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield backpack
    finally:
        server.shutdown()
        server.server_close()
