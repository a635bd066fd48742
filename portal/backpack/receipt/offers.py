"""A badge that is offered to a backpack: what it says, whether it can be received, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.backpack.models import ADDRESS, NAME
from portal.backpack.receipt import structure
from portal.backpack.receipt.images import Image, Unusable, image_of
from portal.backpack.receipt.visits import Visits
from portal.core.clock import now
from portal.core.i18n import _
from portal.openbadges.text import clean_text, is_web_address
from portal.openbadges.verifying import PARTS, Check, Outcome, Report, verify
from portal.web.badge_checks import rows_of, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

INACCESSIBLE, MALFORMED, INVALID = "INACCESSIBLE", "MALFORMED", "INVALID"
TEXT = 4_000
HOSTED = frozenset({"1.0", "1.1", "2.0"})
# What a finding means to whoever handed the badge over: the Issuer API's reason and code.
_MEANINGS = {
    "structure.part_unreachable": (INACCESSIBLE, "resources"),
    "structure.part_gone": (INACCESSIBLE, "resources"),
    "structure.part_broken": (MALFORMED, "resources"),
    "hosted.unreachable": (INACCESSIBLE, "http-unreachable"),
    "hosted.gone": (INACCESSIBLE, "http-status"),
    "hosted.broken": (MALFORMED, "parse"),
    "hosted.differs": (INVALID, "verify-hosted"),
    "image.unreachable": (INACCESSIBLE, "resources"),
    "image.gone": (INACCESSIBLE, "resources"),
    "status.revoked": (INVALID, "revoked"),
    "status.revoked_because": (INVALID, "revoked"),
}
_DECISIVE = ("structure", "signature", "hosted", "status", "image")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a badge cannot be received: the Issuer API's reason and code, and words for the person."""

    reason: str
    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Received:
    """Everything that is kept of a badge that can be received."""

    assertion_url: str
    uid: str
    standard: str
    assertion: dict[str, Any]
    badge_class: dict[str, Any]
    issuer: dict[str, Any]
    name: str
    description: str
    criteria_url: str
    criteria: str
    evidence_url: str
    issuer_name: str
    issuer_url: str
    issued_at: datetime | None
    expires_at: datetime | None
    image: Image = field(repr=False)
    checks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A badge as it was found: `received` where it can be taken, else `problem`; `recipient` is the matching address."""

    url: str
    problem: Problem | None = None
    received: Received | None = None
    recipient: str = ""
    warnings: tuple[str, ...] = ()


def handed_over(url: str, addresses: Sequence[str], visits: Visits | None = None) -> Offer:
    """Examine an assertion that another site hands over, exactly as a Mozilla Backpack does: 1.x, hosted, whole.

    `addresses` are the person's verified e-mail addresses. Fetches: must be called outside a transaction. Never raises
    for what stands at the address.
    """
    if len(url) > ADDRESS or not is_web_address(url):
        return Offer(url=url[:ADDRESS], problem=_problem(MALFORMED, "input", _("This is not an address of a badge.")))
    visits = visits or Visits()
    report = verify(url, visits, now=now(), addresses=addresses)
    problem = _obstacle(report) or _unlike_mozilla(report)
    return _offer(url, report, problem, visits, strict=True)


def imported(url: str, addresses: Sequence[str]) -> Offer:
    """Examine a badge at an address that a person entered: hosted 1.x and 2.0. Call it outside a transaction."""
    visits = Visits()
    report = verify(url, visits, now=now(), addresses=addresses)
    return _offer(url, report, _obstacle(report) or _not_kept_here(report), visits)


def from_file(data: bytes, addresses: Sequence[str]) -> Offer:
    """Examine a baked picture or a JSON document that a person chose: hosted 1.x and 2.0. Call it outside a transaction."""
    visits = Visits()
    report = verify(data, visits, now=now(), addresses=addresses)
    return _offer(report.address, report, _obstacle(report) or _not_kept_here(report), visits)


def judged_again(url: str, address: str) -> Report:
    """Check a badge that is held already once more at its source. Call it outside a transaction."""
    return verify(url, Visits(), now=now(), addresses=(address,))


def said(check: Check) -> str:
    """Return what a check found, in the reader's language."""
    return spoken(check.text, check.params)


