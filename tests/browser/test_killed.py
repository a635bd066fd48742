"""The server is killed, for real, at moments all through Send: after a restart exactly one badge lies in the backpack."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import threading
import time

import pytest
import requests

from tests.browser.conftest import PASSWORD
from tests.serving import Portal

PATIENCE = 45.0
# Seconds after the request that sets Send going: from before it is answered to after the badge has arrived.
MOMENTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)


class Learner:
    """Somebody at the pages without a browser: forms are sent as they stand."""

    def __init__(self, portal: Portal, address: str) -> None:
        self.portal = portal
        self.http = requests.Session()
        self.submit("/sign-in", {"address": address, "password": PASSWORD})

    def get(self, path: str) -> str:
        answer = self.http.get(self.portal.url + path, timeout=20)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def submit(self, path: str, data: dict[str, str] | None = None, *, on: str | None = None) -> requests.Response:
        return self.http.post(
            self.portal.url + path, data={"csrf_token": self.token(on or path), **(data or {})}, timeout=20
        )

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path))
        assert found, path
        return found[1]


def _rows(portal: Portal, question: str) -> list[tuple]:
    with sqlite3.connect(portal.folder / "laurel.db", timeout=30) as connection:
        return connection.execute(question).fetchall()


AINO = "SELECT person_id FROM email_address WHERE address = 'aino@laurel.example'"


def _certificate(portal: Portal) -> str:
    return _rows(portal, f"SELECT public_id FROM certificate WHERE holder_id = ({AINO}) ORDER BY valid_until DESC")[0][
        0
    ]


def _state(portal: Portal) -> str | None:
    found = _rows(portal, f"SELECT state FROM sending WHERE person_id = ({AINO}) ORDER BY id DESC LIMIT 1")
    return found[0][0] if found else None


def _until(portal: Portal, *states: str) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        state = _state(portal)
        if state in states:
            return state
        time.sleep(0.1)
    raise AssertionError(f"{_state(portal)} instead of {states}\n{portal.log[-3000:]}")


def _fields(learner: Learner, certificate: str) -> dict[str, str]:
    text = learner.get(f"/certificates/{certificate}/earn")
    found = {
        name: re.search(rf'<select[^>]*name="{name}"[\s\S]*?value="([^"]+)"', text) for name in ("address", "backpack")
    }
    return {name: match[1] for name, match in found.items() if match}


def _ask(learner: Learner, certificate: str, fields: dict[str, str]) -> None:
    learner.submit(f"/certificates/{certificate}/earn", fields, on="/certificates")


def _allow(learner: Learner, certificate: str) -> None:
    text = learner.get(f"/certificates/{certificate}/earn")
    action = re.search(r'action="([^"]*/allow)"', text)
    assert action, text[:3000]
    consent = learner.submit(action[1], on=f"/certificates/{certificate}/earn")
    fields = dict(re.findall(r'<input type="hidden" name="(callback|scope|csrf_token)" value="([^"]*)"', consent.text))
    learner.http.post(
        learner.portal.url + "/backpack/access",
        data={name: value.replace("&amp;", "&") for name, value in fields.items()} | {"decision": "allow"},
        timeout=20,
    )


def _killed_after(portal: Portal, moment: float, act) -> None:
    def acting() -> None:
        with contextlib.suppress(requests.RequestException, AssertionError):
            act()

    thread = threading.Thread(target=acting)
    thread.start()
    time.sleep(moment)
    portal.kill()
    thread.join()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_at_any_moment_of_send_leaves_exactly_one_badge(prepared, tmp_path, moment):
    portal = prepared.copy(tmp_path / "data")
    portal.start()
    try:
        certificate = _certificate(portal)
        learner = Learner(portal, "aino@laurel.example")
        fields = _fields(learner, certificate)
        _killed_after(portal, moment, lambda: _ask(learner, certificate, fields))
        portal.start()
        if _state(portal) is None:
            _ask(learner, certificate, fields)
        _until(portal, "needs_permission")
        _killed_after(portal, moment * 2, lambda: _allow(learner, certificate))
        portal.start()
        time.sleep(0.5)
        if _state(portal) == "needs_permission":
            _allow(learner, certificate)
        _until(portal, "sent", "already_there")
        for _ in range(3):
            _ask(learner, certificate, fields)
        held = _rows(
            portal,
            f"SELECT count(*) FROM held_badge h JOIN backpack_owner o ON o.id = h.owner_id WHERE o.person_id = ({AINO})",
        )
        live = _rows(
            portal,
            f"SELECT count(*) FROM award WHERE person_id = ({AINO}) AND revoked_at IS NULL AND replaced_by_id IS NULL",
        )
        sendings = _rows(portal, f"SELECT count(*) FROM sending WHERE person_id = ({AINO})")
        assert (held, live, sendings) == ([(1,)], [(1,)], [(1,)])
    finally:
        portal.kill()


def test_a_stop_on_request_ends_within_seconds_with_the_work_kept(prepared, tmp_path):
    portal = prepared.copy(tmp_path / "data")
    portal.start()
    assert portal.stop() < 8
