"""Generating badges with any text in any script, and any combination of what is optional."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from portal.openbadges import model, ob30
from portal.openbadges.documents import Document
from portal.openbadges.keys import Ed25519Pair
from tests.openbadges.world import ORIGIN, assertion_v3

_SCRIPTS = st.characters(exclude_categories=("Cs", "Cc", "Cn"), max_codepoint=0x2FFFF).filter(
    # Astral characters beside high ones of the basic plane sort differently in JavaScript; that is refused, see elsewhere.
    lambda character: not "\ue000" <= character <= "\uffff",
)
texts = st.text(st.one_of(_SCRIPTS, st.sampled_from("\t\n\"\\<>&'{}[]€åßЖ中ع🎓\u200d\u0301 ")), min_size=1, max_size=40)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2026, 5, 1), timezones=st.just(UTC))
_tokens = st.text("abcdefghijkmnpqrstuvwxyz0123456789-._~%/?=&+,;:@!$'()*", min_size=1, max_size=20)
addresses = st.builds("https://portal.example/{}".format, _tokens)
optional_texts = st.one_of(st.just(""), texts)
optional_addresses = st.one_of(st.just(""), addresses)
identifiers = st.uuids(version=4).map(lambda value: value.urn)

evidence = st.builds(
    model.Evidence,
    url=optional_addresses,
    name=optional_texts,
    description=optional_texts,
    narrative=texts,
    genre=optional_texts,
)
alignments = st.builds(
    model.Alignment,
    name=texts,
    url=addresses,
    framework=optional_texts,
    code=optional_texts,
    description=optional_texts,
)
related = st.builds(model.Related, id=addresses, language=st.sampled_from(["", "en", "nb-NO"]), version=optional_texts)
results = st.builds(
    model.Result,
    value=texts,
    name=texts,
    kind=st.sampled_from(["LetterGrade", "Percent", "Result"]),
    description_id=identifiers,
    minimum=optional_texts,
    maximum=optional_texts,
)
_BASE = assertion_v3()
_ENDORSER = Ed25519Pair.generate()
_ENDORSER_DID = f"did:key:{_ENDORSER.public.multibase()}"
_ENDORSER_SIGNER = ob30.Signer(_ENDORSER, f"{_ENDORSER_DID}#{_ENDORSER.public.multibase()}")


def _endorsed(comment: str, moment: datetime, identifier: str) -> Document:
    """An endorsement by somebody with a key of their own."""
    author = replace(_BASE.badge.issuer, did=_ENDORSER_DID, name="Guild")
    said = ob30.endorsement(
        author, identifier=identifier, endorsed=_BASE.badge.id_v3, comment=comment, issued_at=moment
    )
    return _ENDORSER_SIGNER.sign(said, created=moment)


endorsements = st.builds(_endorsed, texts, moments, identifiers)
profiles = st.builds(
    replace,
    st.just(_BASE.badge.issuer),
    name=texts,
    description=optional_texts,
    image_url=optional_addresses,
    email=st.sampled_from(["a@b.example", "badges+x@academy.example"]),
    url=addresses,
)
badge_classes = st.builds(
    replace,
    st.just(_BASE.badge),
    issuer=profiles,
    name=texts,
    description=texts,
    criteria=texts,
    criteria_url=addresses,
    image_alt=optional_texts,
    tags=st.lists(texts, max_size=4, unique=True).map(tuple),
    alignments=st.lists(alignments, max_size=3, unique_by=lambda item: (item.name, item.url)).map(tuple),
    related=st.lists(related, max_size=2, unique_by=lambda item: item.id).map(tuple),
    language=st.sampled_from(["", "en", "zh-Hant"]),
    version=optional_texts,
    achievement_type=st.sampled_from(["", "Badge", "Course", "ext:Quest"]),
    endorsements=st.lists(endorsements, max_size=2, unique_by=lambda item: item["id"]).map(tuple),
)
assertions = st.builds(
    replace,
    st.just(_BASE),
    badge=badge_classes,
    recipient=st.builds(
        model.Recipient,
        address=st.emails(),
        salt=st.text("abcdef0123456789", min_size=8, max_size=32),
    ),
    issued_at=moments,
    expires_at=st.one_of(st.none(), moments.map(lambda moment: moment.replace(year=moment.year + 30, day=1))),
    evidence=st.lists(evidence, max_size=3).map(tuple),
    narrative=optional_texts,
    result=st.one_of(st.none(), results),
    status=st.one_of(
        st.none(),
        st.builds(model.StatusEntry, list_url=st.just(f"{ORIGIN}/ob/v3/status/1"), index=st.integers(0, 131_071)),
    ),
    subject_id=identifiers,
    activity_start=st.one_of(st.none(), moments),
)
