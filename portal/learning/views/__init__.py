"""The pages of this room: `learning` for learners, `authoring` for instructors."""

from __future__ import annotations

from portal.learning.views import info, learner, members, paths, player, preview, renewing, review, steps
from portal.learning.views.blueprints import authoring, bp

__all__ = ["authoring", "bp", "info", "learner", "members", "paths", "player", "preview", "renewing", "review", "steps"]
