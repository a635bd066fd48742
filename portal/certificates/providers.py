"""What this room asks of the rooms above: whose path a certificate comes from."""

from __future__ import annotations

from typing import Protocol

from portal.accounts.models import Person


class PathProvider(Protocol):
    """Knows the learning paths; `app` hands it to `set_path_provider`."""

    def instructs(self, person: Person, path_public_id: str) -> bool:
        """Whether a person looks after the learners of a path."""

    def url_of(self, path_public_id: str) -> str | None:
        """Return the address of a path as its learners see it, or None where there is none such."""


class NoPaths:
    """The provider of a portal that has no learning paths."""

    def instructs(self, person: Person, path_public_id: str) -> bool:  # noqa: ARG002
        """Know of nobody."""
        return False

    def url_of(self, path_public_id: str) -> str | None:  # noqa: ARG002
        """Know of no path."""
        return None


_provider: PathProvider = NoPaths()


def set_path_provider(provider: PathProvider) -> None:
    """Say who knows the learning paths; called once, by `app`."""
    global _provider  # noqa: PLW0603 - one provider for the process, handed over at start
    _provider = provider


def paths() -> PathProvider:
    """Return who knows the learning paths."""
    return _provider
