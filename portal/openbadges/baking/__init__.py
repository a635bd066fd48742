"""Putting a badge into its picture, and taking it out again, without touching the picture itself."""

from portal.openbadges.baking.picture import KEYWORD_OB2, KEYWORD_OB3, media_type, unbake
from portal.openbadges.baking.png import bake_png, unbake_png
from portal.openbadges.baking.svg import bake_svg, unbake_svg

__all__ = [
    "KEYWORD_OB2",
    "KEYWORD_OB3",
    "bake_png",
    "bake_svg",
    "media_type",
    "unbake",
    "unbake_png",
    "unbake_svg",
]
