"""What can be done with people, their addresses, their passwords, and the links that are mailed to them."""

from __future__ import annotations

from portal.accounts.services.people import (
    current_person,
    person_by_address,
    person_by_public_id,
    search_people,
    verified_addresses,
)

__all__ = [
    "current_person",
    "person_by_address",
    "person_by_public_id",
    "search_people",
    "verified_addresses",
]
