"""What can be done with certifications and certificates."""

from portal.certificates.design.services import choose_template, template_choices
from portal.certificates.services.certifications import (
    copy_certification,
    definition_of,
    freeze,
    new_certification,
    problems_of,
    series_of,
    valid_until,
)
from portal.certificates.services.checking import check_url, fits, share_url, shows_name
from portal.certificates.services.earning import (
    Earned,
    Said,
    earn,
    earned,
    may_be_earned,
    replace,
    show_in_transcript,
)
from portal.certificates.services.granting import (
    REASON_LENGTH,
    Grant,
    by_number,
    certificates_of,
    erased_by_number,
    grant,
    grant_many,
    publish_name,
    revoke,
    state_of,
)
from portal.certificates.services.history import (
    earlier_ones,
    history_of,
    standing_certificates_of,
    successor_of,
)
from portal.certificates.services.reissuing import ask_for_new_name, has_another_name, reissue
from portal.certificates.services.sharing import linkedin_address
from portal.certificates.services.works import published_by, submissions_of

__all__ = [
    "REASON_LENGTH",
    "Earned",
    "Grant",
    "Said",
    "ask_for_new_name",
    "by_number",
    "certificates_of",
    "check_url",
    "choose_template",
    "copy_certification",
    "definition_of",
    "earlier_ones",
    "earn",
    "earned",
    "erased_by_number",
    "fits",
    "freeze",
    "grant",
    "grant_many",
    "has_another_name",
    "history_of",
    "linkedin_address",
    "may_be_earned",
    "new_certification",
    "problems_of",
    "publish_name",
    "published_by",
    "reissue",
    "replace",
    "revoke",
    "series_of",
    "share_url",
    "show_in_transcript",
    "shows_name",
    "standing_certificates_of",
    "state_of",
    "submissions_of",
    "successor_of",
    "template_choices",
    "valid_until",
]
