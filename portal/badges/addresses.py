"""The public addresses of this room's documents, all made from the portal's one base URL.

They are written out here and not built by the router, because they are promises: what was issued carries them for ever.
"""

from __future__ import annotations

from portal.core.settings import absolute


def issuer() -> str:
    """Return the address of the 2.0 Profile; a human page by negotiation."""
    return absolute("/badges/issuer")


def issuer_v1() -> str:
    """Return the address of the 1.1 issuer."""
    return absolute("/badges/issuer/v1.json")


def badge_class(public_id: str) -> str:
    """Return the address of the 2.0 BadgeClass; a human page by negotiation."""
    return absolute(f"/badges/classes/{public_id}")


def badge_class_v1(public_id: str) -> str:
    """Return the address of the 1.1 badge class."""
    return absolute(f"/badges/classes/{public_id}/v1.json")


def badge_class_image(public_id: str) -> str:
    """Return the address of the badge's picture."""
    return absolute(f"/badges/classes/{public_id}/image.png")


def criteria(public_id: str) -> str:
    """Return the address of the page that says what the badge is given for."""
    return absolute(f"/badges/criteria/{public_id}")


def assertion(public_id: str) -> str:
    """Return the address of the 2.0 assertion; a human page by negotiation."""
    return absolute(f"/badges/assertions/{public_id}")


def assertion_v1(public_id: str) -> str:
    """Return the address of the 1.1 assertion."""
    return absolute(f"/badges/assertions/{public_id}/v1.json")


def assertion_image(public_id: str) -> str:
    """Return the address of the picture with the award baked into it."""
    return absolute(f"/badges/assertions/{public_id}/image.png")


def picture(key: str) -> str:
    """Return the address of a stored picture, such as the issuer's logo."""
    return absolute(f"/pictures/{key}")
