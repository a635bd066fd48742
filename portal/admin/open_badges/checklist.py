"""What stands on the list "Before badges can be earned"."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import select

from portal.badges import services as badges
from portal.certificates.models import Certification
from portal.core.db import session
from portal.core.i18n import _
from portal.core.settings import settings

Entry = tuple[bool, str, str | None, str | None]


def checklist() -> list[Entry]:
    """Return each thing that badges need: whether it is there, its name, a word on it, and where to do it."""
    row = badges.issuer()
    here = url_for("admin.open_badges")
    offered = session().scalar(
        select(Certification.id).where(Certification.enabled, Certification.open_badges).limit(1)
    )
    return [
        (bool(row and row.name), _("The issuer has a name"), None, f"{here}#name"),
        (bool(row and row.url), _("The issuer has a web address"), None, f"{here}#url"),
        (bool(row and row.email), _("The issuer has an e-mail address"), None, f"{here}#email"),
        (
            settings().secure or not settings().production,
            _("Badges carry the address %(url)s", url=settings().base_url),
            None
            if settings().secure
            else _("It begins with http. That is for trying out: badges keep their address for ever."),
            None,
        ),
        (
            offered is not None,
            _("A learning path has Open Badges integration switched on"),
            None,
            url_for("authoring.paths"),
        ),
    ]
