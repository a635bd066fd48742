"""A quiz: questions that the portal marks itself."""

from __future__ import annotations

from portal.learning.goals.quiz.kind import Quiz

__all__ = ["Quiz"]
