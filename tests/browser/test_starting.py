"""What an installation goes through: a first administrator, a start that is refused, a backup that is restored."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys

import requests

from tests.browser.conftest import PASSWORD
from tests.serving import ROOT, Portal

PRODUCTION = {
    "LAUREL_ENV": "production",
    "LAUREL_SECRET_KEY": "a-secret-of-a-test-that-is-long-enough-to-be-one",
    "LAUREL_ENCRYPTION_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
}


def _sign_in(portal: Portal, address: str, password: str = PASSWORD) -> requests.Session:
    http = requests.Session()
    page = http.get(f"{portal.url}/sign-in", timeout=20).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    http.post(f"{portal.url}/sign-in", data={"csrf_token": token, "address": address, "password": password}, timeout=20)
    return http


def _refused(portal: Portal) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "portal/serving.py", "wsgi:app"],
        cwd=ROOT, env=portal._environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert result.returncode != 0
    return result.stdout + result.stderr


def test_a_changed_base_url_is_refused_once_badges_were_given(prepared, tmp_path):
    shutil.copytree(prepared.folder, tmp_path / "data")
    moved = Portal(tmp_path / "data", demo=True)
    assert moved.port != prepared.port
    words = _refused(moved)
    assert prepared.url in words
    assert moved.url in words


def test_production_refuses_the_passwords_of_the_demo(prepared, tmp_path):
    shutil.copytree(prepared.folder, tmp_path / "data")
    with sqlite3.connect(tmp_path / "data" / "laurel.db") as connection:
        connection.execute("UPDATE issuer_profile SET base_url = NULL")
    words = _refused(
        Portal(
            tmp_path / "data",
            environment={**PRODUCTION, "LAUREL_BASE_URL": "https://portal.example"},
            port=prepared.port,
        )
    )
    assert "demo's password" in words, words
    assert "admin@laurel.example" in words


def test_a_backup_made_while_the_portal_runs_is_restored_elsewhere(prepared, tmp_path):
    portal = prepared.copy(tmp_path / "data")
    portal.start()
    try:
        backup = tmp_path / "backup"
        backup.mkdir()
        with sqlite3.connect(portal.folder / "laurel.db") as source, sqlite3.connect(backup / "laurel.db") as target:
            source.backup(target)
        shutil.copytree(portal.folder / "files", backup / "files")
    finally:
        portal.kill()
    shutil.rmtree(portal.folder)
    restored = Portal(backup, demo=True, port=prepared.port)
    restored.command("db", "upgrade")
    assert "Ready to serve" in restored.command("laurel", "check")
    restored.start()
    try:
        http = _sign_in(restored, "learner@laurel.example")
        assert "Data Literacy" in http.get(f"{restored.url}/certificates", timeout=20).text
        page = http.get(f"{restored.url}/backpack", timeout=20).text
        picture = re.search(r'src="(/pictures/[^"]+)"', page)[1]
        assert http.get(restored.url + picture, timeout=20).status_code == 200
    finally:
        restored.kill()


def test_a_restart_keeps_what_people_did_and_loads_no_second_demo(prepared, tmp_path):
    portal = prepared.copy(tmp_path / "data")
    assert "in use already" in portal.command("laurel", "demo")


def test_an_installation_without_a_demo_begins_with_its_first_administrator(tmp_path):
    portal = Portal(tmp_path / "data")
    portal.prepare()
    printed = portal.command("laurel", "init", "--name", "Ada Admin", "--email", "ada@example.org")
    link = re.search(r"http://\S+", printed)
    assert link, printed
    portal.start()
    try:
        http = requests.Session()
        page = http.get(link[0], timeout=20).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        answer = http.post(
            link[0],
            data={
                "csrf_token": token,
                "password": "correct horse battery",
                "password_again": "correct horse battery",
                "repeated": "correct horse battery",
            },
            timeout=20,
        )
        assert answer.status_code == 200
        assert http.get(f"{portal.url}/administration/open-badges", timeout=20).status_code == 200
    finally:
        portal.kill()
