"""How a held badge is written for others: as the Displayer API does, and with its parts expanded."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from portal.backpack.models import HeldBadge
from portal.core.settings import absolute
from portal.openbadges.text import is_web_address
from portal.web.pages import picture_url


def displayed(badge: HeldBadge) -> dict[str, Any]:
    """Return a badge as the Displayer API of a Mozilla Backpack writes it."""
    return {
        "lastValidated": badge.last_validated_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "hostedUrl": badge.assertion_url,
        "assertion": assertion_of(badge),
        "imageUrl": absolute(picture_url(badge.baked_key)),
    }


def assertion_of(badge: HeldBadge) -> dict[str, Any]:
    """Return an assertion with class and issuer inside, in the form of 1.1 whatever version it came in."""
    received = badge.assertion
    return written(
        assertion=received, badge_class=badge.badge_class, issuer=badge.issuer, url=badge.assertion_url, uid=badge.uid
    )


def written(
    *, assertion: dict[str, Any], badge_class: dict[str, Any], issuer: dict[str, Any], url: str, uid: str
) -> dict[str, Any]:
    """Write received documents as one assertion of 1.1 with its parts inside and its older names beside the newer."""
    recipient = _recipient(assertion.get("recipient"))
    identity = recipient.get("identity", "")
    entry = {
        "uid": assertion.get("uid", uid),
        "recipient": identity,
        "salt": recipient.get("salt"),
        "badge": _class_of(badge_class, issuer, assertion.get("badge")),
        "verify": assertion.get("verify") or {"type": "hosted", "url": url},
        "issuedOn": assertion.get("issuedOn"),
        "issued_on": assertion.get("issuedOn"),
        "expires": assertion.get("expires"),
        "evidence": _address(assertion.get("evidence")),
        "image": _address(assertion.get("image")),
        "_originalRecipient": recipient,
    }
    return {name: value for name, value in entry.items() if value not in (None, "")}


def _class_of(badge_class: dict[str, Any], issuer: dict[str, Any], location: Any) -> dict[str, Any]:
    entry = {
        "name": badge_class.get("name"),
        "description": badge_class.get("description"),
        "image": _address(badge_class.get("image")),
        "criteria": _address(badge_class.get("criteria")) or _address(location),
        "tags": badge_class.get("tags"),
        "alignment": badge_class.get("alignment"),
        "_location": _address(location),
        "issuer": _issuer_of(issuer, badge_class.get("issuer")),
    }
    return {name: value for name, value in entry.items() if value not in (None, "")}


def _issuer_of(issuer: dict[str, Any], location: Any) -> dict[str, Any]:
    url = issuer.get("url")
    entry = {
        "name": issuer.get("name"),
        "url": url,
        "email": issuer.get("email"),
        "description": issuer.get("description"),
        "_location": _address(location),
        "origin": origin_of(url) if isinstance(url, str) else "",
    }
    return {name: value for name, value in entry.items() if value not in (None, "")}


def _recipient(value: Any) -> dict[str, Any]:
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, dict) else {}


def _address(value: Any) -> str:
    """Take the address that a member is, or that the object in it has as its id."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def origin_of(address: str) -> str:
    """Return an address's origin as browsers write it; an empty text where it has none."""
    if not is_web_address(address):
        return ""
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    host = f"[{host}]" if ":" in host else host
    usual = port is None or port == {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{host}" if usual else f"{scheme}://{host}:{port}"


def expanded(badge: HeldBadge) -> dict[str, Any]:
    """Return an assertion as it was received, with class and issuer in place of their addresses."""
    badge_class = {**badge.badge_class, "issuer": badge.issuer}
    return {**badge.assertion, "badge": badge_class}
