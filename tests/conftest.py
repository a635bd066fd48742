"""What every test may use: an app on a database of its own, people, and a client that checks each page it sees."""

from __future__ import annotations

import io
import shutil
from contextvars import Context
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from flask import Flask
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import create_engine

from config import DEMO_SECRET, Settings
from portal.accounts.models import EmailAddress, Person
from portal.app import create_app
from portal.core import jobs
from portal.core.clock import now
from portal.core.db import Base, commit, db, session
from tests.neighbours import postgres
from tests.page_laws import LintingClient
from tests.quick import RememberedRule, RememberedTemplates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

BASE_URL = "https://portal.example"
# A browser on a busy machine takes its time; a fault is found all the same.
expect.set_options(timeout=20_000)
Flask.url_rule_class = RememberedRule
TEMPLATES = RememberedTemplates()
# What takes longest begins first, so that no worker is left with it at the end: files, then folders.
LONGEST = (
    "tests/browser/test_every_page.py",
    "tests/browser/test_killed.py",
    "tests/browser/",
    "tests/designer/",
    "tests/openbadges/test_judged_credentials.py",
    "tests/badges/test_awarding_many.py",
    "tests/learning/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; within a file, and otherwise, the order stays."""
    items.sort(
        key=lambda item: next(
            (place for place, name in enumerate(LONGEST) if item.nodeid.startswith(name)), len(LONGEST)
        )
    )


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with every table once; each test gets a copy."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    create_app(test_settings(path.parent))
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


def test_settings(folder: Path, **changes: Any) -> Settings:
    """Return settings for a test that keep everything below a folder."""
    settings = Settings.from_environment(
        {"LAUREL_ENV": "development", "LAUREL_BASE_URL": BASE_URL, "LAUREL_DATA": str(folder)}
    )
    return replace(settings, testing=True, secret_key=DEMO_SECRET, **changes)


test_settings.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of the test's app; override it to change them."""
    return test_settings(tmp_path)


@pytest.fixture
def app(settings: Settings, empty_database: Path) -> Iterator[Flask]:
    """Return a portal of the test's own; an app context stands while the test runs."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(empty_database, settings.data_folder / "laurel.db")
    app = create_app(settings)
    app.test_client_class = LintingClient
    app.jinja_env.bytecode_cache = TEMPLATES
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Return the address of a PostgreSQL database that the tests of a file have for themselves."""
    with postgres() as address:
        yield address


@pytest.fixture
def app_on_postgres(database: str, tmp_path: Path) -> Iterator[Flask]:
    """Return a portal on PostgreSQL with every table empty; an app context stands while the test runs."""
    app = create_app(test_settings(tmp_path, database_url=database))
    app.test_client_class = LintingClient
    with app.app_context():
        db.metadata.drop_all(db.engine)
        db.metadata.create_all(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> LintingClient:
    """Return a client of nobody signed in; it checks every page it sees."""
    return app.test_client()


@pytest.fixture
def person(app: Flask) -> Callable[..., Person]:
    """Return a maker of people: `person("instructor", name=…, address=…)`; committed, with one verified address."""
    made = 0

    def make(role: str = "learner", *, name: str | None = None, address: str | None = None, **values: Any) -> Person:
        nonlocal made
        made += 1
        address = (address or f"{role}{made}@example.org").lower()
        row = Person(name=name or f"{role.title()} {made}", role=role, **values)
        row.addresses.append(
            EmailAddress(address=address, verified_address=address, verified_at=now(), is_primary=True)
        )
        session().add(row)
        commit()
        return row

    return make


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Person], LintingClient]:
    """Return a client that is signed in as a person."""

    def enter(who: Person) -> LintingClient:
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = who.get_id()
            cookie["_fresh"] = True
        return client

    return enter


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], None]:
    """Return a function that does all work that is due, as the worker would, until nothing rings any more."""

    def drain() -> None:
        commit()
        session().expire_all()
        for entry in jobs.registered():
            Context().run(jobs.run, app, entry.name)
        queue = jobs.bell(app)._queue
        while (task := queue.dequeue()) is not None:
            Context().run(queue.execute, task)

    return drain


@pytest.fixture
def clock() -> Iterator[Callable[[datetime], time_machine.Coordinates]]:
    """Return a function that moves the clock to an instant and lets it run on from there."""
    travels: list[time_machine.travel] = []

    def move(to: datetime) -> time_machine.Coordinates:
        for travel in travels:
            travel.stop()
        travels[:] = [time_machine.travel(to, tick=True)]
        return travels[0].start()

    yield move
    for travel in travels:
        travel.stop()


def picture_bytes(kind: str = "PNG", size: tuple[int, int] = (256, 256), colour: str = "#2a6f4e") -> bytes:
    """Return the bytes of a plain picture of a format and size in pixels."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """Return a maker of plain pictures: `picture("JPEG", (200, 100))`."""
    return picture_bytes
