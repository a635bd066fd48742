"""What this room asks of the rooms above: whose path a certificate comes from, and how it is renewed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from portal.accounts.models import Person
from portal.certificates.models import Certificate


@dataclass(frozen=True)
class Renewal:
    """How a certificate is renewed: the address that begins it by POST, or, once `begun`, where it goes on."""

    url: str
    begun: bool


@dataclass(frozen=True, kw_only=True)
class Submission:
    """Reviewed work behind a certificate: what its learner wrote, and the plain text files among what they handed in.

    `key` names it within the certificate, `url` is where the learner sees it, `files` are names with contents.
    """

    key: str
    title: str
    text: str
    url: str
    files: tuple[tuple[str, str], ...] = ()


class EvidenceProvider(Protocol):
    """Knows what was done for a certificate; `app` hands it to `set_evidence_provider`."""

    def evidence_of(self, certificate: Certificate) -> list[Submission]:
        """Return the reviewed work that a certificate was granted for."""


class PathProvider(Protocol):
    """Knows the learning paths; `app` hands it to `set_path_provider`."""

    def instructs(self, person: Person, path_public_id: str) -> bool:
        """Whether a person looks after the learners of a path."""

    def url_of(self, path_public_id: str) -> str | None:
        """Return the address of a path as its learners see it, or None where there is none such."""

    def paths_of(self, person: Person) -> Collection[str] | None:
        """Return the public ids of the paths whose certificates a person looks after; None for all there are."""

    def instructors_of(self, path_public_id: str) -> list[int]:
        """Return the inner numbers of the people who look after the learners of a path."""

    def renewal_of(self, certificate: Certificate) -> Renewal | None:
        """Return how a certificate whose renewal is open is renewed; None where its path cannot be done now."""

    def certificate_replaced(self, old: int, new: int) -> None:
        """Take note that one certificate (inner number) stands in the place of another one."""


class NoPaths:
    """The provider of a portal that has no learning paths."""

    def instructs(self, person: Person, path_public_id: str) -> bool:  # noqa: ARG002
        """Know of nobody."""
        return False

    def url_of(self, path_public_id: str) -> str | None:  # noqa: ARG002
        """Know of no path."""
        return None

    def paths_of(self, person: Person) -> Collection[str] | None:  # noqa: ARG002
        """Know of no path."""
        return ()

    def instructors_of(self, path_public_id: str) -> list[int]:  # noqa: ARG002
        """Know of nobody."""
        return []

    def renewal_of(self, certificate: Certificate) -> Renewal | None:  # noqa: ARG002
        """Renew nothing."""
        return None

    def certificate_replaced(self, old: int, new: int) -> None:
        """Keep nothing that names certificates."""


class NoEvidence:
    """The provider of a portal where no work is reviewed."""

    def evidence_of(self, certificate: Certificate) -> list[Submission]:  # noqa: ARG002
        """Know of none."""
        return []


_provider: PathProvider = NoPaths()
_evidence: EvidenceProvider = NoEvidence()


def set_evidence_provider(provider: EvidenceProvider) -> None:
    """Say who knows what was done for a certificate; called once, by `app`."""
    global _evidence  # noqa: PLW0603 - one provider for the process, handed over at start
    _evidence = provider


def evidence() -> EvidenceProvider:
    """Return who knows what was done for a certificate."""
    return _evidence


def set_path_provider(provider: PathProvider) -> None:
    """Say who knows the learning paths; called once, by `app`."""
    global _provider  # noqa: PLW0603 - one provider for the process, handed over at start
    _provider = provider


def paths() -> PathProvider:
    """Return who knows the learning paths."""
    return _provider
