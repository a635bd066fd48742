"""A foreign backpack, and a learner who sends a badge there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from portal.core.db import commit, session
from portal.delivery import services
from portal.delivery.models import Sending
from tests.conftest import test_settings
from tests.delivery.backpack import MozillaBackpack
from tests.earning import certificate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from config import Settings
    from portal.certificates.models import Certificate


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings that let the portal call this machine, where the foreign backpack runs."""
    return replace(test_settings(tmp_path), allowed_private_hosts=frozenset({"127.0.0.1"}))


@pytest.fixture
def backpack() -> Iterator[MozillaBackpack]:
    """Return a backpack of another party, with Backpack Connect and issuer.js."""
    other = MozillaBackpack()
    yield other
    other.close()


@pytest.fixture
def offered(app, backpack) -> MozillaBackpack:
    """Return the foreign backpack, set up as the one that learners are offered, and looked at."""
    services.save_settings(backpack_kind="mozilla", backpack_url=backpack.url)
    commit()
    services.remember(services.probe(backpack.url))
    commit()
    return backpack


class Learner:
    """Somebody signed in, with a certificate whose badge they send."""

    def __init__(self, person: Any, client: Any, achieved: Certificate) -> None:
        self.person, self.client, self.certificate = person, client, achieved
        self.earn_page = f"/certificates/{achieved.public_id}/earn"

    def send(self) -> Any:
        """Press Send."""
        address = self.person.addresses[0].public_id
        kind = "builtin" if services.offered().builtin else "mozilla"
        commit()
        return self.client.submit(self.earn_page, {"address": address, "backpack": kind})

    @property
    def sending(self) -> Sending:
        """The one sending, read anew."""
        session().expire_all()
        row = session().query(Sending).filter_by(person_id=self.person.id).order_by(Sending.id.desc()).first()
        commit()
        return row

    def press(self, verb: str, **data: str) -> Any:
        """Press a button of the sending."""
        return self.client.submit(f"/sendings/{self.sending.public_id}/{verb}", data, on=self.earn_page)

    def page(self) -> str:
        """Look at the Earn badge window."""
        return self.client.get(self.earn_page).get_data(as_text=True)


@pytest.fixture
def learner(app, person, sign_in) -> Callable[..., Learner]:
    """Return a maker of learners with a certificate."""
    made = 0

    def make(**values: Any) -> Learner:
        nonlocal made
        made += 1
        who = person()
        return Learner(who, sign_in(who), certificate(who, source=f"membership:d{made}", **values))

    return make


@pytest.fixture
def connected(offered, learner) -> Learner:
    """Return a learner who has pressed Send and Allow, and was sent back; the worker has not run yet."""
    someone = learner()
    someone.send()
    answer = someone.press("allow")
    assert someone.client.get(offered.consent(answer.location)).status_code == 303
    return someone
