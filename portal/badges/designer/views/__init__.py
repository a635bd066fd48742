"""The pages of the badge library and the designer."""

from portal.badges.designer.views import brand, editor, files, library
from portal.badges.designer.views.blueprint import bp

__all__ = ["bp", "brand", "editor", "files", "library"]
