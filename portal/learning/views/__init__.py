"""The pages of this room: `learning` for learners, `authoring` for instructors."""

from __future__ import annotations

from portal.learning.views import learner, player
from portal.learning.views.blueprints import authoring, bp

__all__ = ["authoring", "bp", "learner", "player"]
