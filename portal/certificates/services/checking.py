"""What everybody may see of a certificate: whether it holds, and whose it is where the holder says so."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from portal.core.settings import absolute

if TYPE_CHECKING:
    from portal.certificates.models import Certificate


def check_url(certificate: Certificate) -> str:
    """Return the public address that says whether a certificate holds; it does not tell whose it is."""
    return absolute(f"/check/{certificate.number}")


def share_url(certificate: Certificate) -> str:
    """Return the address that the holder shares and that is printed: it tells the holder's name besides."""
    return absolute(f"/check/{certificate.number}/{certificate.share_secret}")


def shows_name(certificate: Certificate, secret: str | None) -> bool:
    """Whether the holder's name is shown: they published it, or the address carries the second secret."""
    return certificate.name_published or (secret is not None and fits(certificate, secret))


def fits(certificate: Certificate, secret: str) -> bool:
    """Whether a secret is the one of the holder's own link."""
    return hmac.compare_digest(secret.encode(), certificate.share_secret.encode())
