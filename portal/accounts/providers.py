"""What this room asks of the rooms above: who goes by the groups that people are in, and what goes with a person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from portal.accounts.models import Person


class GroupFollower(Protocol):
    """Goes by groups, as learning paths do whose members come from them; `app` hands it to `set_group_follower`."""

    def group_changed(self, group_id: int, person_ids: Collection[int]) -> None:
        """Hear that people (inner numbers) came to a group or left it; asked in the transaction of the change, before its end."""

    def uses_of(self, group_id: int) -> list[str]:
        """Return what goes by a group, by title: while there is any, the group cannot be deleted."""


class NoFollower:
    """The follower of a portal in which nothing goes by groups."""

    def group_changed(self, group_id: int, person_ids: Collection[int]) -> None:
        """Do nothing."""

    def uses_of(self, group_id: int) -> list[str]:  # noqa: ARG002
        """Know of none."""
        return []


_follower: GroupFollower = NoFollower()


def set_group_follower(follower: GroupFollower) -> None:
    """Say who goes by groups; called once, by `app`."""
    global _follower  # noqa: PLW0603 - one provider for the process, handed over at start
    _follower = follower


def follower() -> GroupFollower:
    """Return who goes by groups."""
    return _follower


class Erasure(Protocol):
    """Forgets a person in one room; the modules `erasing` of the rooms are such, `app` hands them to `set_erasures`."""

    def obstacles(self, person: Person) -> list[str]:
        """Return what has to be handed over before a person can be erased, each by its title."""

    def forget(self, person: Person, *, revoke_badges: bool) -> Iterable[str]:
        """Take a person out of the room's rows that do not go with the person's own, and return keys of their files.

        Asked in one transaction, before the row of the person is deleted. `revoke_badges` ends what they were given.
        """


_erasures: tuple[Erasure, ...] = ()


def set_erasures(erasures: tuple[Erasure, ...]) -> None:
    """Say which rooms forget a person, the uppermost first; called once, by `app`."""
    global _erasures  # noqa: PLW0603 - handed over once, at start
    _erasures = erasures


def erasures() -> tuple[Erasure, ...]:
    """Return the rooms that forget a person."""
    return _erasures
