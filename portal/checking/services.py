"""Checking a badge from any issuer for anybody who asks."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from portal.core.clock import now
from portal.openbadges.verifying import Report, verify
from portal.web.badge_fetcher import BadgeFetcher

if TYPE_CHECKING:
    from portal.openbadges.verifying import BadgeContent

MOST_SHOWN = 1_000_000


def check(source: str | bytes, *, address: str = "") -> Report:
    """Check a badge and return what was found.

    `source` is an address, JSON text, or the bytes of a PNG, SVG, JSON or JWT file; `address` is the e-mail address it
    may have been given to, empty for no such check. Reads the web, so it must be called outside a transaction; never
    raises for what a badge contains. (Open Badges 2.0, Verification.)
    """
    return verify(source, BadgeFetcher(), now=now(), addresses=(address,) if address else ())


def picture_of(badge: BadgeContent) -> str:
    """Return the badge's picture as a data address: a stranger's picture is shown without asking their server again."""
    if not badge.image or len(badge.image) > MOST_SHOWN:
        return ""
    return f"data:{badge.image_type};base64,{base64.b64encode(badge.image).decode()}"
