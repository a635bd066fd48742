"""Certificate templates: the list, and the page on which one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from portal.certificates.blueprint import bp
from portal.certificates.design import services
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PER_PAGE = 24
MOST_SEARCHED = 200


@bp.get("/authoring/certificate-templates")
@requires(Permission.CERTIFICATE_TEMPLATES)
def templates() -> ResponseReturnValue:
    """Show the templates of the organisation, searched."""
    text = request.args.get("q", "").replace("\x00", "")[:MOST_SEARCHED].strip()
    archived = request.args.get("show") == "archived"
    found = paginate(services.templates(text=text, archived=archived), per_page=PER_PAGE)
    return page("certificates/templates.html", templates=found, text=text, archived=archived)
