"""What can be done with certifications and certificates."""

from portal.certificates.services.certifications import (
    copy_certification,
    freeze,
    new_certification,
    problems_of,
    valid_until,
)
from portal.certificates.services.granting import (
    by_number,
    certificates_of,
    grant,
    publish_name,
    revoke,
    state_of,
)

__all__ = [
    "by_number",
    "certificates_of",
    "copy_certification",
    "freeze",
    "grant",
    "new_certification",
    "problems_of",
    "publish_name",
    "revoke",
    "state_of",
    "valid_until",
]
