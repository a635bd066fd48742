"""What this room asks of the rooms above: who goes by the groups that people are in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


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
