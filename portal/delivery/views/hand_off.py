"""The hand-off page: the one place where a foreign backpack's script runs, in a sandbox and without any session.

Its address is a token of its own. The content security policy puts the page into an origin of its own, so that the script
can read nothing of the portal; the answer that it brings is posted back with the token, without cookies or CSRF token.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import abort, make_response, request

from portal.badges import services as badges
from portal.core.db import commit
from portal.core.settings import absolute, settings
from portal.delivery import services
from portal.delivery.blueprint import bp
from portal.web.headers import allow_opener, replace_policy
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.stamps import csrf_free, public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_BYTES = 20_000


def _policy(backpack: str) -> str:
    own = settings().origin
    return "; ".join(
        (
            "sandbox allow-scripts allow-popups allow-forms allow-popups-to-escape-sandbox",
            "default-src 'none'",
            f"script-src {own} {backpack}",
            f"style-src {own} {backpack} 'unsafe-inline'",
            f"img-src {own} {backpack} data:",
            f"font-src {own} {backpack} data:",
            f"connect-src {own} {backpack}",
            f"frame-src {backpack}",
            f"form-action {backpack}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


@bp.get("/hand-off/<token>")
@public
def hand_off(token: str) -> ResponseReturnValue:
    """Load the backpack's issuer.js and let it ask; without scripts, a plain form leads to the backpack's own page."""
    found = services.hand_off_of(token)
    if found is None:
        abort(404)
    sending = found.sending
    replace_policy(_policy(services.origin_of(sending.backpack_url)))
    allow_opener()
    answer = make_response(
        page(
            "delivery/hand_off.html",
            sending=sending,
            assertion_url=badges.assertion_v1_url(sending.award),
            answer_url=absolute(f"/hand-off/{token}/answer"),
        )
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.post("/hand-off/<token>/answer")
@public
@csrf_free
@limit("hand-off", "60/minute")
def hand_off_answer(token: str) -> ResponseReturnValue:
    """Record what the backpack's script told the page, once."""
    said = request.get_data(cache=False) if (request.content_length or 0) <= MOST_BYTES else b""
    try:
        answer = json.loads(said)
    except (ValueError, RecursionError):
        abort(400)
    recorded = services.record_answer(token, answer)
    commit()
    return ("", 204) if recorded else ("", 404)
