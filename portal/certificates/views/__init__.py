"""The pages of this room."""

from portal.certificates import jobs
from portal.certificates.blueprint import bp
from portal.certificates.views import (
    certificates,
    checking,
    earning,
    looking_over,
    reissuing,
    showing,
    templates,
    works,
)

__all__ = [
    "bp",
    "certificates",
    "checking",
    "earning",
    "jobs",
    "looking_over",
    "reissuing",
    "showing",
    "templates",
    "works",
]
