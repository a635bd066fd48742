"""How the verifier of badges reads the web from here: over core.outbound, with one time limit for a whole check."""

from __future__ import annotations

import time

from portal.core import outbound
from portal.core.i18n import _
from portal.core.settings import absolute, settings
from portal.openbadges.keys.did import did_web, did_web_address
from portal.openbadges.verifying import CannotFetch, Fetched

SECONDS = 25.0
EACH = 8.0
MOST = 4_500_000


class BadgeFetcher:
    """Reads the addresses that one badge names; make a new one for every check, outside a transaction."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Read for at most so many seconds altogether."""
        self._deadline = time.monotonic() + seconds

    def __call__(self, url: str, accept: str) -> Fetched:
        """Answer a GET, whatever its status; raise CannotFetch with the reason where there is no answer."""
        if url == did_web_address(did_web(settings().base_url)):
            url = absolute("/.well-known/did.json")  # the portal's own did:web, also where it is reached over http
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise CannotFetch(_("the check took too long altogether"))
        try:
            answer = outbound.fetch(url, headers={"Accept": accept}, timeout=min(EACH, left), max_bytes=MOST)
        except outbound.OutboundError as error:
            raise CannotFetch(_reason(error)) from error
        return Fetched(answer.status, answer.headers.get("content-type", ""), answer.body)


def _reason(error: outbound.OutboundError) -> str:
    words = {
        outbound.Forbidden: _("this portal does not call private addresses"),
        outbound.TimedOut: _("no answer came within the time limit"),
        outbound.TooLarge: _("the answer is too large"),
        outbound.Unreachable: _("nobody answers there"),
    }
    return words.get(type(error), _("the address cannot be read")).replace("%", "%%")
