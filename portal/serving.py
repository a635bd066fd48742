"""How gunicorn serves the portal: one process with threads, and the worker inside it, started after the fork."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from pathlib import Path
from typing import IO, Any

from portal import starting
from portal.core import jobs
from portal.demo import loading

bind = os.environ.get("LAUREL_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("LAUREL_PROCESSES", "1"))
worker_class = "gthread"
threads = int(os.environ.get("LAUREL_THREADS", "4"))
timeout = 60
graceful_timeout = 20
keepalive = 5
forwarded_allow_ips = os.environ.get("LAUREL_FORWARDED_ALLOW_IPS", "127.0.0.1")
limit_request_line = 8190
accesslog = None
loglevel = "info"
control_socket_disable = True

RETRY_SECONDS = 5.0
_log = logging.getLogger(__name__)
_stop = threading.Event()
_held: list[IO[str]] = []


def _greet() -> None:
    """Say where the portal is, and who can sign in where the demo academy is loaded."""
    lines = ["", f"  Laurel is ready: {os.environ.get('LAUREL_BASE_URL', 'http://localhost:8000')}"]
    if os.environ.get("LAUREL_DEMO") == "1":
        lines += [
            "",
            f"  Sign in with the password {loading.PASSWORD} as",
            *(f"    {name}" for name in loading.ACCOUNTS),
        ]
    print("\n".join([*lines, ""]), flush=True)  # noqa: T201 - whoever ran `make run` waits for it


def _become_the_worker(app: Any) -> None:
    """Wait for the lock on the data folder, then run the worker here: one consumer, however many processes serve."""
    path = Path(app.extensions["laurel_settings"].data_folder) / "worker.lock"
    handle = path.open("w")
    while not _stop.is_set():
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            _stop.wait(RETRY_SECONDS)
            continue
        _held.append(handle)
        if not app.extensions["laurel_settings"].redis_url:
            with app.app_context():
                jobs.forget_leases()
        jobs.bell(app).start()
        _log.info("The worker runs in process %s.", os.getpid())
        return


def post_worker_init(worker: Any) -> None:
    """Refuse to serve what must not be served; start the embedded worker once the server has forked."""
    starting.check(worker.wsgi)
    if worker.age == 1:
        _greet()
    if os.environ.get("LAUREL_WORKER", "inside") == "inside":
        threading.Thread(target=_become_the_worker, args=(worker.wsgi,), name="worker-start", daemon=True).start()


def worker_exit(_server: Any, worker: Any) -> None:
    """End the embedded worker with its running job finished."""
    _stop.set()
    if _held and getattr(worker, "wsgi", None) is not None:
        jobs.bell(worker.wsgi).stop()
