"""Which backpack is offered, what a look at one finds, and the contract that every courier keeps."""

from __future__ import annotations

import time

import pytest

from portal.core.db import commit, session
from portal.core.errors import Refused
from portal.delivery import services
from portal.delivery.couriers.courier import Outcome, Parcel
from portal.delivery.couriers.registry import COURIERS, courier_for, courier_of
from portal.delivery.models import DeliverySettings, Reason, SendingState
from portal.delivery.probing import ProbeResult


def test_the_built_in_backpack_and_the_word_valamis_are_the_beginning(app, person):
    chosen = services.settings()
    assert (chosen.backpack_kind, chosen.collection_keyword) == ("builtin", "Valamis")
    (only,) = services.backpacks_of(person())
    assert (only.key, only.url, only.builtin) == ("builtin", "https://portal.example/backpack", True)


def test_another_backpack_is_offered_instead(app, person):
    services.save_settings(backpack_kind="mozilla", backpack_url=" HTTPS://Backpack.Example.org/base/ ")
    commit()
    (only,) = services.backpacks_of(person())
    assert (only.key, only.url, only.name) == ("mozilla", "https://backpack.example.org/base", "backpack.example.org")
    assert session().query(DeliverySettings).count() == 1
    services.save_settings(backpack_kind="builtin", backpack_url="https://backpack.example.org/base")
    commit()
    assert services.settings().backpack_url == "https://backpack.example.org/base", "what was typed is kept"
    assert services.offered().builtin
    assert session().query(DeliverySettings).count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "", "backpack", "javascript:alert(1)", "ftp://a.example", "https://", "https://user@host.example",
        "https://a.example/?q=1", "https://a.example/#x", "https://a.example:99999", "https://a b.example",
        'https://a.example/"><script>', "https://a.example;script-src *", "https://a.example/, https://b.example",
        "https://[::1", "//a.example", "https://ä.example", "https://a.example/" + "x" * 500, "data:text/html,x",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_beside_its_field(app, address):
    with pytest.raises(Refused) as refused:
        services.save_settings(backpack_kind="mozilla", backpack_url=address)
    assert refused.value.field == "backpack_url"
    session().rollback()
    assert services.settings().backpack_kind == "builtin"


@pytest.mark.parametrize(("kind", "word", "field"), [("other", "V", "backpack_kind"), ("builtin", " ", "collection_keyword"), ("builtin", "x" * 61, "collection_keyword")])  # fmt: skip
def test_other_settings_are_checked_too(app, kind, word, field):
    with pytest.raises(Refused) as refused:
        services.save_settings(backpack_kind=kind, backpack_url="https://a.example", collection_keyword=word)
    assert refused.value.field == field


def test_a_look_tells_what_a_backpack_offers(app, backpack):
    found = services.probe(backpack.url + "/")
    assert found == ProbeResult(url=backpack.url, answers=True, issuer=True, connect=True, displayer=True)
    assert all(good for good, _words in found.sentences())
    backpack.offers.discard("access")
    assert services.probe(backpack.url).connect is False
    assert courier_for(services.probe(backpack.url)).key == "handoff"
    backpack.offers.clear()
    found = services.probe(backpack.url)
    assert found.answers
    assert not found.takes_badges
    assert courier_for(found) is None


def test_a_server_that_answers_everything_alike_offers_nothing(app, backpack):
    backpack._route = lambda environ, path, body: ("200 OK", [("Content-Type", "text/html")], b"<p>Welcome")
    found = services.probe(backpack.url)
    assert (found.answers, found.issuer, found.connect, found.displayer) == (True, False, False, False)


def test_a_look_at_a_hostile_place_is_harmless(app, backpack):
    backpack._route = lambda environ, path, body: ("200 OK", [("Content-Type", "text/javascript")], b"x" * 3_000_000)
    assert services.probe(backpack.url).issuer is False
    backpack._route = lambda environ, path, body: ("302 Found", [("Location", "http://10.1.2.3/")], b"")
    assert services.probe(backpack.url).problem == "private_address"
    assert services.probe("http://192.168.1.1").problem == "private_address"
    assert services.probe("http://127.0.0.1:9").problem == "unreachable"
    for result in (services.probe("http://127.0.0.1:9"), services.probe("http://192.168.1.1")):
        assert [good for good, _words in result.sentences()] == [False]


def test_a_look_is_kept_for_a_day(app, backpack, clock):
    from datetime import timedelta

    from portal.core.clock import now
    from portal.delivery.backpacks import found_at

    found = services.probe(backpack.url)
    services.remember(found)
    services.remember(found)
    commit()
    assert found_at(backpack.url) == found
    clock(now() + timedelta(hours=25))
    assert found_at(backpack.url) is None


EVERYTHING = ProbeResult(url="https://x.example", answers=True, issuer=True, connect=True, displayer=True)
NOTHING = ProbeResult(url="https://x.example", answers=True)


def misbehaviours():
    """Return every way in which a backpack can misbehave, by name."""
    return {
        "closes": None,
        "says nothing": ("200 OK", [], b""),
        "says nonsense": ("200 OK", [("Content-Type", "application/json")], b"{{{"),
        "breaks": ("500 Broken", [], b"Traceback"),
        "floods": ("200 OK", [], b"x" * 1_000_000),
        "sends elsewhere": ("302 Found", [("Location", "http://169.254.169.254/")], b""),
        "forbids": ("403 Forbidden", [], b""),
        "is unsure": ("418 Teapot", [("Retry-After", "-1")], b"\x00"),
    }


@pytest.mark.parametrize("courier", COURIERS, ids=lambda courier: courier.key)
class TestCourierContract:
    """The kit: what every courier of the registry keeps."""

    def test_it_is_found_by_its_key(self, app, courier):
        assert courier_of(courier.key) is courier

    def test_it_serves_a_backpack_that_offers_everything_and_none_that_offers_nothing(self, app, courier):
        assert courier.serves(EVERYTHING)
        assert not courier.serves(NOTHING)

    def test_it_begins_without_asking_anybody_and_writes_nothing(self, app, person, courier):
        parcel = Parcel(person_id=person().id, backpack_url="http://127.0.0.1:9", assertion_url="https://a.example/1")
        session().connection()
        outcome = courier.begin(parcel)
        assert isinstance(outcome, Outcome)
        assert not session().new
        assert not session().dirty

    @pytest.mark.parametrize("name", misbehaviours())
    def test_whatever_a_backpack_does_it_comes_back_with_an_outcome(self, app, backpack, connected, courier, name):
        answer = misbehaviours()[name]
        if answer is None:
            backpack.close()
        else:
            backpack._route = lambda environ, path, body: answer
        parcel = Parcel(
            person_id=connected.person.id, backpack_url=backpack.url, assertion_url="https://portal.example/a/1"
        )
        commit()
        began = time.monotonic()
        outcome = courier.carry(parcel)
        assert time.monotonic() - began < 30
        assert not session().in_transaction()
        assert isinstance(outcome.state, SendingState)
        assert outcome.reason is None or isinstance(outcome.reason, Reason)
