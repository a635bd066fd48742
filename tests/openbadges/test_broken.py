"""Broken, hostile and endless input never crashes, hangs, fills the memory, or reaches a forbidden address."""

from __future__ import annotations

import json
import random
import time
import tracemalloc
import zlib
from datetime import UTC, datetime

import pytest

from portal.openbadges import baking, ob11, ob20, ob30
from portal.openbadges.documents import Document, stable_bytes
from portal.openbadges.errors import Unreadable
from portal.openbadges.verifying import Fetched, verify
from tests.openbadges.world import JWK_ADDRESS, NOW, PNG, RSA, SIGNER, SVG, World, assertion_v3, world_v3

ISSUED = datetime(2026, 5, 1, 9, tzinfo=UTC)
SECONDS = 5.0
JUNK: tuple[object, ...] = (
    None, True, 0, -1, 1e308, "", "x", [], {}, [[]], [None], {"id": None}, {"id": {}}, "https://", "http://[::1",
    "https://portal.example/ob/issuer", "did:web:", "did:key:z", "did:jwk:e30", "\ud800", "9" * 400, 10**30, "data:,", {"@value": []},
)  # fmt: skip


def seeds() -> list[bytes]:
    source = assertion_v3()
    signed = stable_bytes(SIGNER.sign(ob30.credential(source), created=ISSUED))
    token = ob30.sign_jwt(ob30.credential(source), RSA, key_address=JWK_ADDRESS).encode()
    documents = [signed, stable_bytes(ob20.assertion(source)), stable_bytes(ob11.assertion(source))]
    pictures = [baking.bake_png(PNG, signed, "openbadgecredential"), baking.bake_svg(SVG, documents[1].decode())]
    return [*documents, token, ob20.sign(source, RSA).encode(), *pictures]


def broken(seed: bytes, dice: random.Random) -> bytes:
    body = bytearray(seed)
    for _change in range(dice.randint(1, 8)):
        at = dice.randrange(len(body))
        match dice.randrange(4):
            case 0:
                body[at] = dice.randrange(256)
            case 1:
                del body[at : at + dice.randrange(1, 60)]
            case 2:
                body[at:at] = bytes(dice.randrange(256) for _byte in range(dice.randrange(1, 20)))
            case _:
                body[at : at + 4] = body[:4]
        if not body:
            return b""
    return bytes(body)


def broken_document(document: Document, dice: random.Random) -> Document:
    changed: Document = json.loads(json.dumps(document))
    holder: object = changed
    while True:
        assert isinstance(holder, dict | list)
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            return changed
        key = dice.choice(keys)
        below = holder[key]
        if isinstance(below, dict | list) and below and dice.random() < 0.7:
            holder = below
            continue
        holder[key] = dice.choice(JUNK)
        return changed


def test_broken_files_never_crash_the_verifier() -> None:
    dice = random.Random(20260601)
    world = world_v3(assertion_v3())
    documents: list[Document] = [json.loads(seed) for seed in seeds()[:3]]
    tracemalloc.start()
    ends = time.monotonic() + SECONDS
    rounds = 0
    while time.monotonic() < ends:
        rounds += 1
        world.asked.clear()
        handed_in = (
            broken(dice.choice(seeds()), dice)
            if rounds % 3 == 0
            else json.dumps(broken_document(dice.choice(documents), dice)).encode()
        )
        report = verify(handed_in, world, now=NOW, addresses=["a@example.org"])
        assert report.checks
        assert all(check.english for check in report.checks)
        assert all(url.startswith(("http://", "https://")) for url in world.asked)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rounds > 50
    assert peak < 64_000_000


def test_broken_answers_never_crash_the_verifier() -> None:
    dice = random.Random(7)
    source = assertion_v3()
    whole = world_v3(source)
    token = ob30.sign_jwt(ob30.credential(source), RSA, key_address=JWK_ADDRESS)
    signed = stable_bytes(SIGNER.sign(ob30.credential(source), created=ISSUED))
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        world = World(dict(whole.answers))
        for url in dice.sample(sorted(world.answers), 3):
            answer = world.answers[url]
            try:
                document = broken_document(json.loads(answer.body), dice)
                body = json.dumps(document).encode()
            except ValueError:
                body = broken(answer.body, dice)
            world.answers[url] = Fetched(dice.choice([200, 200, 200, 410, 500]), answer.content_type, body)
        for handed_in in (source.id, source.id_v1, token, signed, ob20.sign(source, RSA)):
            assert verify(handed_in, world, now=NOW).checks


@pytest.mark.parametrize("links", [200, 3_000])
def test_endless_and_poisonous_documents_are_refused_quickly(links: int) -> None:
    source = assertion_v3()
    whole = json.loads(seeds()[0])
    alike = {"type": ["Evidence"], "name": "x"}
    tree: object = alike
    for _depth in range(6):
        tree = {"type": ["Evidence"], "audience": [tree, tree, tree]}
    poisons: list[Document] = [
        whole | {"evidence": [alike] * links},
        whole | {"evidence": tree},
        whole
        | {"evidence": [{"id": f"_:b{n}", "type": ["Evidence"], "audience": f"_:b{links - n}"} for n in range(links)]},
        whole | {"proof": whole["proof"] * links},
        whole | {"credentialStatus": [whole["credentialStatus"]] * links},
    ]
    for poison in poisons:
        begun = time.monotonic()
        assert verify(stable_bytes(poison), world_v3(source), now=NOW).checks
        assert time.monotonic() - begun < 10


def test_a_badge_that_points_in_circles_ends() -> None:
    world = World()

    def endless(url: str, _accept: str) -> Fetched:
        world.asked.append(url)
        return Fetched(
            200, "application/json", stable_bytes({"id": url, "assertionMethod": [], "controller": url + "x"})
        )

    whole = json.loads(seeds()[0])
    whole["proof"] = [whole["proof"][0] | {"verificationMethod": f"https://a.example/{n}"} for n in range(100)]
    verify(stable_bytes(whole), endless, now=NOW)
    assert len(world.asked) <= 30


def test_unpacking_a_status_list_is_bounded() -> None:
    import base64

    from portal.openbadges.ob30.status import bit_of

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b"\0" * 1_000_000) for _part in range(100)) + packer.flush()
    encoded = "u" + base64.urlsafe_b64encode(bomb).decode().rstrip("=")
    tracemalloc.start()
    assert bit_of(encoded, 5) is False
    with pytest.raises(Unreadable):
        bit_of(encoded, 10**9)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_addresses_that_are_not_of_the_web_are_never_asked_for() -> None:
    world = World()
    for address in ("file:///etc/passwd", "ftp://a.example/x", "gopher://a", "http://a b", "https:///x", "//a.example"):
        document = ob20.assertion(assertion_v3()) | {"id": address, "badge": address}
        verify(stable_bytes(document), world, now=NOW)
        verify(address, world, now=NOW)
    assert world.asked == []
