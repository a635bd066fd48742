"""Colours of a certificate: palettes, contrast as WCAG 2.2 counts it, and the shades that three colours lead to."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from portal.core.i18n import _l

if TYPE_CHECKING:
    from collections.abc import Mapping

HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
READABLE = 4.5
"""The contrast of text with what it stands on (WCAG 2.2, 1.4.3)."""
BLACK, WHITE = "#000000", "#ffffff"


@dataclass(frozen=True)
class Palette:
    """Three colours that go together: of headings and shapes, of lines and ornaments, of the ground."""

    key: str
    label: Any
    primary: str
    accent: str
    ground: str


PALETTES = (
    Palette("forest", _l("Forest"), "#124431", "#cf9f35", "#fffdf7"),
    Palette("royal", _l("Royal blue"), "#0f2f6f", "#d0a040", "#fffdf8"),
    Palette("burgundy", _l("Burgundy"), "#6b1230", "#c79a4b", "#fffaf5"),
    Palette("petrol", _l("Petrol"), "#0b4a57", "#e08e2f", "#fbfefd"),
    Palette("plum", _l("Plum"), "#47215f", "#d0a24c", "#fffcff"),
    Palette("terracotta", _l("Terracotta"), "#853015", "#d99a35", "#fffaf4"),
    Palette("slate", _l("Slate"), "#22303f", "#4d8fc0", "#ffffff"),
    Palette("night", _l("Night"), "#f2e6c9", "#d9b15c", "#14213a"),
)


def parsed(text: str) -> str | None:
    """Return a typed colour as #rrggbb in small letters, or None where it is none: '#1A2', '1a2b3c' and '#1a2b3c' are."""
    found = HEX.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1].lower()
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, 0 to 1 (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """Return the colour that lies between two, `share` (0 to 1) of the way to the other."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(colour: str, ground: str) -> str:
    """Return a colour, made darker (on a dark ground lighter) until text in it can be read."""
    goal = BLACK if luminance(ground) > 0.18 else WHITE
    return next(
        (shade for step in range(21) if contrast(shade := mixed(colour, goal, step / 20), ground) >= READABLE), goal
    )


@functools.lru_cache(maxsize=256)
def shades(primary: str, accent: str, ground: str) -> Mapping[str, str]:
    """Return every colour that a layout draws with, made from three; text keeps its contrast whatever they are."""
    dark_ground = luminance(ground) <= 0.18
    ink = readable(mixed(primary, WHITE if dark_ground else "#20242a", 0.7), ground)
    plain_code = not dark_ground and contrast(primary, ground) >= READABLE
    found = {
        "primary": primary,
        "primary-deep": mixed(primary, BLACK, 0.22),
        "primary-light": mixed(primary, WHITE, 0.16),
        "on-primary": WHITE if contrast(WHITE, primary) >= READABLE else BLACK,
        "accent": accent,
        "accent-deep": mixed(accent, BLACK, 0.16),
        "accent-light": mixed(accent, WHITE, 0.3),
        "accent-text": readable(accent, ground),
        "accent-on-primary": readable(accent, primary),
        "ground": ground,
        "ink": ink,
        "soft": readable(mixed(ink, ground, 0.28), ground),
        "code": primary if plain_code else BLACK,
        "code-ground": ground if plain_code else WHITE,
    }
    return MappingProxyType(found)
