"""A learner, an independent issuer, and short cuts into the backpack."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.backpack import services
from portal.backpack.models import Collection, HeldBadge
from portal.backpack.receipt import handed_over
from portal.core.db import commit, session
from tests.backpack.foreign import Issuer
from tests.conftest import test_settings as settings_for

ADDRESS = "learner@fjords.example"


@pytest.fixture
def settings(tmp_path):
    return replace(settings_for(tmp_path), allowed_private_hosts=frozenset({"127.0.0.1"}))


@pytest.fixture
def issuer():
    site = Issuer()
    yield site
    site.stop()


@pytest.fixture
def learner(person):
    return person("learner", name="Astrid Lund", address=ADDRESS)


@pytest.fixture
def signed_in(learner, sign_in):
    return sign_in(learner)


@pytest.fixture
def hold(issuer):
    """Return a function that puts a badge of the foreign issuer into somebody's backpack."""

    def put(who, key="1", *, address=None, **changes):
        address = address or who.addresses[0].address
        url = issuer.award(address, key, **changes)
        commit()
        offer = handed_over(url, [address])
        assert offer.problem is None, offer.problem
        badge, _new = services.keep(who, offer.received, address)
        commit()
        return badge

    return put


@pytest.fixture
def collect():
    def make(who, name="Valamis collection", badges=(), *, public=True, description=""):
        made = services.create_collection(who, name=name, description=description, public=public, badges=badges)
        commit()
        return made

    return make


@pytest.fixture
def held(app):
    return lambda: list(session().scalars(select(HeldBadge).order_by(HeldBadge.id)))


@pytest.fixture
def all_collections(app):
    return lambda: list(session().scalars(select(Collection).order_by(Collection.id)))
