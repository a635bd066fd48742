"""A badge as a backpack shows it, checked against what its issuer serves, and made ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.core import pictures
from portal.core.errors import Refused
from portal.openbadges.verifying import verify
from portal.web.badge_checks import rows_of
from portal.web.badge_fetcher import BadgeFetcher

NAME_LENGTH = 200
TEXT_LENGTH = 1_000
PICTURE_RULES = pictures.PictureRules(formats=("PNG", "JPEG", "WEBP"), min_side=16)


def keep_picture(data: bytes) -> str | None:
    """Store a picture that came from outside, re-encoded; None where it is none that can be shown."""
    try:
        return pictures.keep(pictures.check(data, PICTURE_RULES))
    except Refused:
        return None


def _text(value: Any, most: int = TEXT_LENGTH) -> str:
    return " ".join(value.split())[:most] if isinstance(value, str) else ""


def _link(value: Any) -> str:
    text = _text(value, 2_000)
    return text if text.startswith(("https://", "http://")) else ""


def _part(of: Any, name: str) -> Mapping[str, Any]:
    part = of.get(name) if isinstance(of, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _instant(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def examined(shown: Mapping[str, Any], *, address: str, now: datetime) -> dict[str, Any]:
    """Return what the transcript keeps of one badge of a public collection.

    The badge's hosted assertion is fetched and compared, its recipient matched with the address, its dates and status
    read. What the issuer serves is what is shown; where it cannot be read, what the backpack says, marked as unchecked.
    """
    assertion = _part(shown, "assertion")
    badge = _part(assertion, "badge")
    issuer = _part(badge, "issuer")
    url = _link(shown.get("hostedUrl")) or _link(_part(assertion, "verify").get("url"))
    entry: dict[str, Any] = {
        "name": _text(badge.get("name"), NAME_LENGTH),
        "description": _text(badge.get("description")),
        "issuer": _text(issuer.get("name"), NAME_LENGTH),
        "issued_at": None,
        "expires_at": None,
        "url": url,
        "picture": None,
        "outcome": "not_possible",
        "checks": [],
    }
    if not url:
        return entry
    report = verify(url, BadgeFetcher(), now=now, addresses=(address,))
    entry.update(outcome=report.outcome.value, checks=rows_of(report))
    content = report.badge
    if content is not None:
        entry.update(
            name=_text(content.name, NAME_LENGTH) or entry["name"],
            description=_text(content.description) or entry["description"],
            issuer=_text(content.issuer_name, NAME_LENGTH) or entry["issuer"],
            issued_at=_instant(content.issued_at),
            expires_at=_instant(content.expires_at),
            picture=keep_picture(content.image) if content.image else None,
        )
    return entry
