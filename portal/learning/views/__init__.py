"""The pages of this room: `learning` for learners, `authoring` for instructors."""

from __future__ import annotations

from portal.learning.views import (
    audience,
    badge,
    categories,
    life,
    settings,
    versions,
    granting,
    groups,
    info,
    learner,
    member_detail,
    members,
    messages,
    paths,
    player,
    preview,
    renewing,
    review,
    steps,
    submissions,
)
from portal.learning.views.blueprints import authoring, bp

__all__ = [
    "audience",
    "authoring",
    "badge",
    "bp",
    "categories",
    "life",
    "settings",
    "versions",
    "granting",
    "groups",
    "info",
    "learner",
    "member_detail",
    "members",
    "messages",
    "paths",
    "player",
    "preview",
    "renewing",
    "review",
    "steps",
    "submissions",
]
