"""Permissions at backpacks: the list, taking one back, and the way back from a backpack's consent page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import flash, redirect, request, url_for
from flask import session as cookie
from flask_login import current_user

from portal.accounts.services import current_person
from portal.core import ids
from portal.core.db import commit
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.delivery import services
from portal.delivery.blueprint import bp
from portal.delivery.models import Connection
from portal.delivery.views.binding import is_bound, unbind
from portal.web.pages import page
from portal.web.paging import paginate
from portal.web.policy import Permission
from portal.web.stamps import callback, requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/backpacks")
@requires(Permission.CONNECTION_MANAGE)
def connections() -> ResponseReturnValue:
    """Show what is allowed where, since when, and how to take it back."""
    return page(
        "delivery/connections.html",
        connections=paginate(services.connections_of(current_person())),
        offered=services.offered(),
        host=lambda url: urlsplit(url).netloc,
    )


@bp.post("/backpacks/<connection:connection>/disconnect")
@requires(Permission.CONNECTION_MANAGE, "connection")
def disconnect(connection: Connection) -> ResponseReturnValue:
    """Forget the tokens of a connection."""
    services.withdraw(connection)
    commit()
    flash(
        _(
            "Disconnected. This portal puts no badges there any more. To withdraw the permission in the backpack too, "
            "open the backpack's list of allowed portals."
        ),
        "success",
    )
    return redirect(url_for("delivery.connections"), 303)


@bp.get("/backpacks/return/<nonce>")
@callback
def returned(nonce: str) -> ResponseReturnValue:
    """Take a person back from a backpack's consent page; whatever comes of it, the tokens leave the address bar."""
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in", next=url_for("delivery.connections")), 303)
    if not is_bound(cookie, ids.digest(nonce)):
        return _begin_again()
    unbind(cookie, ids.digest(nonce))
    person = current_person()
    try:
        asked, connection = services.finish_consent(person, nonce, request.args)
    except services.Denied as denied:
        asked = denied.args[0]
        services.deny(person.id, asked.backpack_url)
        commit()
        flash(_("The backpack was not allowed to be connected. Nothing was sent."), "warning")
        return redirect(asked.back_to, 303)
    except Refused:
        return _begin_again()
    services.permit(person.id, connection.backpack_url)
    commit()
    return redirect(asked.back_to, 303)


def _begin_again() -> ResponseReturnValue:
    flash(_("This way back from the backpack was used before or is too old. Begin again with Allow."), "warning")
    return redirect(url_for("delivery.connections"), 303)
