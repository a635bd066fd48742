"""Documents that are alike: what a mould gives is what canonicalising each by itself gives."""

from __future__ import annotations

import pytest

from portal.openbadges.documents import Document
from portal.openbadges.ob30.canonical import canonicalise
from portal.openbadges.ob30.contexts import default_contexts
from portal.openbadges.ob30.shapes import Canonicaliser

MARKS = ("markOfThePlace", "urn:laurel:mark-subject", "mark-of-a-name")


def credential(place: str, subject: str, name: str, said: str = "Rådgiver") -> Document:
    """Make a credential with several blank nodes, of which two say something that differs."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": f"https://portal.example/credentials/{place}",
        "issuer": {"id": "did:web:portal.example", "type": ["Profile"], "name": said},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": said,
        "credentialSubject": {
            "id": subject,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://portal.example/achievements/1",
                "type": ["Achievement"],
                "name": said,
                "description": "Knows it.",
                "criteria": {"narrative": "Read it."},
            },
        },
        "evidence": [
            {"type": ["Evidence"], "name": "Certificate"},
            {"type": ["Evidence"], "name": name},
            {"type": ["Evidence"], "name": "Essay", "narrative": f"Of {name}."},
        ],
    }


def test_a_mould_gives_what_canonicalising_gives_in_whichever_order_the_blank_nodes_come() -> None:
    contexts = default_contexts()
    mould = Canonicaliser(contexts).mould(credential(*MARKS), MARKS)
    assert mould is not None
    orders = set()
    for number in range(12):
        values = (f"p{number}", f"urn:uuid:0000-{number}", f"Name{number * 7}")
        filled = mould.fill(dict(zip(MARKS, values, strict=True)))
        assert filled == canonicalise(credential(*values), contexts)
        lines = [line for line in (filled or "").splitlines() if f'"{values[2]}"' in line]
        orders.add(lines[0].partition(" ")[0])
    assert len(orders) > 1, "the labels of the blank nodes have to change for this test to say something"


@pytest.mark.parametrize("values", [("p", "no-address", "Name"), ("p", "urn:uuid:1", "Certificate")])
def test_a_mould_gives_nothing_where_only_the_full_algorithm_can_tell(values: tuple[str, str, str]) -> None:
    mould = Canonicaliser(default_contexts()).mould(credential(*MARKS), MARKS)
    assert mould is not None
    other = credential("p", "urn:uuid:1", "Name")
    assert mould.fill(dict(zip(MARKS, ("p", "urn:uuid:1", "Name"), strict=True))) == canonicalise(
        other, default_contexts()
    )
    assert mould.fill(dict(zip(MARKS, values, strict=True))) is None


def test_texts_that_programs_sort_differently_are_not_moulded() -> None:
    said = "\U0001f600 \ufb01"  # an emoji and a ligature: sorted one way by code points, another by UTF-16
    assert Canonicaliser(default_contexts()).mould(credential(*MARKS, said), MARKS) is None
