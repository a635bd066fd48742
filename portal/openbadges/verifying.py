"""Checking a badge from any issuer: what somebody hands in goes in, a list of checks comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.openbadges.documents import Document, read_document
from portal.openbadges.errors import Unreadable
from portal.openbadges.examining.case import Case, Stop
from portal.openbadges.examining.fetching import (
    ACCEPT_BADGE,
    GONE,
    OK,
    CannotFetch,
    Fetch,
    Fetched,
    Visits,
)
from portal.openbadges.examining.hosted import revoked
from portal.openbadges.examining.receiving import Received, receive
from portal.openbadges.examining.report import BadgeContent, Check, Outcome, Report
from portal.openbadges.examining.texts import CHECKS, FINDINGS, PARTS
from portal.openbadges.keys.tokens import read_token
from portal.openbadges.registry import standard_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from portal.openbadges.ob30.contexts import Contexts

__all__ = [
    "CHECKS",
    "FINDINGS",
    "PARTS",
    "BadgeContent",
    "CannotFetch",
    "Check",
    "Fetch",
    "Fetched",
    "Outcome",
    "Report",
    "verify",
]


def verify(
    source: str | bytes,
    fetch: Fetch,
    *,
    now: datetime,
    addresses: Iterable[str] = (),
    known: Mapping[str, Document] | None = None,
    contexts: Contexts | None = None,
) -> Report:
    """Check a badge of any version and form.

    `source` is an address, a JSON document, a compact JWS, or the bytes of a picture, document or token. `fetch` reads
    the addresses that the badge names; whatever it refuses makes a check not possible, never an error. `now` is an
    aware time; `addresses` are the e-mail addresses the badge may have been given to; `known` holds documents, by
    address or DID, that are taken from here instead of being fetched; `contexts` are the JSON-LD contexts that
    signatures may rest on, by default those of the library's own folder. Never raises for what a badge contains.
    """
    visits = Visits(fetch, known or {})
    case = Case(
        received=Received(),
        visits=visits,
        now=now,
        addresses=tuple(addresses),
        given_contexts=contexts,
    )
    try:
        _examine(case, source)
    except Stop:
        pass
    except Unreadable as error:
        case.failed("structure", "structure.unreadable", reason=error.words)
    return case.report()


def _examine(case: Case, source: str | bytes) -> None:
    case.received = receive(source)
    if case.received.address:
        _follow(case)
    document = case.received.document
    if case.received.token:
        case.token = read_token(case.received.token)
        document = case.token.payload
    standard = standard_of(document) if document is not None else None
    if document is None or standard is None:
        case.failed("structure", "structure.unknown")
        raise Stop
    case.document = document
    standard.examine(case, document)


def _follow(case: Case) -> None:
    """Read the address that was handed in, and go on with what stands there."""
    address = case.address = case.received.address
    try:
        answer = case.visits.answer(address, ACCEPT_BADGE)
    except CannotFetch as error:
        case.not_possible("hosted", "hosted.unreachable", url=address, reason=error.words)
        raise Stop from error
    if answer.status == GONE:
        revoked(case, _stub(answer.body))
        raise Stop
    if answer.status != OK:
        case.failed("hosted", "hosted.gone", url=address, status=answer.status)
        raise Stop
    try:
        received = receive(answer.body)
    except Unreadable as error:
        case.failed("hosted", "hosted.broken", url=address, reason=error.words)
        raise Stop from error
    if received.address:
        case.failed("structure", "structure.unknown")
        raise Stop
    case.received = received
    if received.document is not None and received.document.get("revoked") is True:
        revoked(case, received.document)
        raise Stop


def _stub(body: bytes) -> Document:
    try:
        return read_document(body)
    except Unreadable:
        return {}
