"""Pictures are judged by what they hold, refused with a reason, and stored without anything else."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from portal.core import pictures, storage
from portal.core.errors import Refused
from portal.core.pictures import BADGE_RULES, COVER_RULES


def _animated():
    buffer = io.BytesIO()
    frames = [Image.new("RGBA", (128, 128), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()


def _bomb(side=30_000):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: p("JPEG"), "is a JPEG. Open Badges need a PNG"),
        (lambda p: p("WEBP"), "is a WebP. Open Badges need a PNG"),
        (lambda p: p("GIF"), "is a GIF"),
        (lambda p: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is an SVG"),
        (lambda p: b"<?xml version='1.0'?><svg/>", "is an SVG"),
        (lambda p: _animated(), "animated"),
        (lambda p: p("PNG")[:-60], "damaged or cut off"),
        (lambda p: p("PNG", (89, 200)), "at least 90 pixels"),
        (lambda p: p("PNG", (4097, 200)), "wider or higher than 4096"),
        (lambda p: _bomb(), "wider or higher than 4096"),
        (lambda p: _bomb(4000), "damaged or cut off"),
        (lambda p: p("PNG") + b"\0" * 4_300_000, "larger than 4 MB"),
        (lambda p: b"", "empty"),
        (lambda p: b"hello", "not a picture"),
        (lambda p: b"\x89PNG\r\n\x1a\n", "damaged or cut off"),
    ],
)
def test_a_picture_that_cannot_serve_a_badge_is_refused_with_the_reason(app, picture, make, words):
    with pytest.raises(Refused, match=words):
        pictures.check(make(picture), BADGE_RULES)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_cover_may_be_png_jpeg_or_webp(app, picture, kind):
    assert pictures.check(picture(kind), COVER_RULES).format == kind


def test_what_else_stood_in_the_file_is_gone(app):
    info = PngImagePlugin.PngInfo()
    info.add_itxt("openbadges", '{"stolen": true}')
    info.add_text("comment", "<script>")
    buffer = io.BytesIO()
    Image.new("RGB", (200, 100), "red").save(buffer, "PNG", pnginfo=info)
    checked = pictures.check(buffer.getvalue() + b"PK\x03\x04 a zip behind the picture", BADGE_RULES)
    assert b"openbadges" not in checked.data
    assert b"script" not in checked.data
    assert b"PK\x03\x04" not in checked.data
    assert not checked.square


def test_thumbnails_are_square_and_keys_are_hashes(app, picture):
    key = pictures.keep(pictures.check(picture("PNG", (400, 200)), BADGE_RULES))
    assert key == pictures.keep(pictures.check(picture("PNG", (400, 200)), BADGE_RULES))
    for side in (128, 256):
        assert Image.open(io.BytesIO(storage.read(storage.derived(key, str(side))))).size == (side, side)


def test_a_stored_picture_is_served_for_ever_and_strangers_paths_are_not(client, app, picture):
    key = pictures.keep(pictures.check(picture(), BADGE_RULES))
    answer = client.get(f"/pictures/{key}/128")
    assert answer.headers["Content-Type"] == "image/png"
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert client.get(f"/pictures/{key}/128", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    for bad in ("nothing.png", "..%2flaurel.db", f"{key}/77", ".png", "laurel.db"):
        assert client.get(f"/pictures/{bad}").status_code == 404
