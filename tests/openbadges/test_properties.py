"""Any badge composes, signs, verifies, bakes, unbakes and verifies again; the prepared canonical form is pyld's own."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portal.openbadges import baking, model, ob11, ob20, ob30
from portal.openbadges.documents import read_document, stable_bytes
from portal.openbadges.errors import Unfit, Unreadable
from portal.openbadges.ob30.canonical import canonicalise
from portal.openbadges.ob30.contexts import default_contexts
from portal.openbadges.ob30.shapes import Canonicaliser
from portal.openbadges.text import clean_text
from portal.openbadges.verifying import Outcome, verify
from tests.openbadges import strategies
from tests.openbadges.world import ADDRESS, JWK_ADDRESS, NOW, PNG, RSA, SIGNER, SVG, World, assertion_v3, world_v3

LENIENT = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
ISSUED = datetime(2026, 5, 1, 9, tzinfo=UTC)
ALWAYS_COMPARED = Canonicaliser(default_contexts(), sample=1)


def world_for(source: model.Assertion) -> World:
    world = world_v3(source)
    world.put(source.badge.image_url, PNG, "image/png")
    return world


def assert_passes(handed_in: str | bytes, world: World, address: str) -> None:
    report = verify(handed_in, world, now=NOW, addresses=[address])
    assert [check.english for check in report.checks if check.outcome is not Outcome.PASSED] == []


@LENIENT
@given(strategies.assertions)
def test_any_badge_goes_the_whole_way_in_every_form(source: model.Assertion) -> None:
    world = world_for(source)
    address = source.recipient.address.upper()
    signed = stable_bytes(SIGNER.sign(ob30.credential(source), created=ISSUED))
    token = ob30.sign_jwt(ob30.credential(source), RSA, key_address=JWK_ADDRESS)
    for keyword, text in (
        (baking.KEYWORD_OB3, signed.decode()),
        (baking.KEYWORD_OB3, token),
        (baking.KEYWORD_OB2, ob20.sign(source, RSA)),
        (baking.KEYWORD_OB2, stable_bytes(ob20.assertion(source)).decode()),
        (baking.KEYWORD_OB2, stable_bytes(ob11.assertion(source)).decode()),
    ):
        assert_passes(text, world, address)
        baked = baking.bake_png(PNG, text, keyword)
        assert baking.unbake(baked) == text
        assert_passes(baked, world, address)
        assert baking.unbake(baking.bake_svg(SVG, text, keyword)) == text


@LENIENT
@given(strategies.assertions)
def test_the_prepared_form_is_always_what_pyld_computes(source: model.Assertion) -> None:
    document = ob30.credential(source)
    for _time in range(2):
        assert ALWAYS_COMPARED.canonicalise(document) == canonicalise(document, default_contexts())


def meaning(body: bytes) -> object:
    """Tell what a document says: a changed escape of the same letter changes nothing."""
    try:
        return read_document(body)
    except Unreadable:
        return None


@LENIENT
@given(strategies.assertions, st.data())
def test_changing_any_byte_of_a_signed_document_fails(source: model.Assertion, data: st.DataObject) -> None:
    world = world_for(source)
    whole = stable_bytes(SIGNER.sign(ob30.credential(source), created=ISSUED))
    at = data.draw(st.integers(0, len(whole) - 1))
    bit = data.draw(st.integers(0, 6))
    changed = whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :]
    assume(meaning(changed) != meaning(whole))
    assert not verify(changed, world, now=NOW).valid


@LENIENT
@given(st.data())
def test_changing_any_letter_of_a_token_fails(data: st.DataObject) -> None:
    source = assertion_v3()
    world = world_for(source)
    for token in (ob30.sign_jwt(ob30.credential(source), RSA, key_address=JWK_ADDRESS), ob20.sign(source, RSA)):
        assert verify(token, world, now=NOW, addresses=[ADDRESS]).valid
        at = data.draw(st.one_of(st.integers(0, len(token) - 1), st.just(len(token) - 1)))
        letter = data.draw(st.sampled_from("ABCDEFGHabcdefgh0123-_.="))
        assume(letter != token[at])
        assert not verify(token[:at] + letter + token[at + 1 :], world, now=NOW, addresses=[ADDRESS]).valid


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_cleaned_texts_are_always_fit(text: str) -> None:
    from portal.openbadges.text import check_text

    cleaned = clean_text(text)
    check_text(cleaned, "name")
    assert clean_text(cleaned) == cleaned


@LENIENT
@given(st.text(min_size=1, max_size=30))
def test_a_text_is_either_refused_or_survives_signing(text: str) -> None:
    from dataclasses import replace

    base = assertion_v3()
    source = replace(base, badge=replace(base.badge, name=text))
    try:
        signed = SIGNER.sign(ob30.credential(source), created=ISSUED)
    except Unfit:
        return
    report = verify(stable_bytes(signed), world_for(source), now=NOW)
    assert report.badge is not None
    assert report.badge.name == text
    assert report.valid
