"""Administration, System: facts, checks in plain words, and no secret."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from portal import __version__
from portal.accounts.services import invitations
from portal.admin import services
from portal.admin.jobs import beat
from portal.admin.models import Heartbeat
from portal.core.clock import now
from portal.core.db import commit, session

PAGE = "/administration/system"


@pytest.fixture
def admin(sign_in, member):
    return sign_in(member("administrator"))


def change(app, **values):
    for name, value in values.items():
        object.__setattr__(app.extensions["laurel_settings"], name, value)


def found(title):
    return next(check for check in services.checks() if check.title == title)


def test_the_page_shows_how_the_portal_is(admin):
    text = admin.get(PAGE).get_data(as_text=True)
    for words in (
        __version__,
        "SQLite 3.",
        "https://portal.example",
        "Active people",
        "Encryption key",
        "A file beside the data",
    ):
        assert words in text


def test_the_version_is_the_projects():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert project["project"]["version"] == __version__


def test_no_secret_stands_on_the_page(app, admin):
    change(app, redis_url=None)
    settings = app.extensions["laurel_settings"]
    text = admin.get(PAGE).get_data(as_text=True)
    for secret in (settings.secret_key, settings.encryption_key, str(settings.database_url), str(settings.data_folder)):
        assert secret not in text
    assert settings.secret_key not in repr(settings)
    assert settings.encryption_key not in repr(settings)


def test_a_worker_that_was_never_seen_or_fell_silent_is_told(app, clock):
    with app.test_request_context(method="POST"):
        assert found("Worker").tone == "warning"
        beat()
        assert found("Worker").tone == "success"
        clock(now() + timedelta(minutes=4))
        assert found("Worker").tone == "danger"
        beat()
        assert found("Worker").tone == "success"
        assert session().query(Heartbeat).count() == 1


def test_a_lost_key_is_noticed_and_an_old_key_kept_beside_the_new_one_is_not(app):
    old = app.extensions["laurel_settings"].encryption_key
    new = Fernet.generate_key().decode()
    with app.test_request_context(method="POST"):
        assert found("Encryption key").tone == "info"
        beat()
        assert found("Encryption key").tone == "success"
        change(app, encryption_key=new)
        assert found("Encryption key").tone == "danger"
        change(app, encryption_key=f"{new},{old}")
        assert found("Encryption key").tone == "success"


def test_work_that_waits_too_long_is_told(app, clock):
    with app.test_request_context(method="POST"):
        invitations.wish("ada@example.org")
        commit()
        assert found("Waiting work").text.startswith("1 task waits")
        assert found("Waiting work").tone == "success"
        clock(now() + timedelta(minutes=11))
        assert found("Waiting work").tone == "warning"


@pytest.mark.parametrize(
    ("base_url", "tone"),
    [
        ("https://learn.example.org", "success"),
        ("http://localhost:8000", "info"),
        ("http://learn.example.org", "danger"),
    ],
)
def test_the_public_address_is_judged(app, base_url, tone):
    change(app, base_url=base_url)
    with app.test_request_context(method="POST"):
        assert found("Public address").tone == tone


def test_another_address_in_the_browser_is_told(app, admin):
    with app.test_request_context(base_url="https://portal.example"):
        assert found("Address in your browser").tone == "success"
    text = admin.get(PAGE).get_data(as_text=True)  # the test's client asks localhost
    assert "localhost, but LAUREL_BASE_URL names https://portal.example" in text


def test_what_is_worst_comes_first(app):
    change(app, base_url="http://learn.example.org")
    with app.test_request_context(method="POST"):
        assert services.checks()[0].title == "Public address"
