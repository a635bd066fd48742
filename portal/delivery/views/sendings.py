"""What a person does about a badge on its way: allow it, open the backpack's window, say what it answered, try again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, redirect, request, url_for
from flask import session as cookie

from portal.accounts.services import current_person
from portal.core.db import commit
from portal.delivery import services
from portal.delivery.blueprint import bp
from portal.delivery.models import Sending, SendingState
from portal.delivery.views.binding import bind
from portal.web.policy import Permission
from portal.web.stamps import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.post("/sendings/<sending:sending>/allow")
@requires(Permission.SENDING_SEE, "sending")
def allow(sending: Sending) -> ResponseReturnValue:
    """Go to the backpack's own consent page."""
    if sending.state != SendingState.NEEDS_PERMISSION:
        return redirect(sending.back_to, 303)
    address, digest = services.begin_consent(
        current_person(), backpack_url=sending.backpack_url, back_to=sending.back_to
    )
    bind(cookie, digest)
    commit()
    return redirect(address, 303)


@bp.post("/sendings/<sending:sending>/hand-over")
@requires(Permission.SENDING_SEE, "sending")
def hand_over(sending: Sending) -> ResponseReturnValue:
    """Open the hand-off page, which knows nothing of the person's session."""
    token = services.hand_over(sending)
    commit()
    return redirect(url_for("delivery.hand_off", token=token), 303)


@bp.post("/sendings/<sending:sending>/confirm")
@requires(Permission.SENDING_SEE, "sending")
def confirm(sending: Sending) -> ResponseReturnValue:
    """Record whether the backpack accepted what was handed over."""
    answer = request.form.get("accepted")
    if answer not in {"yes", "no"}:
        abort(400)
    services.confirm(sending, accepted=answer == "yes")
    commit()
    return redirect(sending.back_to, 303)


@bp.post("/sendings/<sending:sending>/retry")
@requires(Permission.SENDING_SEE, "sending")
def retry(sending: Sending) -> ResponseReturnValue:
    """Send again what was refused or failed, or at once what waits for its next try."""
    if sending.state == SendingState.WAITING:
        services.hurry(sending)
    else:
        services.retry(sending)
    commit()
    return redirect(sending.back_to, 303)
