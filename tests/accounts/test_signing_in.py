"""Signing in and out, and what it withstands."""

from __future__ import annotations

import pytest

from portal.accounts.services import passwords
from portal.core.db import commit

PASSWORD = "a quiet harbour at dawn"


@pytest.fixture
def member(person):
    """Return a learner with a password."""
    who = person("learner", address="ada@example.org")
    passwords.store(who, passwords.hashed(PASSWORD))
    commit()
    return who


def enter(client, address="ada@example.org", password=PASSWORD, **more):
    return client.submit("/sign-in", {"address": address, "password": password, **more})


def test_a_person_signs_in_with_any_case_of_the_address(client, member):
    response = enter(client, " Ada@Example.org ")
    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/sign-in").status_code == 302
