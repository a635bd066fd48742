"""A real HTTP server of a small web of badges, for judges that read addresses themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.openbadges.world import World


@contextmanager
def serving(world: World, *origins: str) -> Iterator[dict[str, str]]:
    """Serve a world on a free port; gives the map from each origin to the server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            host = f"{self.headers.get('X-Forwarded-Proto', 'http')}://{self.headers.get('X-Forwarded-Host')}"
            found = world.answers.get(host + self.path)
            body = found.body if found else b"not found"
            self.send_response(found.status if found else 404)
            self.send_header("Content-Type", found.content_type if found else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield dict.fromkeys(origins, f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
