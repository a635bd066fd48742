"""What kind of picture some bytes are, decided by the bytes alone, and what badge is in it."""

from __future__ import annotations

import re

from portal.openbadges.baking.png import KEYWORD_OB2, KEYWORD_OB3, SIGNATURE, unbake_png
from portal.openbadges.baking.svg import unbake_svg
from portal.openbadges.errors import N_, Unreadable

__all__ = ["KEYWORD_OB2", "KEYWORD_OB3", "media_type", "unbake"]

_SVG = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE\s+svg|(?:\w+:)?svg[\s/>])", re.IGNORECASE)
_SVG_ROOT = re.compile(rb"<(?:\w+:)?svg[\s/>]", re.IGNORECASE)
_HEAD = 65_536


def media_type(picture: bytes) -> str:
    """Tell `image/png` or `image/svg+xml` by the content; an empty text for anything else."""
    if picture.startswith(SIGNATURE):
        return "image/png"
    if _SVG.match(picture[:_HEAD]) and _SVG_ROOT.search(picture[:_HEAD]):
        return "image/svg+xml"
    return ""


def unbake(picture: bytes) -> str:
    """Take the badge out of a PNG or SVG: the text of either keyword, 3.0 before 2.0.

    Raise `Unreadable` where the bytes are no picture of these kinds, are broken, or hold no badge.
    """
    kind = media_type(picture)
    if not kind:
        raise Unreadable(N_("This is neither a PNG nor an SVG picture."))
    take = unbake_png if kind == "image/png" else unbake_svg
    for keyword in (KEYWORD_OB3, KEYWORD_OB2):
        text = take(picture, keyword)
        if text is not None:
            return text
    raise Unreadable(N_("There is no badge inside this picture. Some programs remove it when they save a picture."))
