"""Administration, System: how the portal is, and what to do where something is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.admin import services
from portal.admin.blueprint import bp
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/administration/system")
@requires(Permission.ADMIN_SYSTEM)
def system() -> ResponseReturnValue:
    """Show facts, numbers and checks; never a secret."""
    return page("admin/system.html", checks=services.checks(), facts=services.facts(), figures=services.figures())