def _problem(reason: str, code: str, message: str) -> Problem:
    return Problem(reason=reason, code=code, message=message)


def _obstacle(report: Report) -> Problem | None:
    """Return the first finding that keeps a badge of any version out; recipient and dates are not among them."""
    for name in _DECISIVE:
        for check in report.checks:
            if check.name == name and check.outcome is not Outcome.PASSED and check.code != "status.unknown":
                reason, code = _MEANINGS.get(check.code, (MALFORMED, name))
                return _problem(reason, code, said(check))
    dates = report.check("dates")
    if dates is not None and dates.code == "dates.broken":
        return _problem(MALFORMED, "structure", said(dates))
    if report.document is None or report.badge_class is None or report.issuer is None or report.badge is None:
        return _problem(MALFORMED, "parse", _("There is no badge at this address."))
    return None


def _not_kept_here(report: Report) -> Problem | None:
    if report.standard not in HOSTED or report.form != "hosted":
        return _problem(
            INVALID, "structure",
            _("This backpack keeps badges of Open Badges 1 and 2 that are published at an address. This is another kind."),
        )  # fmt: skip
    issuer = report.check("issuer")
    if report.standard == "2.0" and issuer is not None and issuer.outcome is Outcome.FAILED:
        return _problem(INVALID, "issuer", said(issuer))
    if report.standard == "2.0" and not _hosted_where_it_says(report):
        return _problem(INVALID, "resources", _("A part of this badge says that it is published at another address."))
    return None


def _hosted_where_it_says(report: Report) -> bool:
    """Whether class and issuer carry the address at which they were read (Open Badges 2.0, hosted verification)."""
    assertion, badge_class, issuer = report.document or {}, report.badge_class or {}, report.issuer or {}
    named = ((assertion.get("badge"), badge_class), (badge_class.get("issuer"), issuer))
    return all(not isinstance(address, str) or document.get("id") == address for address, document in named)


def _unlike_mozilla(report: Report) -> Problem | None:
    if not report.standard.startswith("1."):
        return _problem(
            MALFORMED, "structure", _("A badge that is handed over has to be of Open Badges 1.1. This is another kind.")
        )
    parts = {"assertion": report.document, "badge_class": report.badge_class, "issuer": report.issuer}
    for part, document in parts.items():
        member = structure.fault_of(part, document or {})
        if member:
            message = _(
                "The %(part)s lacks “%(member)s”, or what stands there is not what the standard asks.",
                part=_(PARTS[part]), member=member,
            )  # fmt: skip
            return _problem(MALFORMED, "structure", message)
    return None


def _offer(url: str, report: Report, problem: Problem | None, visits: Visits, *, strict: bool = False) -> Offer:
    if problem is not None:
        return Offer(url=url, problem=problem, recipient=report.recipient)
    try:
        image = image_of(report, visits, strict=strict)
    except Unusable as error:
        return Offer(url=url, problem=_problem(error.reason, error.code, str(error)), recipient=report.recipient)
    issuer = report.check("issuer")
    warnings = (said(issuer),) if issuer is not None and issuer.outcome is Outcome.FAILED else ()
    return Offer(url=url, received=_received(report, image), recipient=report.recipient, warnings=warnings)


def _received(report: Report, image: Image) -> Received:
    content = report.badge
    assert content is not None
    assertion = report.document or {}
    return Received(
        assertion_url=report.address[:ADDRESS],
        uid=str(assertion.get("uid") or report.address)[:ADDRESS],
        standard=report.standard,
        assertion=assertion,
        badge_class=report.badge_class or {},
        issuer=report.issuer or {},
        name=_line(content.name),
        description=clean_text(content.description)[:TEXT],
        criteria_url=_link(content.criteria_url),
        criteria=clean_text(content.criteria)[:TEXT],
        evidence_url=next((_link(item.url) for item in content.evidence if _link(item.url)), ""),
        issuer_name=_line(content.issuer_name),
        issuer_url=_link(content.issuer_url),
        issued_at=content.issued_at,
        expires_at=content.expires_at,
        image=image,
        checks=rows_of(report),
    )


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())[:NAME] or "?"


def _link(address: str) -> str:
    return address if len(address) <= ADDRESS and is_web_address(address) else ""
