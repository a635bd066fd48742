"""Certifications and certificates to test with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.badges import services as badges
from portal.certificates import services
from portal.core import pictures
from portal.core.db import commit
from tests.conftest import picture_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import Person
    from portal.badges.models import IssuerProfile
    from portal.certificates.models import Certificate, Certification


@pytest.fixture
def issuer(app) -> IssuerProfile:
    """Return an issuer with everything that is required."""
    row = badges.save_issuer(name="Academy of Fjords", url="https://academy.example/", email="badges@academy.example")
    commit()
    return row


@pytest.fixture
def cover(app) -> str:
    """Return the key of a PNG cover."""
    return pictures.keep(pictures.check(picture_bytes()))


@pytest.fixture
def certification(app, issuer, cover) -> Callable[..., Certification]:
    """Return a maker of frozen certifications with a badge: `certification(validity_kind="period", …)`."""

    def make(**values: Any) -> Certification:
        row = services.new_certification()
        known: dict[str, Any] = {
            "enabled": True,
            "open_badges": True,
            "badge_name": "Data literacy",
            "badge_description": "Reads and questions figures.",
            "badge_criteria": "Finish *all* steps.",
            "badge_tags": ["data", "figures"],
        }
        for name, value in {**known, **values}.items():
            setattr(row, name, value)
        services.freeze(
            row, title="Data literacy, level two", language="en", cover_key=cover, criteria_fallback="All steps.",
            path_url="https://portal.example/learning-paths/abc",
        )  # fmt: skip
        commit()
        return row

    return make


@pytest.fixture
def give(certification, person) -> Callable[..., Certificate]:
    """Return a way to grant a certificate: `give(to=…, settings={…})`."""
    made = 0

    def grant(
        to: Person | None = None, *, title: str = "Data literacy, level two", settings: dict[str, Any] | None = None
    ) -> Certificate:
        nonlocal made
        made += 1
        row = services.grant(
            certification(**(settings or {})), holder=to or person(), title=title, path_public_id="abc",
            path_version=2, source=f"membership:{made}",
        )  # fmt: skip
        commit()
        return row

    return grant
