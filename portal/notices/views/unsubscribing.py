"""The way out of mails, without signing in: the signed link in each of them.

Opening the link shows a page whose button does it. Mail programs that offer the way out themselves post to the same
address (RFC 8058); they cannot carry a CSRF token, and the signature in the address is all that they need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, redirect, request
from flask import url_for as address

from portal.core import i18n
from portal.core.db import commit
from portal.notices import links, services
from portal.notices.blueprint import bp
from portal.notices.models import Cadence
from portal.web import limits
from portal.web.pages import page
from portal.web.stamps import csrf_free, public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.notices.links import Unsubscription

OPENINGS_OF_A_CALLER = "60/minute"


def _private(answer: ResponseReturnValue) -> ResponseReturnValue:
    """Keep the address of a page, which holds a token, from every site that the page links to."""
    response = current_app.make_response(answer)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _found(token: str) -> Unsubscription | None:
    """Return what a token ends, and speak the language of its reader from now on."""
    found = links.read(token)
    if found is not None:
        i18n.speak(found.person.language)
    return found


def _unknown() -> ResponseReturnValue:
    return _private((page("notices/link_unknown.html"), 404))


@bp.get("/notices/unsubscribe/<token>")
@public
@limits.limit("unsubscribe", OPENINGS_OF_A_CALLER)
def unsubscribe(token: str) -> ResponseReturnValue:
    """Ask whether mails shall end; nothing ends by opening the page."""
    found = _found(token)
    if found is None:
        return _unknown()
    return _private(
        page(
            "notices/unsubscribe.html",
            found=found,
            token=token,
            none_at_all=services.stopped(found.person, None),
            stopped=services.stopped(found.person, found.kind),
        )
    )


@bp.post("/notices/unsubscribe/<token>")
@public
@csrf_free
@limits.limit("unsubscribe", OPENINGS_OF_A_CALLER)
def unsubscribe_at_once(token: str) -> ResponseReturnValue:
    """End the mails for a mail program whose reader has clicked there."""
    found = _found(token)
    if found is None:
        return _unknown()
    _stop(found, everything=found.kind is None)
    return _private(("", 204))


@bp.post("/notices/unsubscribe/<token>/confirm")
@public
@limits.limit("unsubscribe", OPENINGS_OF_A_CALLER)
def confirm_unsubscribe(token: str) -> ResponseReturnValue:
    """End mails of one kind, or all, for somebody who has read the page and pressed its button."""
    found = _found(token)
    if found is None:
        return _unknown()
    everything = found.kind is None or request.form.get("what") == links.ALL
    _stop(found, everything=everything)
    return redirect(address("notices.unsubscribe", token=token), 303)


def _stop(found: Unsubscription, *, everything: bool) -> None:
    if everything or found.kind is None:
        services.set_cadence(found.person, Cadence.NEVER)
    else:
        services.stop_kind(found.person, found.kind)
    commit()
