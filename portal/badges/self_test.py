"""The issuer's test of itself: it fetches its own public objects over the network, as a stranger's validator would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import select

from portal.badges import addresses
from portal.badges.models import LIVE, Award, BadgeClass, SigningKey, StatusList
from portal.core import outbound
from portal.core.db import session
from portal.core.i18n import _
from portal.core.settings import absolute, settings

if TYPE_CHECKING:
    from portal.core.outbound import Answer

LD_JSON = "application/ld+json"
JSON = "application/json"
PNG = "image/png"
VC = "application/vc+ld+json"
DID = "application/did+ld+json"
MOST = 6_000_000


@dataclass(frozen=True, kw_only=True)
class Target:
    """One public object: what it is called, where it stands, and as what it must come."""

    label: str
    url: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What came of fetching one object, and what to do about it."""

    label: str
    url: str
    ok: bool
    text: str
    advice: str = ""


def targets() -> list[Target]:
    """Return what a validator of the newest award would fetch; read it before the transaction ends."""
    found = [
        Target(label=_("Issuer, Open Badges 2.0"), url=addresses.issuer(), kind=LD_JSON),
        Target(label=_("Issuer, Open Badges 1.1"), url=addresses.issuer_v1(), kind=JSON),
    ]
    badge = session().scalar(select(BadgeClass.public_id).order_by(BadgeClass.id.desc()).limit(1))
    award = session().scalar(select(Award.public_id).where(LIVE).order_by(Award.id.desc()).limit(1))
    if badge:
        found += [
            Target(label=_("Newest badge, Open Badges 2.0"), url=addresses.badge_class(badge), kind=LD_JSON),
            Target(label=_("Newest badge, Open Badges 1.1"), url=addresses.badge_class_v1(badge), kind=JSON),
            Target(label=_("Picture of the newest badge"), url=addresses.badge_class_image(badge), kind=PNG),
        ]
    if session().scalar(select(SigningKey.id).limit(1)) is not None:
        found.append(
            Target(label=_("Keys of the issuer, Open Badges 3.0"), url=absolute("/.well-known/did.json"), kind=DID)
        )
    listing = session().scalar(select(StatusList.public_id).order_by(StatusList.id.desc()).limit(1))
    if listing:
        found.append(Target(label=_("List of revoked badges"), url=addresses.status_list(listing), kind=VC))
    if award:
        found.append(Target(label=_("Newest award, Open Badges 3.0"), url=addresses.credential(award), kind=VC))
        found += [
            Target(label=_("Newest award, Open Badges 2.0"), url=addresses.assertion(award), kind=LD_JSON),
            Target(label=_("Newest award, Open Badges 1.1"), url=addresses.assertion_v1(award), kind=JSON),
            Target(label=_("Picture of the newest award"), url=addresses.assertion_image(award), kind=PNG),
        ]
    return found


def run(asked: list[Target]) -> list[Finding]:
    """Fetch each object over the network and say in plain words what came; call it outside a transaction."""
    return [_finding(target) for target in asked]


def _finding(target: Target) -> Finding:
    try:
        answer = outbound.fetch(target.url, headers={"Accept": target.kind}, max_bytes=MOST, over_network=True)
    except outbound.TimedOut:
        return _bad(target, _("No answer came within the time limit."), _firewall())
    except outbound.TooLarge:
        return _bad(target, _("What stands there is too large."), _proxy())
    except outbound.OutboundError:
        return _bad(target, _("Nobody answers at this address."), _firewall())
    return _judged(target, answer)


def _judged(target: Target, answer: Answer) -> Finding:
    if urlsplit(answer.url)[:2] != urlsplit(target.url)[:2]:
        return _bad(target, _("The address leads on to %(url)s.", url=answer.url), _redirect())
    if answer.content_type == "text/html":
        return _bad(target, _("A web page came instead of the document."), _proxy())
    if answer.status != 200:
        return _bad(target, _("The address answers with status %(status)s.", status=answer.status), _proxy())
    said = answer.headers.get("content-type", "")
    if said != target.kind:
        return _bad(
            target, _("It comes as “%(said)s” and not as “%(wanted)s”.", said=said, wanted=target.kind), _proxy()
        )
    if target.kind != PNG:
        return _judged_document(target, answer)
    return Finding(label=target.label, url=target.url, ok=True, text=_("It is there, as a PNG picture."))


def _judged_document(target: Target, answer: Answer) -> Finding:
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        return _bad(target, _("What came is not a JSON document."), _proxy())
    if document.get("id") != (addresses.did() if target.kind == DID else target.url):
        return _bad(
            target,
            _("The document says that it stands at %(id)s.", id=str(document.get("id"))[:300]),
            _("Another portal answers at this address. Check LAUREL_BASE_URL and where the proxy leads."),
        )
    if answer.headers.get("access-control-allow-origin") != "*":
        return _bad(target, _("Checkers that run in a browser may not read it."), _cors())
    return Finding(label=target.label, url=target.url, ok=True, text=_("It is there, and it is what it says."))


def _bad(target: Target, text: str, advice: str) -> Finding:
    return Finding(label=target.label, url=target.url, ok=False, text=text, advice=advice)


def _firewall() -> str:
    return _(
        "Is the portal running, and is LAUREL_BASE_URL (%(url)s) right? The name must be found by the name servers, and a "
        "firewall must let requests from outside through to it.",
        url=settings().base_url,
    )


def _proxy() -> str:
    return _(
        "Something between the world and the portal answers or changes the answer: a sign-in page, a proxy or a filter. "
        "Let the addresses below /badges through as they are, without sign-in."
    )


def _redirect() -> str:
    return _(
        "Badges carry their addresses for ever, so they must not be redirected. Set LAUREL_BASE_URL to the address that "
        "the redirect leads to, before anything is awarded."
    )


def _cors() -> str:
    return _("A proxy removes the header Access-Control-Allow-Origin. Let it through.")
