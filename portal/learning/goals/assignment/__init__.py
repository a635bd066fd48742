"""An assignment: text and files that an instructor looks at."""

from __future__ import annotations

from portal.learning.goals.assignment.kind import Assignment

__all__ = ["Assignment"]
