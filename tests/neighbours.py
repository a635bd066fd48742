"""PostgreSQL and Redis of the tests' own, on ports of their own, gone when the tests end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.serving import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 40.0


def _postgres_folder() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert found, "PostgreSQL is not installed: apt-get install postgresql"
    return found[-1].parent


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as its own user."""
    return command if os.getuid() else ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL server and yield the address of an empty database on it."""
    tools = _postgres_folder()
    folder = Path(tempfile.mkdtemp(prefix="laurel-postgres-"))
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    data, port = folder / "data", free_port()
    server = None
    try:
        subprocess.run(
            _as_postgres([str(tools / "initdb"), "-D", str(data), "-U", "laurel", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8"]),
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        options = [
            f"-p{port}",
            f"-k{folder}",
            "-hlocalhost",
            "-cfsync=off",
            "-cfull_page_writes=off",
            "-csynchronous_commit=off",
        ]
        server = subprocess.Popen(
            _as_postgres([str(tools / "postgres"), "-D", str(data), *options]),
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _wait(lambda: _ready(tools, folder, port), "PostgreSQL")
        subprocess.run(
            [str(tools / "createdb"), "-h", str(folder), "-p", str(port), "-U", "laurel", "laurel"], check=True
        )
        yield f"postgresql+psycopg://laurel@localhost:{port}/laurel"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # at once: SIGTERM would wait until every client has gone
            server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _ready(tools: Path, folder: Path, port: int) -> bool:
    command = [str(tools / "pg_isready"), "-q", "-h", str(folder), "-p", str(port)]
    return subprocess.run(command, check=False).returncode == 0


@contextmanager
def redis() -> Iterator[str]:
    """Run a Redis server and yield its address."""
    program = shutil.which("redis-server")
    assert program, "Redis is not installed: apt-get install redis-server"
    port = free_port()
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(
            lambda: (
                subprocess.run(["redis-cli", "-p", str(port), "ping"], check=False, capture_output=True).stdout
                == b"PONG\n"
            ),
            "Redis",
        )
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(ready, name: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline, f"{name} did not start"
        time.sleep(0.1)
