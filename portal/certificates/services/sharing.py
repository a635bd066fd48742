"""Showing a certificate elsewhere: the address that adds it to a LinkedIn profile."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from portal.certificates.services.checking import share_url

if TYPE_CHECKING:
    from portal.certificates.models import Certificate

LINKEDIN = "https://www.linkedin.com/profile/add"


def linkedin_address(certificate: Certificate) -> str:
    """Return the address of LinkedIn's form "Add licence or certification", filled in; the holder looks at it and saves."""
    zone = ZoneInfo(certificate.zone)
    known = {
        "startTask": "CERTIFICATION_NAME",
        "name": certificate.path_title,
        "organizationName": certificate.issuer_name,
        **_month("issue", certificate.issued_at, zone),
        **(_month("expiration", certificate.valid_until, zone) if certificate.valid_until else {}),
        "certUrl": share_url(certificate),
        "certId": certificate.number,
    }
    return f"{LINKEDIN}?{urlencode(known)}"


def _month(what: str, moment: datetime, zone: ZoneInfo) -> dict[str, int]:
    day = moment.astimezone(zone)
    return {f"{what}Year": day.year, f"{what}Month": day.month}
