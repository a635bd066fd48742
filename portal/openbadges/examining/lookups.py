"""Looking up what a signature or a revocation rests on, and the finding where that does not succeed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from portal.openbadges.errors import Unreadable
from portal.openbadges.examining.fetching import CannotFetch, NotServed

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.openbadges.examining.case import Case

Found = TypeVar("Found")
_LONGEST = 200


def look_up_key(case: Case, address: str, find: Callable[[], Found]) -> Found | None:
    """Return what `find` finds at a key's address; None where it finds none, after the check `signature` says why."""
    shown = address[:_LONGEST] or "?"
    try:
        return find()
    except (CannotFetch, NotServed) as error:
        case.not_possible("signature", "signature.key_unreachable", url=shown, reason=error.words)
    except Unreadable as error:
        case.failed("signature", "signature.key_unusable", url=shown, reason=error.words)
    return None


def look_up_listing(case: Case, address: str, find: Callable[[], Found]) -> Found | None:
    """Return what `find` reads of a list of revoked badges; None where it cannot, after the check `status` says why."""
    shown = address[:_LONGEST] or "?"
    try:
        return find()
    except (CannotFetch, NotServed) as error:
        case.not_possible("status", "status.unreachable", url=shown, reason=error.words)
    except Unreadable as error:
        case.not_possible("status", "status.broken", url=shown, reason=error.words)
    return None
