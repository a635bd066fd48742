"""What this room asks of the rooms above: whose awards are whose to take back, and which badges are whose to give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import literal, select

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.accounts.models import Person


@dataclass(frozen=True, kw_only=True)
class Givable:
    """A badge that somebody may give: its series, the title of what it stands for, what it says now, and until when."""

    series: str
    title: str
    badge_class_id: int
    valid_until: datetime | None = None


class AwardKeepers(Protocol):
    """Knows who looks after the awards of which reasons; `app` hands it to `set_award_keepers`."""

    def sources_kept_by(self, person: Person) -> Select[Any]:
        """Return a SELECT of the sources ("certificate:<public id>") whose awards a person looks after."""

    def keeps(self, person: Person, series: str) -> bool:
        """Whether a person looks after the badges of a series."""

    def givable_by(self, person: Person) -> list[Givable]:
        """Return the badges that a person may give to others, by title."""

    def entitled(self, series: str) -> Select[Any]:
        """Return a SELECT of who may have a badge of a series by what they did, one row a person.

        Its columns are `person_id`, `badge_class_id`, `source`, `evidence_url` and `expires_at`.
        """


class NoKeepers:
    """The provider of a portal where nobody but administrators looks after awards."""

    def sources_kept_by(self, person: Person) -> Select[Any]:  # noqa: ARG002
        """Know of none."""
        return select(literal("")).where(literal(0) == 1)

    def keeps(self, person: Person, series: str) -> bool:  # noqa: ARG002
        """Know of nobody."""
        return False

    def givable_by(self, person: Person) -> list[Givable]:  # noqa: ARG002
        """Know of none."""
        return []

    def entitled(self, series: str) -> Select[Any]:  # noqa: ARG002
        """Know of nobody."""
        names = ("person_id", "badge_class_id", "source", "evidence_url", "expires_at")
        nothing: list[Any] = [literal(None).label(name) for name in names]
        return select(*nothing).where(literal(0) == 1)


_keepers: AwardKeepers = NoKeepers()


def set_award_keepers(keepers: AwardKeepers) -> None:
    """Say who looks after awards; called once, by `app`."""
    global _keepers  # noqa: PLW0603 - one provider for the process, handed over at start
    _keepers = keepers


def keepers() -> AwardKeepers:
    """Return who knows whose awards are whose."""
    return _keepers


def sources_kept_by(person: Person) -> Select[Any]:
    """Return a SELECT of the sources whose awards a person looks after."""
    return _keepers.sources_kept_by(person)
