"""How long signing one 3.0 award takes, in both forms, against the floor: one Ed25519 and one RSA-2048 signature.

Prints one line a figure and the ratio; run it with `make bench` or `.venv/bin/python benchmarks/signing.py`. Everything is
measured in the CPU time of one process, in turns, so that a busy machine slows all figures alike; the median of each counts.
"""

from __future__ import annotations

import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from portal.openbadges import model, ob20, ob30
from portal.openbadges.documents import Document, stable_bytes
from portal.openbadges.keys import Ed25519Pair, RsaPair
from portal.openbadges.keys.did import did_web, key_id
from portal.openbadges.ob30.canonical import canonicalise
from portal.openbadges.ob30.contexts import default_contexts

ORIGIN = "https://portal.example"
ROUNDS = 400
TARGET = 2.5
START = datetime(2026, 1, 1, tzinfo=UTC)


def award(number: int) -> model.Assertion:
    """Make one of many awards of the same badge, as a portal gives them."""
    did = did_web(ORIGIN)
    issuer = model.Profile(
        id=f"{ORIGIN}/ob/issuer",
        did=did,
        url="https://academy.example/",
        name="Academy of Fjords",
        email="badges@academy.example",
        description="Learning by the water.",
        image_url=f"{ORIGIN}/ob/issuer.png",
        public_key_id=f"{ORIGIN}/ob/keys/rsa",
    )
    badge = model.BadgeClass(
        id=f"{ORIGIN}/ob/badge/b1",
        id_v3=f"{ORIGIN}/ob/v3/badge/b1",
        issuer=issuer,
        name="Rådgiver",
        description="Knows how to advise and to listen.",
        criteria="Read every page, hand in the essay, and talk it through with an instructor.",
        criteria_url=f"{ORIGIN}/badges/b1",
        image_url=f"{ORIGIN}/ob/badge/b1.png",
        image_alt="A blue square",
        tags=("advice", "læring"),
        alignments=(model.Alignment(name="Advising others", url="http://data.europa.eu/esco/skill/1", code="S1.2"),),
        language="nb-NO",
        version="2",
        achievement_type="Course",
    )
    return model.Assertion(
        id=f"{ORIGIN}/ob/assertion/{number}",
        id_v3=f"{ORIGIN}/ob/v3/credential/{number}",
        id_signed=uuid.uuid4().urn,
        subject_id=uuid.uuid4().urn,
        badge=badge,
        recipient=model.Recipient(address=f"learner{number}@example.org", salt=uuid.uuid4().hex),
        issued_at=START + timedelta(seconds=number),
        expires_at=START + timedelta(days=730, seconds=number),
        evidence=(model.Evidence(url=f"{ORIGIN}/certificates/{number}", name="Certificate", narrative="Completed."),),
        status=model.StatusEntry(list_url=f"{ORIGIN}/ob/v3/status/1", index=number),
    )


def measure(works: dict[str, Callable[[int], object]]) -> dict[str, float]:
    """Time every work in turns; gives the median of each in milliseconds."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for number in range(ROUNDS):
        for name, work in works.items():
            begun = time.process_time()
            work(number)
            times[name].append((time.process_time() - begun) * 1000)
    return {name: statistics.median(taken) for name, taken in times.items()}


def main() -> int:
    """Measure and print; the answer is 0 where the target is met."""
    ed25519, rsa = Ed25519Pair.generate(), RsaPair.generate()
    signer = ob30.Signer(ed25519, key_id(did_web(ORIGIN), ed25519.public))
    credentials: list[Document] = [ob30.credential(award(number)) for number in range(ROUNDS)]
    bodies = [stable_bytes(credential) for credential in credentials]
    for credential in credentials[:3]:
        signer.sign(credential, created=START)

    def floor(number: int) -> None:
        ed25519.private.sign(bodies[number])
        rsa.private.sign(bodies[number], padding.PKCS1v15(), hashes.SHA256())

    def both(number: int) -> None:
        signer.sign(credentials[number], created=START + timedelta(seconds=number))
        ob30.sign_jwt(credentials[number], rsa, key_address=f"{ORIGIN}/ob/v3/keys/rsa")

    found = measure(
        {
            "floor: Ed25519 + RSA-2048 of the same bytes": floor,
            "3.0 award, Data Integrity + VC-JWT": both,
            "  of these, Data Integrity": lambda n: signer.sign(credentials[n], created=START + timedelta(seconds=n)),
            "  of these, VC-JWT": lambda n: ob30.sign_jwt(credentials[n], rsa, key_address=f"{ORIGIN}/ob/v3/keys/rsa"),
            "composing the credential": lambda n: ob30.credential(award(n)),
            "2.0 signed assertion": lambda n: ob20.sign(award(n), rsa),
        },
    )
    begun = time.process_time()
    for credential in credentials[:20]:
        canonicalise(credential, default_contexts())
    found["for comparison: pyld canonicalising once"] = (time.process_time() - begun) / 20 * 1000

    for name, taken in found.items():
        print(f"{name:46} {taken:8.3f} ms")
    first, second, *_others = found.values()
    ratio = second / first
    print(f"{'ratio of an award to the floor':46} {ratio:8.2f}    (target: at most {TARGET})")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
