"""A portal served for real, by the same server as `make run`, on a port and a data folder of its own."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0


# Loads the demo as `flask db upgrade` and `flask laurel demo` do, with one start instead of two.
PREPARE = """
import sys
from wsgi import app
for arguments in (["db", "upgrade"], ["laurel", "demo"])[: int(sys.argv[1])]:
    result = app.test_cli_runner().invoke(args=arguments)
    print(result.output)
    if result.exit_code:
        raise result.exception
"""
# Below the ports that systems give to connections: a port stays free while nobody serves a portal there.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as line, contextlib.suppress(OSError):
            line.bind(("127.0.0.1", port))
            return port


@dataclass
class Portal:
    """A running portal; `kill` ends it as a power cut would."""

    folder: Path
    demo: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    clock: datetime | None = None
    """When the portal believes to start; None for the true time."""

    @property
    def url(self) -> str:
        """The base URL; a name of its own, since Chromium keeps cookies by host."""
        return f"http://localhost:{self.port}"

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LAUREL_ENV": "development",
            "LAUREL_BASE_URL": self.url,
            "LAUREL_BIND": f"127.0.0.1:{self.port}",
            "LAUREL_DATA": str(self.folder),
            "LAUREL_DEMO": "1" if self.demo else "",
            **self.environment,
        }

    def command(self, *arguments: str) -> str:
        """Run `flask …` on the portal's data and return what it printed."""
        return self._run("-m", "flask", "--app", "wsgi", *arguments)

    def _run(self, *arguments: str) -> str:
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT, env=self._environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def prepare(self) -> None:
        """Make the database, and load the demo where it is asked for."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._run("-c", PREPARE, "2" if self.demo else "1")

    def copy(self, folder: Path) -> Portal:
        """Return a portal with a copy of this one's data, at the same address: its badges name that address."""
        assert self.process is None, "a portal that runs is not copied"
        shutil.copytree(self.folder, folder)
        return Portal(folder, demo=self.demo, port=self.port, environment=self.environment)

    def _program(self) -> list[str]:
        return ["tests.moved_clock", self.clock.isoformat()] if self.clock else ["gunicorn"]

    def start(self) -> None:
        """Serve, and wait until the portal answers."""
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self._program(), "--config", "portal/serving.py", "wsgi:app"],
            cwd=ROOT, env=self._environment(), stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "server.log").read_text())

    def kill(self) -> None:
        """End every process of the portal at once, with nothing finished."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> float:
        """Ask the portal to end, and return how many seconds it took."""
        if self.process is None:
            return 0.0
        began = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self.process = None
        return time.monotonic() - began

    @property
    def log(self) -> str:
        """What the server has written."""
        return (self.folder / "server.log").read_text()
