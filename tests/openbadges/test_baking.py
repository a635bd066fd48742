"""Badges go into pictures and come out again, and the picture stays as it was."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image, PngImagePlugin

from portal.openbadges import baking
from portal.openbadges.baking.png import MAX_TEXT
from portal.openbadges.errors import Unreadable
from tests.openbadges.world import PNG, SVG

TEXT = '{"id":"https://portal.example/a","name":"R\\u00e5d ]]> <x>"}'


def test_a_baked_png_gives_its_text_back_and_keeps_every_other_byte() -> None:
    baked = baking.bake_png(PNG, TEXT)
    assert baking.unbake_png(baked) == TEXT
    chunk = len(baked) - len(PNG)
    assert baked[:33] == PNG[:33]
    assert baked[33 + chunk :] == PNG[33:]
    assert Image.open(io.BytesIO(baked)).tobytes() == Image.open(io.BytesIO(PNG)).tobytes()


def test_baking_twice_leaves_one_chunk() -> None:
    baked = baking.bake_png(baking.bake_png(PNG, "first"), "second")
    assert baking.unbake_png(baked) == "second"
    assert baked == baking.bake_png(PNG, "second")


def test_the_two_keywords_do_not_disturb_each_other() -> None:
    baked = baking.bake_png(baking.bake_png(PNG, "two", "openbadges"), "three", "openbadgecredential")
    assert baking.unbake_png(baked, "openbadges") == "two"
    assert baking.unbake_png(baked, "openbadgecredential") == "three"
    assert baking.unbake(baked) == "three"


@pytest.mark.parametrize("how", ["tEXt", "zTXt", "iTXt", "iTXt compressed"])
def test_chunks_of_other_writers_are_read(how: str) -> None:
    info = PngImagePlugin.PngInfo()
    if how.startswith("iTXt"):
        info.add_itxt("openbadges", TEXT, zip="compressed" in how)
    else:
        info.add_text("openbadges", TEXT, zip=how == "zTXt")
    out = io.BytesIO()
    Image.open(io.BytesIO(PNG)).save(out, "PNG", pnginfo=info)
    assert baking.unbake_png(out.getvalue()) == TEXT
    assert baking.unbake_png(baking.bake_png(out.getvalue(), "new")) == "new"


def test_a_decompression_bomb_is_refused_in_little_memory() -> None:
    bomb = zlib.compress(b"a" * 50_000_000, 9)
    with pytest.raises(Unreadable, match="larger"):
        baking.unbake_png(_with_chunk(b"zTXt", b"openbadges\0\0" + bomb))


def test_a_cut_compressed_text_is_refused() -> None:
    cut = zlib.compress(b"abc" * 1000)[:-6]
    with pytest.raises(Unreadable, match="damaged"):
        baking.unbake_png(_with_chunk(b"iTXt", b"openbadges\0\1\0\0\0" + cut))


def test_two_different_badges_in_one_picture_are_refused() -> None:
    both = _with_chunk(b"tEXt", b"openbadges\0other", baking.bake_png(PNG, TEXT))
    with pytest.raises(Unreadable, match="several"):
        baking.unbake_png(both)


def test_a_changed_chunk_is_found_by_its_checksum() -> None:
    baked = bytearray(baking.bake_png(PNG, TEXT))
    baked[70] ^= 1
    with pytest.raises(Unreadable, match="damaged"):
        baking.unbake_png(bytes(baked))


@pytest.mark.parametrize("broken", [b"", b"GIF89a", PNG[:20], PNG[:-12], PNG[:40], b"\x89PNG\r\n\x1a\n" + b"\xff" * 40])
def test_broken_pngs_are_refused(broken: bytes) -> None:
    with pytest.raises(Unreadable):
        baking.bake_png(broken, TEXT)
    with pytest.raises(Unreadable):
        baking.unbake_png(broken)


def test_a_text_over_the_limit_is_refused() -> None:
    with pytest.raises(Unreadable, match="larger"):
        baking.bake_png(PNG, "x" * (MAX_TEXT + 1))


def test_a_baked_svg_gives_its_text_back_and_keeps_every_other_byte() -> None:
    baked = baking.bake_svg(SVG, TEXT, verify="https://portal.example/a?x=1&y=2")
    assert baking.unbake_svg(baked) == TEXT
    at = SVG.index(b"<circle")
    assert baked.startswith(SVG[:at])
    assert baked.endswith(SVG[at:])
    assert baking.bake_svg(baked, "other") == baking.bake_svg(SVG, "other")


@pytest.mark.parametrize("keyword", ["openbadges", "openbadgecredential"])
def test_a_token_stands_in_the_verify_attribute(keyword: str) -> None:
    baked = baking.bake_svg(SVG, "", keyword, verify="aaa.bbb.ccc")
    assert baking.unbake_svg(baked, keyword) == "aaa.bbb.ccc"
    assert baking.unbake(baked) == "aaa.bbb.ccc"


def test_an_empty_svg_element_can_be_baked() -> None:
    baked = baking.bake_svg(b'<svg xmlns="http://www.w3.org/2000/svg"/>', TEXT)
    assert baking.unbake_svg(baked) == TEXT


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"<svg",
        b"<html/>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        '<?xml version="1.0" encoding="UTF-16"?><svg xmlns="http://www.w3.org/2000/svg"></svg>'.encode("utf-16"),
    ],
)
def test_unsafe_and_broken_svgs_are_refused(broken: bytes) -> None:
    with pytest.raises(Unreadable):
        baking.bake_svg(broken, TEXT)


def test_pictures_are_told_by_their_content() -> None:
    assert baking.media_type(PNG) == "image/png"
    assert baking.media_type(SVG) == "image/svg+xml"
    assert baking.media_type(b"\xff\xd8\xff\xe0") == ""
    assert baking.media_type(b"<html><svg></svg></html>") == ""
    with pytest.raises(Unreadable, match="no badge"):
        baking.unbake(PNG)
    with pytest.raises(Unreadable, match="neither"):
        baking.unbake(b"\xff\xd8\xff\xe0")


def _with_chunk(kind: bytes, data: bytes, png: bytes = PNG) -> bytes:
    crc = zlib.crc32(kind + data).to_bytes(4, "big")
    return png[:33] + len(data).to_bytes(4, "big") + kind + data + crc + png[33:]
