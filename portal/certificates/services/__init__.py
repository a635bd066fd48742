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
from portal.certificates.services.checking import check_url, share_url, shows_name
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
    Grant,
    by_number,
    certificates_of,
    grant,
    grant_many,
    publish_name,
    revoke,
    state_of,
)
from portal.certificates.services.works import published_by, submissions_of

__all__ = [
    "Earned",
    "Grant",
    "Said",
    "by_number",
    "certificates_of",
    "check_url",
    "choose_template",
    "copy_certification",
    "definition_of",
    "earn",
    "earned",
    "freeze",
    "grant",
    "grant_many",
    "may_be_earned",
    "new_certification",
    "problems_of",
    "publish_name",
    "published_by",
    "replace",
    "revoke",
    "series_of",
    "share_url",
    "show_in_transcript",
    "shows_name",
    "state_of",
    "submissions_of",
    "template_choices",
    "valid_until",
]
