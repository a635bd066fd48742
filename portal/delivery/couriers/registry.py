"""The couriers, the one to be preferred first: a new one is a module beside this and a line here."""

from __future__ import annotations

from portal.delivery.couriers.connect import Connect
from portal.delivery.couriers.courier import Courier
from portal.delivery.couriers.handoff import HandOffCourier
from portal.delivery.probing import ProbeResult

COURIERS: tuple[Courier, ...] = (
    Connect(),
    HandOffCourier(),
)


def courier_for(found: ProbeResult) -> Courier | None:
    """Return the preferred courier for a backpack of which this was found, or None where there is no way in."""
    return next((courier for courier in COURIERS if courier.serves(found)), None)


def courier_of(key: str | None) -> Courier | None:
    """Return the courier of a key, or None."""
    return next((courier for courier in COURIERS if courier.key == key), None)
