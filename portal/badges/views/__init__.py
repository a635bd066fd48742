"""The pages and public documents of this room."""

from portal.badges.blueprint import bp

__all__ = ["bp"]
