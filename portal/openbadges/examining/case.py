"""One examination while it goes on: what was asked, what was found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from portal.openbadges.examining.report import BadgeContent, Check, Outcome, Report

if TYPE_CHECKING:
    from datetime import datetime

    from portal.openbadges.documents import Document
    from portal.openbadges.examining.fetching import Visits
    from portal.openbadges.examining.receiving import Received
    from portal.openbadges.keys.tokens import Token
    from portal.openbadges.ob30.contexts import Contexts


class Stop(Exception):
    """Ends an examination after the finding that ends it was recorded."""


@dataclass(kw_only=True, slots=True)
class Case:
    """The state of one examination; each step adds its findings to it."""

    received: Received
    visits: Visits
    now: datetime
    addresses: tuple[str, ...] = ()
    standard: str = ""
    form: str = ""
    address: str = ""
    recipient: str = ""
    document: Document | None = None
    badge_class: Document | None = None
    issuer: Document | None = None
    token: Token | None = None
    """The token whose payload is examined, where it came as one."""
    given_contexts: Contexts | None = None
    """The JSON-LD contexts that signatures may rest on; by default those of the library's own folder."""
    checks: list[Check] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def contexts(self) -> Contexts:
        """The JSON-LD contexts, read when the first signature needs them."""
        from portal.openbadges.ob30.contexts import default_contexts

        return self.given_contexts or default_contexts()

    def passed(self, name: str, code: str, /, **params: object) -> None:
        """Record a check that passed."""
        self.checks.append(Check(name, Outcome.PASSED, code, params))

    def failed(self, name: str, code: str, /, **params: object) -> None:
        """Record a check that failed."""
        self.checks.append(Check(name, Outcome.FAILED, code, params))

    def not_possible(self, name: str, code: str, /, **params: object) -> None:
        """Record a check that could not be made."""
        self.checks.append(Check(name, Outcome.NOT_POSSIBLE, code, params))

    def has(self, name: str) -> bool:
        """Whether a check of this name was recorded already."""
        return any(check.name == name for check in self.checks)

    def report(self) -> Report:
        """Sum up."""
        return Report(
            checks=tuple(self.checks),
            badge=BadgeContent(**self.content) if self.content.get("name") else None,
            standard=self.standard,
            form=self.form,
            address=self.address,
            recipient=self.recipient,
            document=self.document,
            badge_class=self.badge_class,
            issuer=self.issuer,
            token=self.received.token,
        )
