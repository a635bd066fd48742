"""Checking a badge from any issuer for anybody who asks."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING

from portal.core import i18n
from portal.core.clock import now
from portal.core.i18n import _
from portal.openbadges.verifying import PARTS, Check, Report, verify
from portal.web.badge_fetcher import BadgeFetcher

if TYPE_CHECKING:
    from portal.openbadges.verifying import BadgeContent

MOST_SHOWN = 1_000_000
_DATES = frozenset({"issued", "expires", "date"})


def check(source: str | bytes, *, address: str = "") -> Report:
    """Check a badge and return what was found.

    `source` is an address, JSON text, or the bytes of a PNG, SVG, JSON or JWT file; `address` is the e-mail address it
    may have been given to, empty for no such check. Reads the web, so it must be called outside a transaction; never
    raises for what a badge contains. (Open Badges 2.0, Verification.)
    """
    return verify(source, BadgeFetcher(), now=now(), addresses=(address,) if address else ())


def words_of(check: Check) -> dict[str, object]:
    """Return the values of a finding, with dates and the names of the parts of a badge in the reader's language."""
    params = {name: _day(value) if name in _DATES else value for name, value in check.params.items()}
    if params.get("part") in PARTS.values():
        params["part"] = _(str(params["part"]))
    return params


def _day(value: object) -> object:
    try:
        moment = datetime.fromisoformat(str(value))
        return i18n.date(moment) if moment.tzinfo else value
    except (ValueError, OverflowError):
        return value


def picture_of(badge: BadgeContent) -> str:
    """Return the badge's picture as a data address: a stranger's picture is shown without asking their server again."""
    if not badge.image or len(badge.image) > MOST_SHOWN:
        return ""
    return f"data:{badge.image_type};base64,{base64.b64encode(badge.image).decode()}"
