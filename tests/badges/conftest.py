"""An issuer, a badge, and awards to test with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.accounts import services as accounts
from portal.badges import services
from portal.badges.models import SigningKey
from portal.badges.services import keys
from portal.core import crypto, pictures
from portal.core.db import commit, session
from portal.openbadges.keys import Ed25519Pair, RsaPair
from tests.conftest import picture_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import Person
    from portal.badges.models import Award, BadgeClass, IssuerProfile


@pytest.fixture(scope="session")
def pairs() -> dict[str, Ed25519Pair | RsaPair]:
    """Return key pairs made once: an RSA pair takes a while."""
    return {keys.PROOF: Ed25519Pair.generate(), keys.TOKEN: RsaPair.generate()}


@pytest.fixture
def issuer(app, pairs) -> IssuerProfile:
    """Return an issuer with everything that is required, and its keys."""
    for kind, pair in pairs.items():
        row = SigningKey(kind=kind, private_pem=crypto.encrypt(pair.pem().encode()), public_pem=pair.public.pem())
        session().add(row)
    row = services.save_issuer(name="Academy of Fjords", url="https://academy.example/", email="badges@academy.example")
    commit()
    return row


@pytest.fixture
def definition(app) -> Callable[..., services.Definition]:
    """Return a maker of definitions: `definition(name=…)`."""

    def make(**values: Any) -> services.Definition:
        known: dict[str, Any] = {
            "name": "First aid",
            "description": "Knows what to do first.",
            "criteria": "Read *everything*.",
            "tags": ("health",),
            "image_key": pictures.keep(pictures.check(picture_bytes())),
        }
        return services.Definition(**{**known, **values})

    return make


@pytest.fixture
def badge_class(definition) -> BadgeClass:
    """Return a badge class."""
    row = services.freeze(definition())
    commit()
    return row


@pytest.fixture
def give(issuer, badge_class, person) -> Callable[..., Award]:
    """Return a way to give the badge: `give(to=…, source=…)`."""
    made = 0

    def award(to: Person | None = None, source: str | None = None, **values: Any) -> Award:
        nonlocal made
        made += 1
        to = to or person()
        address = accounts.verified_addresses(to)[0]
        row = services.award(
            values.pop("badge", badge_class), to=to, address=address, source=source or f"certificate:{made}",
            **{"evidence_url": "https://portal.example/check/ABCD", **values},
        )  # fmt: skip
        commit()
        return row

    return award
