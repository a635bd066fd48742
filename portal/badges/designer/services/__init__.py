"""What can be done with badge designs."""

from __future__ import annotations

from portal.badges.designer.providers import Use, UseProvider, set_use_provider
from portal.badges.designer.services.brand import brand_colours, save_brand_colours
from portal.badges.designer.services.designs import (
    Outdated,
    Saving,
    clone,
    create,
    design_by_public_id,
    document_of,
    history,
    keep_for_picture,
    newest,
    rename,
    restore,
    save,
    use_for_path,
    version_of,
)
from portal.badges.designer.services.library import archive, search, unarchive, uses_by_design
from portal.badges.designer.services.uploads import document_of_picture

__all__ = [
    "Outdated",
    "Saving",
    "Use",
    "UseProvider",
    "archive",
    "brand_colours",
    "clone",
    "create",
    "design_by_public_id",
    "document_of",
    "document_of_picture",
    "history",
    "keep_for_picture",
    "newest",
    "rename",
    "restore",
    "save",
    "save_brand_colours",
    "search",
    "set_use_provider",
    "unarchive",
    "use_for_path",
    "uses_by_design",
    "version_of",
]
