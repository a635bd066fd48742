"""The public addresses of this room's documents, all made from the portal's one base URL.

They are written out here and not built by the router, because they are promises: what was issued carries them for ever.
"""

from __future__ import annotations

from portal.core.settings import absolute, settings
from portal.openbadges.keys.did import did_web


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


def signed(public_id: str) -> str:
    """Return the address of the signed 2.0 form, a compact JWS."""
    return absolute(f"/badges/assertions/{public_id}/signed.jws")


def signed_image(public_id: str) -> str:
    """Return the address of the picture with the signed 2.0 form baked into it."""
    return absolute(f"/badges/assertions/{public_id}/signed.png")


def credential(public_id: str) -> str:
    """Return the address, and so the id, of the 3.0 credential; it answers with the Data Integrity form."""
    return absolute(f"/badges/credentials/{public_id}")


def credential_file(public_id: str) -> str:
    """Return the address that answers with the Data Integrity form whatever is asked for: for downloads."""
    return absolute(f"/badges/credentials/{public_id}/credential.json")


def credential_jwt(public_id: str) -> str:
    """Return the address of the 3.0 credential as a VC-JWT."""
    return absolute(f"/badges/credentials/{public_id}/credential.jwt")


def credential_image(public_id: str) -> str:
    """Return the address of the picture with the Data Integrity credential baked into it."""
    return absolute(f"/badges/credentials/{public_id}/image.png")


def credential_jwt_image(public_id: str) -> str:
    """Return the address of the picture with the VC-JWT baked into it."""
    return absolute(f"/badges/credentials/{public_id}/jwt.png")


def achievement(public_id: str) -> str:
    """Return the address of the 3.0 achievement of a badge class."""
    return absolute(f"/badges/achievements/{public_id}")


def endorsement(public_id: str) -> str:
    """Return the address at which an endorsement by somebody else is kept, as it was received."""
    return absolute(f"/badges/endorsements/{public_id}")


def key(public_id: str) -> str:
    """Return the address of a key as a 2.0 CryptographicKey."""
    return absolute(f"/badges/keys/{public_id}")


def key_jwk(public_id: str) -> str:
    """Return the address of a key as a bare JWK."""
    return absolute(f"/badges/keys/{public_id}.jwk")


def revocation_list() -> str:
    """Return the address of the 2.0 RevocationList."""
    return absolute("/badges/revocations")


def status_list(public_id: str) -> str:
    """Return the address of a 3.0 status list."""
    return absolute(f"/badges/status/{public_id}")


def did() -> str:
    """Return the issuer's 3.0 identifier."""
    return did_web(settings().base_url)
