"""How fast public assertions are served, against a bare Flask view that returns constant bytes of the same size.

Both stand under gunicorn with 2 processes of 4 threads and are driven by `wrk` in turns; prints requests a second and the
ratio. On SQLite, and on the PostgreSQL that LAUREL_BENCH_DATABASE_URL names where it is set (an empty database).
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response
from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

ROUNDS, SECONDS, CONNECTIONS = 3, 4, 16
TARGETS = {"sqlite": 0.5, "postgresql": 0.4}


def bare() -> Flask:
    """Make the app to compare with: it returns the bytes of the files that the environment names."""
    app = Flask("bare")
    for name, kind in (("json", "application/ld+json"), ("png", "image/png")):
        body = Path(os.environ["BARE_FOLDER"], name).read_bytes()
        app.add_url_rule(f"/{name}", name, lambda body=body, kind=kind: Response(body, content_type=kind))
    return app


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def settings_for(folder: Path, port: int, database: str | None) -> dict[str, str]:
    known = {
        "LAUREL_ENV": "development",
        "LAUREL_DATA": str(folder),
        "LAUREL_BASE_URL": f"http://localhost:{port}",
        "LAUREL_BIND": f"127.0.0.1:{port}",
        "LAUREL_WORKER": "outside",
    }
    return known | ({"LAUREL_DATABASE_URL": database} if database else {})


def seed(environment: dict[str, str]) -> tuple[str, str]:
    """Give a badge to many people, and return the paths of one award's assertion and picture."""
    from config import Settings
    from portal.accounts.models import EmailAddress, Person
    from portal.app import create_app
    from portal.badges import services
    from portal.core import pictures
    from portal.core.clock import now
    from portal.core.db import Base, commit, db, session

    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        services.save_issuer(name="Academy", url="https://academy.example/", email="badges@academy.example")
        key = pictures.keep(pictures.check(picture()))
        badge = services.freeze(services.Definition(name="First aid", description="Knows it.", image_key=key))
        for number in range(500):
            person = Person(name=f"Learner {number}")
            text = f"learner{number}@example.org"
            person.addresses.append(
                EmailAddress(address=text, verified_address=text, verified_at=now(), is_primary=True)
            )
            session().add(person)
            session().flush()
            award = services.award(badge, to=person, address=person.addresses[0], source=f"certificate:{number}")
        commit()
        path = f"/badges/assertions/{award.public_id}"
        db.session.remove()
        db.engine.dispose()
    return path, f"{path}/image.png"


def picture() -> bytes:
    import io

    buffer = io.BytesIO()
    Image.effect_noise((256, 256), 40).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


@contextlib.contextmanager
def serving(target: str, port: int, environment: dict[str, str]) -> Iterator[str]:
    command = [
        sys.executable, "-m", "gunicorn", "--workers", "2", "--worker-class", "gthread", "--threads", "4",
        "--bind", f"127.0.0.1:{port}", "--log-level", "error", target,
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    for _try in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("gunicorn did not start")


def rate(url: str) -> float:
    done = subprocess.run(
        ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{SECONDS}s", url], capture_output=True, text=True, check=True
    )
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    if bad:
        raise SystemExit(f"{bad[0]} from {url}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])


def compare(name: str, database: str | None) -> bool:
    with tempfile.TemporaryDirectory() as text:
        folder, port, other = Path(text), free_port(), free_port()
        environment = settings_for(folder / "data", port, database)
        paths = dict(zip(("json", "png"), seed(environment), strict=True))
        with serving("wsgi:app", port, environment) as portal:
            for kind, path in paths.items():
                (folder / kind).write_bytes(urllib.request.urlopen(portal + path).read())
            with serving(
                "benchmarks.public_documents:bare()", other, {"BARE_FOLDER": str(folder), "PYTHONPATH": str(ROOT)}
            ) as plain:
                reports = [_report(name, kind, portal + path, f"{plain}/{kind}") for kind, path in paths.items()]
                return all(reports)


def _report(name: str, kind: str, ours: str, theirs: str) -> bool:
    pairs = [(rate(ours), rate(theirs)) for _round in range(ROUNDS)]
    served, floor = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio, target = statistics.median(a / b for a, b in pairs), TARGETS[name]
    print(f"{name:<11} {kind:<5} {served:9.0f}/s of {floor:9.0f}/s bare  {ratio:5.2f} (at least {target})")
    return ratio >= target


def main() -> None:
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not here: apt-get install wrk")
    good = compare("sqlite", None)
    if os.environ.get("LAUREL_BENCH_DATABASE_URL"):
        good = compare("postgresql", os.environ["LAUREL_BENCH_DATABASE_URL"]) and good
    sys.exit(not good)


if __name__ == "__main__":
    main()
