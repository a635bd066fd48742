"""Pictures from outside: decoded under limits, stored re-encoded, with square thumbnails."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.core import storage
from portal.core.errors import Refused
from portal.core.i18n import _

THUMBNAILS = (128, 256)
MEGABYTE = 1024 * 1024
CONTENT_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


@dataclass(frozen=True, kw_only=True)
class PictureRules:
    """What is asked of a picture: formats as Pillow names them, sides in pixels, size in bytes."""

    formats: tuple[str, ...] = ("PNG",)
    min_side: int = 90
    max_side: int = 4096
    max_bytes: int = 4 * MEGABYTE
    field: str | None = None


BADGE_RULES = PictureRules(formats=("PNG",))
COVER_RULES = PictureRules(formats=("PNG", "JPEG", "WEBP"))


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture that was decoded whole and encoded again, without anything else that came in its file."""

    data: bytes
    format: str
    width: int
    height: int

    @property
    def square(self) -> bool:
        """Whether width and height are the same."""
        return self.width == self.height


def check(data: bytes, rules: PictureRules = BADGE_RULES) -> Picture:
    """Decode a picture and encode it again.

    What it is, is decided by its content, never by a name or header. Raises Refused with the reason and what to do.
    """

    def refuse(message: str) -> Refused:
        return Refused(message, field=rules.field)

    if len(data) > rules.max_bytes:
        raise refuse(
            _(
                "This picture is larger than %(size)s MB. Save it smaller and try again.",
                size=rules.max_bytes // MEGABYTE,
            )
        )
    if not data:
        raise refuse(_("This file is empty. Choose a picture."))
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = _decode(data, rules, refuse)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise refuse(_too_large(rules)) from error
        except Refused:
            raise
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
            raise refuse(_unreadable(data)) from error
    return _encode(image, rules)


def _too_large(rules: PictureRules) -> str:
    return _(
        "This picture is wider or higher than %(side)s pixels. Make it smaller and try again.", side=rules.max_side
    )


def _unreadable(data: bytes) -> str:
    head = data[:512].lstrip().lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in head:
        return _("This picture is an SVG drawing. Save it as PNG, or draw the badge in the designer.")
    if data.startswith((b"\x89PNG", b"\xff\xd8", b"RIFF")):
        return _("This picture is damaged or cut off. Save it again and try once more.")
    return _("This file is not a picture that can be read. Save it as PNG and try again.")


def _decode(data: bytes, rules: PictureRules, refuse: object) -> Image.Image:
    make = refuse if callable(refuse) else Refused
    image: Image.Image = Image.open(io.BytesIO(data))
    if image.format not in CONTENT_TYPES or image.format not in rules.formats:
        raise make(_wrong_format(image.format or "", rules))
    if getattr(image, "is_animated", False):
        raise make(_("This picture is animated. Save one still picture of it and try again."))
    if max(image.size) > rules.max_side:
        raise make(_too_large(rules))
    if min(image.size) < rules.min_side:
        raise make(
            _(
                "This picture is only %(width)s × %(height)s pixels. It must be at least %(side)s pixels on each side.",
                width=image.size[0],
                height=image.size[1],
                side=rules.min_side,
            )
        )
    image.load()
    return image


def _wrong_format(found: str, rules: PictureRules) -> str:
    name = {"JPEG": "JPEG", "WEBP": "WebP", "MPO": "JPEG"}.get(found, found)
    if rules.formats == ("PNG",):
        return _(
            "This picture is a %(format)s. Open Badges need a PNG: save it as PNG, or draw the badge in the designer.",
            format=name,
        )
    return _("This picture is a %(format)s. Save it as PNG, JPEG or WebP and try again.", format=name)


def _encode(image: Image.Image, rules: PictureRules) -> Picture:
    kind = image.format or rules.formats[0]
    image = ImageOps.exif_transpose(image)
    with_alpha = "A" in image.getbands() or "transparency" in image.info
    plain = image.convert("RGBA" if with_alpha and kind != "JPEG" else "RGB")
    clean = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    return Picture(data=_bytes_of(clean, kind), format=kind, width=clean.width, height=clean.height)


def _bytes_of(image: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "PNG":
        image.save(buffer, kind)
    else:
        image.save(buffer, kind, quality=88)
    return buffer.getvalue()


def _thumbnail(picture: Picture, side: int) -> bytes:
    image = Image.open(io.BytesIO(picture.data)).convert("RGB" if picture.format == "JPEG" else "RGBA")
    if picture.format == "JPEG":
        return _bytes_of(ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS), "JPEG")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    canvas = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    canvas.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return _bytes_of(canvas, picture.format)


def keep(picture: Picture) -> str:
    """Store a picture and its square thumbnails (128 and 256 pixels) and return its key."""
    key = storage.put(picture.data, CONTENT_TYPES[picture.format])
    for side in THUMBNAILS:
        if not storage.has(storage.derived(key, str(side))):
            storage.put_beside(key, str(side), _thumbnail(picture, side))
    return key


def size_of(key: str) -> tuple[int, int]:
    """Return width and height of a stored picture in pixels."""
    with Image.open(io.BytesIO(storage.read(key))) as image:
        return image.size
