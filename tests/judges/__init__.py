"""Independent judges: implementations of the standards by others, installed by `setup.sh`, asked over plain JSON.

A verdict is true where the judge accepts. `origins` maps an origin of the badge's addresses to a running server, for
example `{"https://portal.example": "http://127.0.0.1:8123"}`, so real status codes and content types are judged.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
INSTALLED = ROOT / ".judges"
_TIMEOUT = 300


@dataclass(frozen=True)
class Verdict:
    """What a judge said: whether it accepts, why not, and whatever else it answered."""

    passed: bool
    reasons: list[str]
    answer: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.passed


def install() -> None:
    """Install the judges unless their present pins are installed already."""
    subprocess.run([HERE / "setup.sh"], check=True, stdout=subprocess.DEVNULL)


def judge_ob2(
    source: str | Path,
    origins: Mapping[str, str],
    *,
    strict: bool = True,
    recipient: str | None = None,
) -> Verdict:
    """Ask 1EdTech's validator of Open Badges 2.0 about an address, JSON text, JWS, or the path of a picture.

    Strict also refuses warnings, addresses that do not answer 200, and pictures that are not served as PNG or SVG.
    """
    install()
    given: object = {"picture": str(source)} if isinstance(source, Path) else source
    job = {"map": dict(origins), "tasks": [{"source": given, "recipient": recipient}]}
    answer = _run([str(INSTALLED / "ob2/bin/python"), str(HERE / "programs/ob2.py")], job)[0]
    reasons = list(answer["messages"])
    if strict:
        reasons += [f"{url} answers {status}" for url, status, _kind in answer["requests"] if status != 200]
        reasons += [
            f"{url} is served as {kind}"
            for url, _status, kind in answer["requests"]
            if url in answer["pictures"] and kind not in ("image/png", "image/svg+xml")
        ]
    failed = answer["errors"] or (strict and (answer["warnings"] or len(reasons) > len(answer["messages"])))
    return Verdict(not failed, reasons, answer)


def judge_ob11(url: str, origins: Mapping[str, str], *, recipient: str | None = None) -> Verdict:
    """Ask the validator inside a Mozilla Backpack about a hosted 1.1 assertion."""
    return ask({"ask": "ob11", "url": url, "recipient": recipient}, origins=origins)


def judge_di(
    credential: Mapping[str, Any],
    *,
    origins: Mapping[str, str] | None = None,
    documents: Mapping[str, Any] | None = None,
    now: str | None = None,
) -> Verdict:
    """Ask Digital Bazaar's library, in safe mode, about a 3.0 credential with an embedded proof and its status list."""
    return ask({"ask": "verify-di", "credential": credential, "now": now}, origins=origins, documents=documents)


def judge_jwt(
    token: str,
    jwk: Mapping[str, Any],
    *,
    algorithms: Iterable[str] = ("RS256",),
    now: str | None = None,
) -> Verdict:
    """Ask the `jose` package about a compact JWS."""
    return ask({"ask": "verify-jwt", "token": token, "jwk": jwk, "algorithms": list(algorithms), "now": now})


def ask(
    task: Mapping[str, Any],
    *,
    origins: Mapping[str, str] | None = None,
    documents: Mapping[str, Any] | None = None,
) -> Verdict:
    """Ask the JavaScript judges one thing; what can be asked stands in `programs/judge.mjs`."""
    return ask_all([task], origins=origins, documents=documents)[0]


def ask_all(
    tasks: list[Mapping[str, Any]],
    *,
    origins: Mapping[str, str] | None = None,
    documents: Mapping[str, Any] | None = None,
) -> list[Verdict]:
    """Ask the JavaScript judges many things in one process."""
    install()
    program = INSTALLED / "node/judge.mjs"
    source = HERE / "programs/judge.mjs"
    if not program.exists() or program.read_bytes() != source.read_bytes():
        fresh = program.with_suffix(".new")
        shutil.copyfile(source, fresh)
        fresh.replace(program)
    job = {"map": dict(origins or {}), "documents": dict(documents or {}), "tasks": tasks}
    answers = _run(["node", "--no-warnings", str(program)], job)
    return [Verdict(bool(item["passed"]), item["reasons"], item) for item in answers]


def _run(command: list[str], job: Mapping[str, Any]) -> list[dict[str, Any]]:
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, timeout=_TIMEOUT, check=False)
    if done.returncode:
        raise AssertionError(f"the judge itself failed:\n{done.stderr[-4000:]}")
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers
