"""What an examination found: a list of checks, and what the badge says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from portal.openbadges.errors import Translate, Words
from portal.openbadges.examining.texts import CHECKS, FINDINGS

if TYPE_CHECKING:
    from datetime import datetime

    from portal.openbadges.documents import Document
    from portal.openbadges.model import Alignment, Evidence


class Outcome(StrEnum):
    """How a check came out."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name (a key of `texts.CHECKS`), how it came out, and what was found (a key of `texts.FINDINGS`)."""

    name: str
    outcome: Outcome
    code: str
    params: dict[str, object]

    @property
    def label(self) -> str:
        """The check's name in English; a caller translates it."""
        return CHECKS[self.name]

    @property
    def text(self) -> str:
        """The finding in English with named placeholders; a caller translates it and fills in `params`."""
        return FINDINGS[self.code]

    @property
    def english(self) -> str:
        """The finding in English, filled in."""
        return self.words

    @property
    def words(self) -> Words:
        """The finding as words that translate themselves."""
        return Words(self.text, **self.params)

    def translated(self, translate: Translate) -> str:
        """Translate the finding and the words in its values; `translate` is called as gettext is."""
        return self.words.translated(translate)


@dataclass(frozen=True, kw_only=True, slots=True)
class BadgeContent:
    """What a badge says of itself, whatever its version. All of it was written by others: escape it."""

    name: str = ""
    description: str = ""
    criteria: str = ""
    criteria_url: str = ""
    image_url: str = ""
    image: bytes = b""
    """The picture's bytes where it was fetched and is a PNG or SVG."""
    image_type: str = ""
    image_alt: str = ""
    issuer_id: str = ""
    issuer_name: str = ""
    issuer_url: str = ""
    issuer_email: str = ""
    issuer_description: str = ""
    issuer_image_url: str = ""
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    narrative: str = ""
    evidence: tuple[Evidence, ...] = ()
    tags: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    language: str = ""
    achievement_type: str = ""
    results: tuple[str, ...] = ()
    badge_id: str = ""
    """The badge class or achievement; of an endorsement, what it endorses."""
    endorsements: tuple[Document, ...] = ()
    """Endorsements that came along, not checked: hand each to `verify` before it is shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The outcome of `verifying.verify`."""

    checks: tuple[Check, ...]
    badge: BadgeContent | None = None
    standard: str = ""
    """`1.0`, `1.1`, `2.0` or `3.0`; empty where nothing was recognised."""
    form: str = ""
    """`hosted`, `signed`, `data-integrity` or `jwt`."""
    address: str = ""
    """The assertion's own address or identifier."""
    recipient: str = ""
    """Which of the given e-mail addresses the badge was given to."""
    document: Document | None = None
    """The assertion or credential as it was received."""
    badge_class: Document | None = None
    issuer: Document | None = None
    token: str = ""
    """The compact JWS, where it came as one."""

    @property
    def outcome(self) -> Outcome:
        """Failed if any check failed; passed if all that were asked for passed; else not possible."""
        asked = [check.outcome for check in self.checks if check.code != "recipient.not_asked"]
        if Outcome.FAILED in asked or not asked:
            return Outcome.FAILED
        return Outcome.NOT_POSSIBLE if Outcome.NOT_POSSIBLE in asked else Outcome.PASSED

    @property
    def valid(self) -> bool:
        """Whether every check that was asked for passed."""
        return self.outcome is Outcome.PASSED

    @property
    def revoked(self) -> bool:
        """Whether the issuer has revoked the badge."""
        return self.has("status.revoked", "status.revoked_because", "status.suspended")

    @property
    def expired(self) -> bool:
        """Whether the badge's time is over."""
        return self.has("dates.expired")

    def check(self, name: str) -> Check | None:
        """Return the check of this name, if it was made."""
        return next((check for check in self.checks if check.name == name), None)

    def has(self, *codes: str) -> bool:
        """Whether one of these findings was made."""
        return any(check.code in codes for check in self.checks)
