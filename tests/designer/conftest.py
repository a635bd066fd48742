"""A served portal with the demo academy's badges, and Chromium on it."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, insert, select
from werkzeug.serving import make_server

from portal.accounts.models import Person
from portal.app import create_app
from portal.badges.designer import documents, services
from portal.badges.designer.models import BadgeDesign, BadgeDesignVersion
from portal.core.db import commit, db, session
from tests.browser.conftest import browser_type_launch_args, faults  # noqa: F401 - fixtures
from tests.conftest import test_settings as settings_for_tests
from tests.designer.pages import Designer, Library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BADGES = Path(__file__).resolve().parents[2] / "portal" / "demo" / "badges"
SCREENS = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}


@pytest.fixture
def settings(tmp_path, request):
    """Give the served portal the address that it is served at."""
    if "served" not in request.fixturenames:
        return settings_for_tests(tmp_path)
    server = make_server("127.0.0.1", 0, lambda *_: [])
    server.server_close()
    return settings_for_tests(tmp_path, base_url=f"http://127.0.0.1:{server.server_port}")


@pytest.fixture
def served(app, settings) -> Iterator[str]:
    """Serve the test's portal and return its address."""
    server = make_server("127.0.0.1", int(settings.base_url.rpartition(":")[2]), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield settings.base_url
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def instructor(person):
    """Return somebody who draws."""
    return person("instructor", name="Ada")


@pytest.fixture(scope="session")
def drawn(tmp_path_factory, empty_database) -> tuple[Path, dict[str, str]]:
    """Return a data folder whose library holds the demo academy's badges, made once, and their public ids by name of file."""
    folder = tmp_path_factory.mktemp("drawn")
    shutil.copy(empty_database, folder / "laurel.db")
    app = create_app(settings_for_tests(folder))
    made = {}
    with app.app_context():
        by = Person(name="Ada", role="instructor")
        session().add(by)
        session().flush()
        for file in sorted(BADGES.glob("*.json")):
            saving = services.Saving(
                document=documents.read(file.read_bytes()),
                picture=file.with_suffix(".png").read_bytes(),
                deliberate=True,
            )
            made[file.stem] = services.create(saving, by).public_id
        commit()
        db.session.remove()
        db.engine.dispose()
    return folder, made


@pytest.fixture
def shelf(app, settings, instructor, drawn):
    """Put the demo academy's badges into the library; returns their public ids by name of file."""
    folder, made = drawn
    shutil.copytree(folder / "files", settings.data_folder / "files", dirs_exist_ok=True)
    source = create_engine(f"sqlite:///{folder / 'laurel.db'}")
    with source.connect() as line:
        for table in (BadgeDesign.__table__, BadgeDesignVersion.__table__):
            rows = [dict(row) for row in line.execute(select(table)).mappings()]
            ours = [column.name for column in table.columns if column.references(Person.__table__.c.id)]
            session().execute(insert(table), [row | dict.fromkeys(ours, instructor.id) for row in rows])
    source.dispose()
    commit()
    return made


@pytest.fixture
def window(app, served, browser, instructor, sign_in) -> Iterator[Callable]:
    """Return an opener of browser windows in which somebody is signed in."""
    contexts = []

    def enter(*, screen="wide", dark=False, who=None):
        context = browser.new_context(
            base_url=served, viewport=SCREENS[screen], has_touch=screen == "narrow", accept_downloads=True,
            color_scheme="dark" if dark else "light", reduced_motion="reduce", locale="en-GB",
        )  # fmt: skip
        context.set_default_timeout(15_000)
        client = sign_in(who or instructor)
        name = app.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": client.get_cookie(name).value, "url": served}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"a script failed on {page.url}: {error}"))
        return page

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def designer(window, shelf):
    """Return an opener of the designer: `designer("first-aid")`, or without a name on a new badge."""

    def enter(badge=None, *, page=None, **options):
        page = page or window(**options)
        return Designer(page).open(shelf[badge] if badge else "new")

    return enter


@pytest.fixture
def library(window, shelf):
    """Return the Badge library in a window."""
    return Library(window()).open()
