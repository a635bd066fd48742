"""The pages of this room: `learning` for learners, `authoring` for instructors."""

from __future__ import annotations

from portal.learning.views import badge, groups, info, learner, members, paths, player, preview, renewing, review, steps
from portal.learning.views.blueprints import authoring, bp

__all__ = [
    "authoring",
    "badge",
    "bp",
    "groups",
    "info",
    "learner",
    "members",
    "paths",
    "player",
    "preview",
    "renewing",
    "review",
    "steps",
]
