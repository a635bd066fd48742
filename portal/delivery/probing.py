"""Looking at a backpack from outside: which of the Mozilla protocols it speaks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from portal.core import outbound
from portal.core.i18n import _
from portal.core.ids import public_id
from portal.core.settings import absolute

TIMEOUT = 6.0
MOST_BYTES = 1_000_000
SCRIPT_TYPES = frozenset({"text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript"})


@dataclass(frozen=True, kw_only=True)
class ProbeResult:
    """What was found at a backpack's base address; `problem` says why nothing answered."""

    url: str
    answers: bool = False
    issuer: bool = False
    connect: bool = False
    displayer: bool = False
    problem: str | None = None

    @property
    def takes_badges(self) -> bool:
        """Whether there is a way to hand a badge over."""
        return self.issuer or self.connect

    def as_row(self) -> dict[str, Any]:
        """Return everything but the address, as JSON."""
        return {name: value for name, value in asdict(self).items() if name != "url"}

    def sentences(self) -> list[tuple[bool, str]]:
        """Return what was found, to be shown: (is it well?, in words)."""
        if not self.answers:
            return [(False, _problem_in_words(self.problem))]
        return [
            (
                self.connect,
                _("Badges can be sent by this portal once a learner has allowed it (Backpack Connect).")
                if self.connect
                else _("It does not offer Backpack Connect: learners confirm each badge in the backpack's own window."),
            ),
            (
                self.issuer,
                _("Badges can be handed over in the learner's browser (issuer.js).")
                if self.issuer
                else _("It has no issuer.js, so badges cannot be handed over in the browser."),
            ),
            (
                self.displayer,
                _("Public collections can be read for the transcript (Displayer API).")
                if self.displayer
                else _("It has no Displayer API, so the transcript cannot show what learners make public there."),
            ),
        ]


def _problem_in_words(problem: str | None) -> str:
    words = {
        "private_address": _(
            "This is a private address, which the portal does not call unless LAUREL_ALLOWED_PRIVATE_HOSTS names its host."
        ),
        "timed_out": _("Nothing answered there in time. Check the address, and try again later."),
    }
    return words.get(problem or "", _("Nobody answered there. Check the address."))


def probe(url: str) -> ProbeResult:
    """Look at a Mozilla-style backpack and tell what it offers; call it outside any transaction.

    `url` is its base address. A server that answers everything alike offers nothing. (Mozilla Backpack: Issuer API,
    Backpack Connect, Displayer API.)
    """
    base = url.rstrip("/")
    try:
        issuer = _is_script(base)
    except outbound.Forbidden:
        return ProbeResult(url=base, problem="private_address")
    except outbound.TimedOut:
        return ProbeResult(url=base, problem="timed_out")
    except outbound.TooLarge:
        issuer = False
    except outbound.OutboundError:
        return ProbeResult(url=base, problem="unreachable")
    return ProbeResult(
        url=base, answers=True, issuer=issuer, connect=_has_connect(base), displayer=_has_displayer(base)
    )


def _is_script(base: str) -> bool:
    answer = outbound.fetch(f"{base}/issuer.js", timeout=TIMEOUT, max_bytes=MOST_BYTES)
    return answer.status == 200 and answer.content_type in SCRIPT_TYPES and b"OpenBadges" in answer.body


def _status(url: str) -> int:
    try:
        return outbound.fetch(url, timeout=TIMEOUT, max_bytes=MOST_BYTES, headers={"Accept": "text/html"}).status
    except outbound.OutboundError:
        return 0


def _has_connect(base: str) -> bool:
    """Whether /access exists: signed out it leads to sign-in or complains, but it is not missing as any other page is."""
    query = urlencode({"callback": absolute("/backpacks/return/probe"), "scope": "issue"})
    status = _status(f"{base}/access?{query}")
    return status in {200, 400, 401, 403} and _status(f"{base}/{public_id()}") in {404, 410}


def _has_displayer(base: str) -> bool:
    try:
        answer = outbound.fetch(
            f"{base}/displayer/convert/email", method="POST", data={"email": f"{public_id()}@example.org".lower()},
            timeout=TIMEOUT, max_bytes=MOST_BYTES, headers={"Accept": "application/json"},
        )  # fmt: skip
        found = answer.json()
    except (outbound.OutboundError, ValueError):
        return False
    return isinstance(found, dict) and (answer.status, found.get("status")) in {(404, "missing"), (200, "okay")}
