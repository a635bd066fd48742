"""What a Mozilla Backpack asks of the three documents of Open Badges 1.x, member by member.

Source: Open Badges Specification 1.1 (Assertion, BadgeClass, IssuerOrganization).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.openbadges.examining.moments import read_moment
from portal.openbadges.text import is_web_address

Rule = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _address(value: Any) -> bool:
    return isinstance(value, str) and is_web_address(value)


def _picture(value: Any) -> bool:
    return _address(value) or (isinstance(value, str) and value.startswith("data:image/"))


def _moment(value: Any) -> bool:
    return read_moment(value) is not None


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _alignments(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict) and _text(item.get("name")) and _address(item.get("url")) for item in value
    )


def _recipient(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.get("type") == "email"
        and _text(value.get("identity"))
        and isinstance(value.get("hashed"), bool)
        and isinstance(value.get("salt", ""), str)
    )


def _verify(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") == "hosted" and _address(value.get("url"))


REQUIRED: dict[str, dict[str, Rule]] = {
    "assertion": {
        "uid": lambda value: _text(value) or (isinstance(value, int) and not isinstance(value, bool)),
        "recipient": _recipient,
        "badge": _address,
        "verify": _verify,
        "issuedOn": _moment,
    },
    "badge_class": {
        "name": _text,
        "description": _text,
        "image": _picture,
        "criteria": _address,
        "issuer": _address,
    },
    "issuer": {"name": _text, "url": _address},
}
OPTIONAL: dict[str, dict[str, Rule]] = {
    "assertion": {"evidence": _address, "expires": _moment, "image": _picture},
    "badge_class": {"tags": _texts, "alignment": _alignments},
    "issuer": {"description": _text, "email": _text, "image": _picture, "revocationList": _address},
}


def fault_of(part: str, document: Mapping[str, Any]) -> str:
    """Return the first member of a document that is missing or not what 1.x asks; an empty text where all is right.

    `part` is 'assertion', 'badge_class' or 'issuer'.
    """
    for member, rule in REQUIRED[part].items():
        if not rule(document.get(member)):
            return member
    for member, rule in OPTIONAL[part].items():
        if document.get(member) is not None and not rule(document[member]):
            return member
    return ""
