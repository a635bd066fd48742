"""The cover image, which is also the badge's picture: what is taken, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import io
import re
import struct
import zlib

import pytest
from PIL import Image

from portal.core.db import session
from portal.learning.models import LearningPath
from tests.conftest import picture_bytes

BADGE = {"certification": "y", "open_badges": "y"}


def _bytes_of(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _animated_png():
    frames = [Image.new("RGB", (120, 120), colour) for colour in ("red", "blue")]
    return _bytes_of(frames[0], "PNG", save_all=True, append_images=frames[1:])


def _bomb():
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000))
        + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><script>alert(1)</script></svg>'
REFUSED = {
    "a JPEG": ("cover.jpg", lambda: picture_bytes("JPEG"), "is a JPEG"),
    "a JPEG renamed to .png": ("cover.png", lambda: picture_bytes("JPEG"), "is a JPEG"),
    "a WebP": ("cover.webp", lambda: picture_bytes("WEBP"), "is a WebP"),
    "an SVG": ("cover.svg", lambda: SVG, "SVG"),
    "an SVG renamed to .png": ("cover.png", lambda: SVG, "SVG"),
    "an animated PNG": ("cover.png", _animated_png, "animated"),
    "a truncated PNG": ("cover.png", lambda: picture_bytes()[:120], "damaged"),
    "a tiny PNG": ("cover.png", lambda: picture_bytes(size=(89, 300)), "only 89"),
    "a huge PNG": ("cover.png", lambda: picture_bytes(size=(4097, 100)), "4096 pixels"),
    "a heavy file": ("cover.png", lambda: picture_bytes() + b"\0" * 4_300_000, "4 MB"),
    "a decompression bomb": ("cover.png", _bomb, "4096 pixels"),
    "a GIF": ("cover.png", lambda: picture_bytes("GIF"), "GIF"),
    "no picture at all": ("cover.png", lambda: b"%PDF-1.7 hello", "not a picture"),
    "an empty file": ("cover.png", lambda: b"", "empty"),
}


@pytest.fixture
def writer(person, sign_in):
    return sign_in(person("instructor"))


def _send(client, address, **fields):
    return client.submit(address, {"title": "Fire safety", "language": "en", **fields})


def _cover(data, name="cover.png"):
    return (io.BytesIO(data), name)


@pytest.mark.parametrize("what", REFUSED)
def test_a_badge_picture_that_will_not_do_is_refused_with_the_reason(writer, what):
    name, make, said = REFUSED[what]
    answer = _send(
        writer, "/authoring/learning-paths/new", cover=_cover(make(), name), description="Kept text", **BADGE
    )
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html
    assert 'id="cover-errors"' in html
    assert "Kept text" in html
    assert "Fire safety" in html
    assert session().query(LearningPath).count() == 0


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_path_without_a_badge_may_have_another_cover(writer, kind):
    assert _send(writer, "/authoring/learning-paths/new", cover=_cover(picture_bytes(kind))).status_code == 303
    assert (
        session()
        .query(LearningPath)
        .one()
        .draft.cover_key.endswith({"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}[kind])
    )


def test_a_png_is_taken_without_the_foreign_chunks_that_came_with_it(writer):
    from PIL.PngImagePlugin import PngInfo

    from portal.core import storage

    extra = PngInfo()
    extra.add_text("openbadges", "https://evil.example/assertion")
    data = _bytes_of(Image.new("RGB", (200, 200), "green"), "PNG", pnginfo=extra) + b"<script>trailing</script>"
    assert _send(writer, "/authoring/learning-paths/new", cover=_cover(data), **BADGE).status_code == 303
    key = session().query(LearningPath).one().draft.cover_key
    stored = storage.read(key)
    assert b"openbadges" not in stored
    assert b"trailing" not in stored
    for side in (128, 256):
        assert writer.get(f"/pictures/{key}/{side}").status_code == 200


def test_an_accepted_picture_is_kept_while_another_field_is_corrected(writer):
    answer = writer.submit(
        "/authoring/learning-paths/new", {"title": "", "language": "en", "cover": _cover(picture_bytes()), **BADGE}
    )
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Fill in this field." in html
    kept = re.search(r'name="cover_kept"[^>]*value="([^"]+)"', html)[1]
    assert _send(writer, "/authoring/learning-paths/new", cover_kept=kept, **BADGE).status_code == 303
    assert session().query(LearningPath).one().draft.cover_key.endswith(".png")


def test_a_forged_cover_is_not_taken(writer):
    for forged in ("abc", "../../etc/passwd", "x.y.z", '"a.png"'):
        assert _send(writer, "/authoring/learning-paths/new", cover_kept=forged).status_code == 303
    assert {path.draft.cover_key for path in session().query(LearningPath)} == {None}


def test_switching_the_badge_on_says_that_a_jpeg_must_be_replaced(writer, issuer):
    _send(writer, "/authoring/learning-paths/new", cover=_cover(picture_bytes("JPEG")))
    path = session().query(LearningPath).one()
    address = f"/authoring/learning-paths/{path.public_id}"
    kept = re.search(r'name="cover_kept"[^>]*value="([^"]+)"', writer.get(address).get_data(as_text=True))[1]
    assert _send(writer, address, cover_kept=kept, **BADGE).status_code == 303
    html = writer.get(address).get_data(as_text=True)
    assert "is a JPEG and must be replaced" in html
    answer = _send(writer, address, cover_kept=kept, action="publish", badge_name="B", badge_description="D", **BADGE)
    assert answer.status_code == 422
    assert "cannot be published yet" in answer.get_data(as_text=True)


def test_a_picture_that_is_not_square_is_taken_and_warned_about(writer):
    _send(writer, "/authoring/learning-paths/new", cover=_cover(picture_bytes(size=(300, 200))), **BADGE)
    path = session().query(LearningPath).one()
    html = writer.get(f"/authoring/learning-paths/{path.public_id}").get_data(as_text=True)
    assert "not square (300 × 200 pixels)" in html


def test_the_cover_can_be_removed(writer):
    _send(writer, "/authoring/learning-paths/new", cover=_cover(picture_bytes()))
    path = session().query(LearningPath).one()
    _send(writer, f"/authoring/learning-paths/{path.public_id}", cover_removed="y")
    session().expire_all()
    assert path.draft.cover_key is None
