"""Paths and members for the tests of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.badges import services as badges
from portal.core import pictures
from portal.core.db import commit
from portal.learning import services
from tests.conftest import picture_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.models import Person
    from portal.learning.models import LearningPath, Membership


@pytest.fixture
def issuer(app: Any) -> None:
    """Set the issuer up, so that badges can be earned."""
    badges.save_issuer(name="Green Academy", url="https://academy.example", email="badges@academy.example")
    commit()


def png_key(colour: str = "#2a6f4e") -> str:
    """Store a plain PNG and return its key."""
    return pictures.keep(pictures.check(picture_bytes("PNG", (256, 256), colour)))


@pytest.fixture
def make_path(person: Callable[..., Person]) -> Callable[..., LearningPath]:
    """Return a maker of paths: `make_path(owner, steps=["page", "confirmation"], publish=True, title=…)`; committed."""

    def make(
        owner: Person | None = None,
        *,
        steps: tuple[str, ...] = ("page", "page"),
        publish: bool = True,
        **info: Any,
    ) -> LearningPath:
        path = services.create_path(owner or person("instructor"), services.Info(**{"title": "Data literacy", **info}))
        for number, kind in enumerate(steps, start=1):
            content = {"text": f"Read this, part {number}."} if kind == "page" else {"task": "Show it to somebody."}
            services.add_step(path, kind, title=f"Step {number}", content=content, minutes=10 * number)
        if publish:
            services.publish(path)
        commit()
        return path

    return make


def do_all(membership: Membership) -> None:
    """Do every step of the kind that needs nobody else; committed."""
    for step in list(membership.version.steps):
        services.hand_in(membership, step.key)
    commit()
