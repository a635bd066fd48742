"""What every courier is: the Protocol that the registry's entries keep, and what passes to and from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.delivery.models import Reason, SendingState
from portal.delivery.probing import ProbeResult


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What a courier carries: the public address of a 1.1 assertion, whose it is, and the backpack it goes to.

    `tried_before` says that an earlier attempt may have reached the backpack without its answer having been recorded.
    """

    person_id: int
    backpack_url: str
    assertion_url: str
    tried_before: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Where a sending stands after an attempt. With `state` WAITING it is tried again, at `again_at` where one is named."""

    state: SendingState
    reason: Reason | None = None
    again_at: datetime | None = None


class Courier(Protocol):
    """A way of getting a badge into a backpack.

    The contract, which the kit in tests/delivery runs over every entry: `serves` and `begin` ask nobody outside; `begin`
    runs in the caller's transaction and flushes nothing; `carry` runs outside any transaction, within `LIMIT` seconds, may
    be called again for the same parcel at any time, and never raises for anything that a backpack does.
    """

    key: str

    def serves(self, found: ProbeResult) -> bool:
        """Whether a backpack of which this was found can be reached this way."""

    def begin(self, parcel: Parcel) -> Outcome:
        """Return where a sending starts: waiting for the worker, or for the person."""

    def carry(self, parcel: Parcel) -> Outcome:
        """Attempt it, and return what is known then; an outcome that is unknown is WAITING."""
