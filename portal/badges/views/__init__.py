"""The pages and public documents of this room."""

from portal.badges.blueprint import bp
from portal.badges.views import public

__all__ = ["bp", "public"]
