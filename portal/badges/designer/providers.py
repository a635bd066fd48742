"""What the designer asks of the rooms above: where a picture is used, and to make it the picture of a learning path."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from portal.accounts.models import Person


@dataclass(frozen=True)
class Use:
    """A place that shows a badge: its title, its address, and whether it is published."""

    title: str
    url: str
    published: bool = False


class UseProvider(Protocol):
    """Knows the places that use pictures of the designer; `app` hands it to `set_use_provider`."""

    def uses_of(self, picture_keys: Collection[str]) -> dict[str, list[Use]]:
        """Return the places of each picture key, newest first; a key without a place may be left out."""

    def title_of(self, path_public_id: str, person: Person) -> str | None:
        """Return the title of a path that the person may edit; None where there is none such."""

    def apply(self, path_public_id: str, picture_key: str, alt_text: str, person: Person) -> str:
        """Make a stored picture the path's picture and return the address of the path's Info; raise Refused."""


class NoUses:
    """The provider of a portal that has no learning paths."""

    def uses_of(self, picture_keys: Collection[str]) -> dict[str, list[Use]]:  # noqa: ARG002
        """Know of no place."""
        return {}

    def title_of(self, path_public_id: str, person: Person) -> str | None:  # noqa: ARG002
        """Know of no path."""
        return None

    def apply(self, path_public_id: str, picture_key: str, alt_text: str, person: Person) -> str:  # noqa: ARG002
        """Refuse: there is no path."""
        raise LookupError(path_public_id)


_provider: UseProvider = NoUses()


def set_use_provider(provider: UseProvider) -> None:
    """Say who knows where badges are used; called once, by `app`."""
    global _provider  # noqa: PLW0603 - one provider for the process, handed over at start
    _provider = provider


def uses() -> UseProvider:
    """Return who knows where badges are used."""
    return _provider
