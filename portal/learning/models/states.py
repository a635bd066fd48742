"""Where things of this room stand, by name."""

from __future__ import annotations

from enum import StrEnum


class PathState(StrEnum):
    """Where a learning path stands as a whole."""

    DRAFT = "draft"
    PUBLISHED = "published"
    INACTIVE = "inactive"


class Visibility(StrEnum):
    """Who sees a published path in the catalogue, or who may join it by themselves."""

    EVERYBODY = "everybody"
    GROUPS = "groups"
    NOBODY = "nobody"


class Status(StrEnum):
    """Where a member stands on a path; whether a certificate is expiring or expired is derived from the certificate."""

    IN_PROGRESS = "in_progress"
    IN_REVIEW = "in_review"
    COMPLETED = "completed"
    FAILED = "failed"
    OVERDUE = "overdue"


class VersionState(StrEnum):
    """Where one version of a path stands: only a draft may change."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"


class RecordState(StrEnum):
    """What became of one step for one member."""

    STARTED = "started"
    WAITING = "waiting"
    RETURNED = "returned"
    FAILED = "failed"
    DONE = "done"


GROUP = "group"
"""What stands as the kind of a step that holds other steps."""
