"""What this room asks of the rooms above: whose awards are whose to take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import literal, select

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.accounts.models import Person


class AwardKeepers(Protocol):
    """Knows who looks after the awards of which reasons; `app` hands it to `set_award_keepers`."""

    def sources_kept_by(self, person: Person) -> Select[Any]:
        """Return a SELECT of the sources ("certificate:<public id>") whose awards a person looks after."""


class NoKeepers:
    """The provider of a portal where nobody but administrators looks after awards."""

    def sources_kept_by(self, person: Person) -> Select[Any]:  # noqa: ARG002
        """Know of none."""
        return select(literal("")).where(literal(0) == 1)


_keepers: AwardKeepers = NoKeepers()


def set_award_keepers(keepers: AwardKeepers) -> None:
    """Say who looks after awards; called once, by `app`."""
    global _keepers  # noqa: PLW0603 - one provider for the process, handed over at start
    _keepers = keepers


def sources_kept_by(person: Person) -> Select[Any]:
    """Return a SELECT of the sources whose awards a person looks after."""
    return _keepers.sources_kept_by(person)
