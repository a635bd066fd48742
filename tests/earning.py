"""A learner with a certificate whose badge can be earned: what tests of delivery and of certificates begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.badges import services as badges
from portal.certificates import services as certificates
from portal.core import pictures
from portal.core.db import commit
from tests.conftest import picture_bytes

if TYPE_CHECKING:
    from portal.accounts.models import Person
    from portal.certificates.models import Certificate, Certification

TITLE = "Data literacy, level two"


def name_issuer() -> None:
    """Name the issuer."""
    if badges.issuer() is None:
        badges.save_issuer(name="Academy of Fjords", url="https://academy.example/", email="badges@academy.example")
        commit()


def certification(**values: Any) -> Certification:
    """Return frozen settings with a badge; the issuer is named besides."""
    name_issuer()
    row = certificates.new_certification()
    known: dict[str, Any] = {
        "enabled": True,
        "open_badges": True,
        "badge_name": "Data literacy",
        "badge_description": "Reads and questions figures.",
        "badge_criteria": "Finish *all* steps.",
        "badge_tags": ["data", "figures"],
    }
    cover = values.pop("cover_key", None) or pictures.keep(pictures.check(picture_bytes()))
    for name, value in {**known, **values}.items():
        setattr(row, name, value)
    certificates.freeze(
        row, title=TITLE, language="en", cover_key=cover, criteria_fallback="All steps.",
        path_url="https://portal.example/learning-paths/abc",
    )  # fmt: skip
    commit()
    return row


def certificate(to: Person, *, source: str = "membership:1", title: str = TITLE, **values: Any) -> Certificate:
    """Return a certificate that a person was granted, committed."""
    row = certificates.grant(
        certification(**values), holder=to, title=title, path_public_id="abc", path_version=2, source=source
    )
    commit()
    return row
