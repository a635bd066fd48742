"""The badge standards that this library speaks. A new one is one module with a class, and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from portal.openbadges.ob11.standard import OpenBadges1
from portal.openbadges.ob20.standard import OpenBadges2
from portal.openbadges.ob30.standard import OpenBadges3

if TYPE_CHECKING:
    from portal.openbadges import model
    from portal.openbadges.documents import Document
    from portal.openbadges.examining.case import Case


class BadgeStandard(Protocol):
    """One version of the standard."""

    name: str
    """The version that is composed, for example `2.0`."""
    keyword: str
    """The keyword under which its badges stand in a picture."""

    def recognises(self, document: Document) -> bool:
        """Whether a document is an assertion or credential of this standard. Never raises."""
        ...

    def compose(self, assertion: model.Assertion) -> Document:
        """Compose an assertion, unsigned."""
        ...

    def examine(self, case: Case, document: Document) -> None:
        """Add every check to the case; may raise `Stop` after recording why nothing more can be said."""
        ...


STANDARDS: tuple[BadgeStandard, ...] = (
    OpenBadges3(),
    OpenBadges2(),
    OpenBadges1(),
)


def standard_of(document: Document) -> BadgeStandard | None:
    """Find the standard that recognises a document."""
    return next((standard for standard in STANDARDS if standard.recognises(document)), None)
