"""The picture of a badge: checked as it was served, made ready to be shown, and baked with the badge inside."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image as PillowImage

from portal.core import pictures, storage
from portal.core.errors import LaurelError, Refused
from portal.core.i18n import _
from portal.openbadges.baking import bake_png, bake_svg
from portal.openbadges.documents import stable_bytes
from portal.openbadges.errors import OpenBadgesError

if TYPE_CHECKING:
    from portal.backpack.receipt.visits import Visits
    from portal.openbadges.verifying import Report

PNG, SVG = "image/png", "image/svg+xml"
LEAST_BYTES = 256
LARGEST_SVG = 1024 * 1024
PREVIEW = 256
RULES = pictures.PictureRules(formats=("PNG",), min_side=16)


class Unusable(LaurelError):
    """A picture that a backpack does not take, with the Issuer API's reason and code."""

    def __init__(self, message: str, *, reason: str = "INVALID", code: str = "image") -> None:
        super().__init__(message)
        self.reason = reason
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture that can be kept: as it came, and, where it is a PNG, decoded and encoded again."""

    data: bytes
    kind: str
    clean: pictures.Picture | None

    @property
    def preview(self) -> str:
        """The picture as a data address of 256 pixels: it can be looked at before it is kept."""
        shown = _small(self.clean.data) if self.clean else self.data
        return f"data:{self.kind};base64,{base64.b64encode(shown).decode()}"


def _small(png: bytes) -> bytes:
    picture = PillowImage.open(io.BytesIO(png)).convert("RGBA")
    picture.thumbnail((PREVIEW, PREVIEW))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def image_of(report: Report, visits: Visits, *, strict: bool) -> Image:
    """Return the picture of an examined badge; raise Unusable with the reason.

    `strict` asks for exactly what a Mozilla Backpack asks of the answer's content type and size.
    """
    assert report.badge is not None
    data, kind, address = report.badge.image, report.badge.image_type, report.badge.image_url
    if not data:
        raise Unusable(_("The badge has no picture."), reason="INACCESSIBLE")
    if strict and not address.startswith("data:") and visits.content_type(address) not in {PNG, SVG}:
        raise Unusable(
            _(
                "The badge's picture is served as “%(kind)s”. It has to be served as image/png or image/svg+xml.",
                kind=visits.content_type(address)[:80] or _("nothing in particular"),
            )
        )
    if strict and len(data) < LEAST_BYTES:
        raise Unusable(_("The badge's picture is too small to be a picture: it has fewer than 256 bytes."))
    if kind == SVG:
        if len(data) > LARGEST_SVG:
            raise Unusable(_("The badge's picture is larger than 1 MB."))
        return Image(data=data, kind=SVG, clean=None)
    try:
        return Image(data=data, kind=PNG, clean=pictures.check(data, RULES))
    except Refused as error:
        raise Unusable(_("The badge's picture cannot be used. %(reason)s", reason=str(error.message))) from error


def keep(image: Image, assertion: dict[str, object], address: str) -> tuple[str, str]:
    """Store a picture; return the key of the one to show and the key of the one with the badge inside.

    `address` is where the assertion is published (Open Badges 2.0, Baking Specification).
    """
    text = stable_bytes(assertion).decode()
    try:
        if image.clean is None:
            baked = bake_svg(image.data, text, verify=address)
            return storage.put(image.data, SVG), storage.put(baked, SVG)
        return pictures.keep(image.clean), storage.put(bake_png(image.data, text), PNG)
    except OpenBadgesError as error:
        raise Unusable(_("The badge's picture is damaged.")) from error
