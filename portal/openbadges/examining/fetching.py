"""Reading what a badge points at, through a function that the caller gives: this library has no network of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urldefrag

from portal.openbadges.documents import Document, read_document
from portal.openbadges.errors import N_, OpenBadgesError
from portal.openbadges.text import is_web_address

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCEPT_BADGE = (
    "application/ld+json, application/vc+ld+json, application/json;q=0.9, application/vc+jwt;q=0.8,"
    " application/jose;q=0.8, image/png;q=0.5, image/svg+xml;q=0.5, text/plain;q=0.3"
)
ACCEPT_DOCUMENT = "application/ld+json, application/json;q=0.9, */*;q=0.1"
ACCEPT_IMAGE = "image/png, image/svg+xml, image/*;q=0.1"
ACCEPT_STATUS = (
    "application/vc+ld+json, application/ld+json, application/vc+jwt;q=0.9, application/json;q=0.8, */*;q=0.1"
)
ACCEPT_KEY = "application/did+ld+json, application/did+json, application/ld+json, application/json;q=0.9, */*;q=0.1"

OK = 200
GONE = 410
_MAX_FETCHES = 30


class CannotFetch(OpenBadgesError):
    """An address that could not be read at all: unreachable, too slow, too large or forbidden."""

    def __init__(self, reason: str, /, **params: object) -> None:
        """Say why in a text that is shown (translated, where the caller's translator knows it)."""
        super().__init__(reason, **params)


class NotServed(OpenBadgesError):
    """An address that answered with another status than 200."""

    def __init__(self, status: int, body: bytes) -> None:
        """Keep the status and what came with it."""
        super().__init__(N_("it answers with status %(status)s"), status=status)
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Fetched:
    """An address's answer, after redirects."""

    status: int
    content_type: str
    body: bytes


class Fetch(Protocol):
    """How the caller reads an address: time and size limits, redirects and forbidden addresses are its own business."""

    def __call__(self, url: str, accept: str, /) -> Fetched:
        """Answer a GET, whatever its status; raise `CannotFetch` where there is no answer."""
        ...


@dataclass(slots=True)
class Visits:
    """Every address is read once in an examination, and there is an end to their number."""

    fetch: Fetch
    known: Mapping[str, Document] = field(default_factory=dict)
    """Documents by address or DID that the caller vouches for, which are not fetched."""
    _seen: dict[tuple[str, str], Fetched | CannotFetch] = field(default_factory=dict)

    def answer(self, url: str, accept: str) -> Fetched:
        """Read an address, or recall what it answered; raise `CannotFetch`."""
        url = urldefrag(url).url
        if not is_web_address(url):
            raise CannotFetch(N_("this is not a web address"))
        key = (url, accept)
        if key not in self._seen:
            if len(self._seen) >= _MAX_FETCHES:
                raise CannotFetch(N_("the badge points at too many addresses"))
            try:
                self._seen[key] = self.fetch(url, accept)
            except CannotFetch as error:
                self._seen[key] = error
        seen = self._seen[key]
        if isinstance(seen, CannotFetch):
            raise seen
        return seen

    def body(self, url: str, accept: str) -> bytes:
        """Read an address that must answer 200; raise `CannotFetch` or `NotServed`."""
        answer = self.answer(url, accept)
        if answer.status != OK:
            raise NotServed(answer.status, answer.body)
        return answer.body

    def document(self, url: str, accept: str = ACCEPT_DOCUMENT) -> Document:
        """Read a JSON object at an address; raise `CannotFetch`, `NotServed` or `Unreadable`."""
        if url in self.known:
            return self.known[url]
        return read_document(self.body(url, accept))
