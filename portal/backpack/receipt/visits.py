"""How a backpack reads the addresses that a badge names: few, bounded, and never for ever."""

from __future__ import annotations

import time
from urllib.parse import urldefrag

from portal.core import outbound
from portal.core.i18n import _
from portal.openbadges.verifying import CannotFetch, Fetched

ONE_CALL = 8.0
ALL_CALLS = 20.0
MOST_BYTES = 4 * 1024 * 1024


class Visits:
    """A fetch function for one badge or a handful: it remembers content types, and its patience has an end."""

    def __init__(self, seconds: float = ALL_CALLS) -> None:
        """Allow so many seconds for everything together."""
        self._until = time.monotonic() + seconds
        self._kinds: dict[str, str] = {}

    def __call__(self, url: str, accept: str) -> Fetched:
        """Read an address; raise CannotFetch with the reason where there is no answer."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise CannotFetch(_("it took too long"))
        try:
            answer = outbound.fetch(url, headers={"Accept": accept}, timeout=min(ONE_CALL, left), max_bytes=MOST_BYTES)
        except outbound.Forbidden as error:
            raise CannotFetch(_("it is not an address of the public web")) from error
        except outbound.TimedOut as error:
            raise CannotFetch(_("it did not answer in time")) from error
        except outbound.TooLarge as error:
            raise CannotFetch(_("its answer is too large")) from error
        except outbound.OutboundError as error:
            raise CannotFetch(_("nobody answered there")) from error
        kind = answer.headers.get("content-type", "")
        self._kinds[url] = kind
        return Fetched(answer.status, kind, answer.body)

    def content_type(self, url: str) -> str:
        """Return the content type that an address answered with, exactly as it was sent."""
        return self._kinds.get(urldefrag(url).url, "")
