"""Open Badges 3.0: verifiable credentials with a Data Integrity proof or as a JWT, and their status list."""

from portal.openbadges.ob30.composing import (
    achievement,
    credential,
    endorsement,
    issuer,
)
from portal.openbadges.ob30.contexts import Contexts
from portal.openbadges.ob30.data_integrity import Signer, check_signable
from portal.openbadges.ob30.jwt import sign_jwt
from portal.openbadges.ob30.status import StatusList, random_index, status_list_credential

__all__ = [
    "Contexts",
    "Signer",
    "StatusList",
    "achievement",
    "check_signable",
    "credential",
    "endorsement",
    "issuer",
    "random_index",
    "sign_jwt",
    "status_list_credential",
]
