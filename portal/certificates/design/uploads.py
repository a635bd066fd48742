"""Pictures of a template: signatures and logos, decoded, freed of their paper, cropped, and stored as PNG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from PIL import Image, ImageChops, ImageOps

from portal.core import pictures, storage
from portal.core.errors import Refused
from portal.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from wtforms import Field

RULES = pictures.PictureRules(
    formats=("PNG", "JPEG", "WEBP"), min_side=16, max_side=6000, max_bytes=6 * pictures.MEGABYTE
)
SIGNATURE_SIZE = (1000, 400)
LOGO_SIZE = (1000, 600)
OPAQUE = 250
FAINT = 24
"""Opacities of 255: from the first on a point hides what is behind it, up to the second it a point counts as empty paper."""


def signature(data: bytes) -> str:
    """Store the ink of a signature, without its paper, and return the key of the PNG; raises Refused where it will not do."""
    return _stored(_cropped(_ink(_decoded(data))), SIGNATURE_SIZE)


def logo(data: bytes) -> str:
    """Store a logo as PNG, its transparency kept and its empty edges cut off, and return the key; raises Refused."""
    return _stored(_cropped(_decoded(data)), LOGO_SIZE)


def _decoded(data: bytes) -> Image.Image:
    checked = pictures.check(data, RULES)
    return Image.open(io.BytesIO(checked.data)).convert("RGBA")


def _ink(image: Image.Image) -> Image.Image:
    """Make light paper transparent; a picture that is transparent already stays as it is."""
    if min(image.getchannel("A").tobytes()) < OPAQUE:
        return image
    image.thumbnail((2 * SIGNATURE_SIZE[0], 2 * SIGNATURE_SIZE[1]), Image.Resampling.LANCZOS)
    darkness = ImageOps.invert(ImageOps.autocontrast(image.convert("L"), cutoff=1))
    strong = darkness.point([min(255, max(0, (level - 60) * 2)) for level in range(256)])
    ink = image.copy()
    ink.putalpha(ImageChops.multiply(strong, image.getchannel("A")))
    return ink


def _cropped(image: Image.Image) -> Image.Image:
    seen = image.getchannel("A").point([255 if level > FAINT else 0 for level in range(256)]).getbbox()
    if seen is None:
        raise Refused(_("There is nothing to be seen in this picture. Choose one with dark lines on light paper."))
    return image.crop(seen)


def _stored(image: Image.Image, most: tuple[int, int]) -> str:
    image.thumbnail(most, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return storage.put(buffer.getvalue(), "image/png")


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="picture of a certificate template")


def remember(kept: Field, key: str | None) -> None:
    """Let a form carry a picture that was accepted, so that it is not lost while another field is corrected."""
    kept.data = _seal().dumps(key) if key else ""


def remembered(kept: Field) -> str | None:
    """Return the key of the picture that a form carries; None where it carries none of ours."""
    try:
        key = _seal().loads(kept.data or "")
    except BadSignature:
        return None
    return key if isinstance(key, str) and storage.has(key) else None


def take(upload: Field, kept: Field, removed: Field, store: Callable[[bytes], str]) -> str | None:
    """Return the key of the picture that a filled-in form asks for; what will not do is refused beside its field."""
    key = None if removed.data else remembered(kept)
    if upload.data and upload.data.filename:
        try:
            key = store(upload.data.read())
        except Refused as refused:
            upload.errors = [*upload.errors, refused.message]
    remember(kept, key)
    removed.data = False
    return key
