"""What a person was told: the page behind the bell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request
from flask import url_for as address

from portal.accounts.services import current_person
from portal.core import i18n
from portal.core.db import commit
from portal.core.i18n import _
from portal.notices import services
from portal.notices.blueprint import bp
from portal.web.pages import page
from portal.web.paging import page_number, paginate
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.notices.models import Notice

UNREAD = "unread"


@bp.get("/notices")
@requires(Permission.NOTICE_SEE)
def inbox() -> ResponseReturnValue:
    """List what a person was told, the newest first; all of it or what is unread."""
    me = current_person()
    unread = request.args.get("show") == UNREAD
    found = paginate(services.notices_of(me, unread=unread))
    lines = services.lines_of(found.items, me, i18n.language())
    return page("notices/inbox.html", found=found, lines=lines, unread=unread)


@bp.post("/notices/<notice:notice>/open")
@requires(Permission.NOTICE_SEE, "notice")
def open_notice(notice: Notice) -> ResponseReturnValue:
    """Mark a notice as read and lead on to what it is about."""
    services.mark_read(notice)
    commit()
    return redirect(notice.url or address("notices.inbox"), 303)


@bp.post("/notices/<notice:notice>/read")
@requires(Permission.NOTICE_SEE, "notice")
def read_notice(notice: Notice) -> ResponseReturnValue:
    """Mark a notice as read."""
    services.mark_read(notice)
    commit()
    return _back()


@bp.post("/notices/read")
@requires(Permission.NOTICE_SEE)
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    services.mark_all_read(current_person())
    commit()
    flash(_("All notices are marked as read."), "success")
    return redirect(address("notices.inbox"), 303)


def _back() -> ResponseReturnValue:
    """Lead back to the part of the list that was shown."""
    show = UNREAD if request.args.get("show") == UNREAD else None
    number = page_number()
    return redirect(address("notices.inbox", page=number if number > 1 else None, show=show), 303)
