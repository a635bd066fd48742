"""The backpack that is offered to learners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import select

from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.settings import absolute
from portal.core.settings import settings as portal_settings
from portal.delivery.models import BUILT_IN, KEYWORD, MOZILLA, DeliverySettings, KnownBackpack
from portal.delivery.probing import ProbeResult

if TYPE_CHECKING:
    from portal.accounts.models import Person

ADDRESS_LENGTH = 400
KEYWORD_LENGTH = 60
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Backpack:
    """A backpack that can be chosen: `key` names it in forms, `url` is its base address."""

    key: str
    name: str
    url: str
    builtin: bool


def settings() -> DeliverySettings:
    """Return the settings; the built-in backpack and the word "Valamis" where nobody has saved any."""
    row = session().scalar(select(DeliverySettings).order_by(DeliverySettings.id).limit(1))
    return row or DeliverySettings(backpack_kind=BUILT_IN, backpack_url="", collection_keyword=KEYWORD)


def save_settings(*, backpack_kind: str, backpack_url: str = "", collection_keyword: str = KEYWORD) -> DeliverySettings:
    """Choose the backpack that is offered, and the word that collections to be shown must contain.

    `backpack_kind` is 'builtin' or 'mozilla'; the latter needs the backpack's base address. An address that was typed is
    kept while the built-in one is chosen. Raises Refused naming the field.
    """
    keyword = " ".join(collection_keyword.split())
    if not keyword:
        raise Refused(
            _("Enter the word that a collection's name must contain, such as Valamis."), field="collection_keyword"
        )
    if len(keyword) > KEYWORD_LENGTH:
        raise Refused(_("Use at most %(most)s characters here.", most=KEYWORD_LENGTH), field="collection_keyword")
    if backpack_kind not in {BUILT_IN, MOZILLA}:
        raise Refused(_("Choose the built-in backpack or another one."), field="backpack_kind")
    if backpack_kind == MOZILLA or backpack_url.strip():
        backpack_url = cleaned_address(backpack_url)
    row = session().scalar(select(DeliverySettings).order_by(DeliverySettings.id).limit(1)) or DeliverySettings()
    row.backpack_kind, row.backpack_url, row.collection_keyword = backpack_kind, backpack_url, keyword
    row.changed_at = now()
    session().add(row)
    session().flush()
    return row


def cleaned_address(text: str) -> str:
    """Return a backpack's base address without a closing slash; raise Refused naming backpack_url where it is none."""
    text = text.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        valid = bool(parts.hostname) and parts.scheme in {"http", "https"} and "@" not in parts.netloc
        parts.port  # noqa: B018 - raises where the port is none
    except ValueError:
        valid = False
    if (
        not valid
        or parts.query
        or parts.fragment
        or any(sign in text for sign in "\"'<>;,\\ \t\r\n")
        or not text.isascii()
    ):
        raise Refused(
            _("Enter the base address of the backpack, such as https://backpack.example.org."), field="backpack_url"
        )
    if len(text) > ADDRESS_LENGTH:
        raise Refused(_("Use at most %(most)s characters here.", most=ADDRESS_LENGTH), field="backpack_url")
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/"), "", ""))


def builtin_address() -> str:
    """Return the base address of the portal's own backpack."""
    return absolute("/backpack")


def backpack_address() -> str:
    """Return the base address of the backpack that is offered now."""
    return offered().url


def offered() -> Backpack:
    """Return the backpack that is offered now."""
    chosen = settings()
    if chosen.backpack_kind == MOZILLA and chosen.backpack_url:
        return Backpack(key=MOZILLA, name=urlsplit(chosen.backpack_url).netloc, url=chosen.backpack_url, builtin=False)
    name = _("%(site)s Backpack", site=portal_settings().site_name)
    return Backpack(key=BUILT_IN, name=name, url=builtin_address(), builtin=True)


def backpacks_of(person: Person) -> list[Backpack]:  # noqa: ARG001 - which are offered may come to depend on who asks
    """Return the backpacks that a person may choose from, the one to be preferred first."""
    return [offered()]


def backpack_of(person: Person, key: str) -> Backpack:
    """Return the backpack of a key; raise Refused naming `backpack` where the person is not offered it."""
    found = next((backpack for backpack in backpacks_of(person) if backpack.key == key), None)
    if found is None:
        raise Refused(_("Choose one of the backpacks in the list."), field="backpack")
    return found


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address, as a content security policy writes an origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def found_at(url: str) -> ProbeResult | None:
    """Return what is known of a backpack: what it is for our own, else a look that is not older than a day."""
    if url == builtin_address():
        return ProbeResult(url=url, answers=True, issuer=True, connect=True, displayer=True)
    row = session().scalar(select(KnownBackpack).where(KnownBackpack.url == url))
    if row is None or row.looked_at < now() - KEPT_FOR:
        return None
    return ProbeResult(url=url, **row.found)


def remember(found: ProbeResult) -> None:
    """Keep what a look at a backpack found."""
    row = session().scalar(select(KnownBackpack).where(KnownBackpack.url == found.url)) or KnownBackpack(url=found.url)
    row.found, row.looked_at = found.as_row(), now()
    session().add(row)
    session().flush()
