"""The issuer: who it is, what it still lacks, and the address that must not change under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.badges.models import IssuerProfile
from portal.core import clock
from portal.core.db import session
from portal.core.errors import LaurelError, Refused
from portal.core.i18n import _
from portal.core.settings import settings
from portal.openbadges.errors import Unfit
from portal.openbadges.text import check_address, check_text, is_web_address

if TYPE_CHECKING:
    from collections.abc import Iterable


class BaseUrlChanged(LaurelError):
    """Badges were given under another base URL than the one the portal is started with."""


def issuer() -> IssuerProfile | None:
    """Return the issuer, or None while nobody has named one."""
    return session().scalar(select(IssuerProfile).order_by(IssuerProfile.id).limit(1))


def save_issuer(
    *, name: str, url: str, email: str, description: str = "", logo_key: str | None = None
) -> IssuerProfile:
    """Name the issuer, or change what it says of itself; its public address stays the same.

    `logo_key` is the key of a stored PNG, None for no logo. Raises Refused naming the field that is empty or unfit.
    (Open Badges 2.0, Profile: name, url and email are required of an issuer.)
    """
    _check_present({"name": name, "url": url, "email": email})
    if not is_web_address(url):
        raise Refused(_("Enter a whole web address, such as https://example.org."), field="url")
    _check({"name": name, "description": description, "email": email}.items(), url)
    row = issuer() or IssuerProfile()
    row.name, row.url, row.email, row.description, row.logo_key = name, url, email.lower(), description, logo_key
    row.changed_at = clock.now()
    session().add(row)
    session().flush()
    return row


def _check_present(values: dict[str, str]) -> None:
    for field, value in values.items():
        if not value.strip():
            raise Refused(_("Fill in this field."), field=field)


def _check(texts: Iterable[tuple[str, str]], url: str) -> None:
    try:
        for field, text in texts:
            check_text(text, field)
        check_address(url, "url")
    except Unfit as error:
        raise Refused(_(error.text, **error.params), field=error.field) from error


def missing_for_issuing() -> list[str]:
    """Return what still has to be done before a badge can be earned, each as a sentence; empty when all is there."""
    row = issuer()
    if row is None:
        return [_("Name the issuer."), _("Enter the issuer's web address."), _("Enter the issuer's e-mail address.")]
    wanted = (
        (row.name, _("Name the issuer.")),
        (row.url, _("Enter the issuer's web address.")),
        (row.email, _("Enter the issuer's e-mail address.")),
    )
    return [sentence for value, sentence in wanted if not value]


def check_base_url() -> None:
    """Refuse a base URL other than the one that awards already carry: call it when the portal starts.

    Raises BaseUrlChanged with the reason. Awards name their own addresses, so they would stop verifying.
    """
    row = issuer()
    if row is None or row.base_url in {None, settings().base_url}:
        return
    message = (
        f"Badges were awarded under {row.base_url} and carry that address for ever, but LAUREL_BASE_URL is now "
        f"{settings().base_url}. Set LAUREL_BASE_URL back to {row.base_url}; a new address needs a new installation, "
        "or every award has to be given again."
    )
    raise BaseUrlChanged(message)
