"""Values that PostgreSQL refuses where SQLite takes them."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal.core.db import session
from portal.web.stamps import public

pytestmark = pytest.mark.postgres
SEARCHES = (
    "/learning-paths?q=a%00b&category=a%00b&tag=a%00b",
    "/authoring/learning-paths?q=a%00b&state=a%00b",
    "/authoring/review?path=a%00b",
    "/authoring/expirations?path=a%00b&group=a%00b",
    "/authoring/achievements?path=a%00b&group=a%00b",
    "/badges/awards?q=a%00b",
    "/transcript/learners?q=a%00b",
)
NOWHERE = (
    "/learning-paths/a%00b",
    "/badges/assertions/a%00b",
    "/backpack/displayer/99999999999/groups.json",
    "/backpack/displayer/1/group/99999999999.json",
)


@pytest.fixture
def app(app_on_postgres):
    return app_on_postgres


def test_what_no_column_holds_is_searched_for_and_leads_nowhere(app, person, sign_in):
    client = sign_in(person("administrator"))
    assert {address: client.get(address).status_code for address in SEARCHES} == dict.fromkeys(SEARCHES, 200)
    assert {address: client.get(address).status_code for address in NOWHERE} == dict.fromkeys(NOWHERE, 404)


def test_a_value_that_no_check_found_is_refused_and_the_portal_goes_on(app, client):
    @app.get("/planted")
    @public
    def planted() -> str:
        session().execute(text("SELECT CAST(:value AS text)"), {"value": "a\0b"})
        return ""

    assert client.get("/planted").status_code == 400
    assert client.get("/learning-paths").status_code < 500
