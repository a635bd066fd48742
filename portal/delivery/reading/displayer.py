"""A client of the Displayer API, which every Mozilla-style backpack speaks: who has which public collections.

Everything that comes back was written by strangers: it is bounded here, and escaped where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from portal.core import outbound
from portal.core.errors import LaurelError

TIMEOUT = 8.0
MAX_BYTES = 4_000_000
MOST_COLLECTIONS = 20
MOST_BADGES = 100
NAME_LENGTH = 200


class NotRead(LaurelError):
    """The backpack gave no answer that can be used; `reason` is 'unreachable' or 'unreadable'."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class PublicCollection:
    """A public collection as the backpack lists it: its number, its name, and the badges as they came."""

    number: str
    name: str
    badges: list[Mapping[str, Any]] = field(default_factory=list)


def _asked(url: str, **request: Any) -> tuple[int, Any]:
    try:
        answer = outbound.fetch(
            url, timeout=TIMEOUT, max_bytes=MAX_BYTES, headers={"Accept": "application/json"}, **request
        )
    except outbound.OutboundError as error:
        raise NotRead("unreachable") from error
    if answer.status == 404:
        return 404, {}
    if not answer.ok:
        raise NotRead("unreachable")
    try:
        found = answer.json()
    except ValueError as error:
        raise NotRead("unreadable") from error
    if not isinstance(found, dict):
        raise NotRead("unreadable")
    return answer.status, found


def _rows(found: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
    rows = found.get(name)
    if not isinstance(rows, list):
        raise NotRead("unreadable")
    return [row for row in rows[:most] if isinstance(row, dict)]


def _number(value: Any) -> str:
    return quote(str(value), safe="") if isinstance(value, int | str) and not isinstance(value, bool) else ""


def public_collections(backpack_url: str, address: str, keyword: str) -> list[PublicCollection]:
    """Return the public collections of an e-mail address whose name contains the keyword, in any case.

    An address that the backpack does not know has none. Raises NotRead where the backpack cannot be asked.
    """
    base = f"{backpack_url.rstrip('/')}/displayer"
    status, found = _asked(f"{base}/convert/email", method="POST", data={"email": address})
    person = _number(found.get("userId"))
    if status == 404 or not person:
        return []
    _status, found = _asked(f"{base}/{person}/groups.json")
    groups = [
        group for group in _rows(found or {"groups": []}, "groups", MOST_COLLECTIONS * 5)
        if keyword.casefold() in str(group.get("name", "")).casefold()
    ]  # fmt: skip
    collections = []
    for group in groups[:MOST_COLLECTIONS]:
        number = _number(group.get("groupId"))
        status, found = _asked(f"{base}/{person}/group/{number}.json")
        if status == 404 or not number:
            continue
        badges = _rows(found, "badges", MOST_BADGES)
        collections.append(PublicCollection(number=number, name=str(group["name"])[:NAME_LENGTH], badges=badges))
    return collections
