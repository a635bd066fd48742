"""The Issuer API: how another site hands badges over, and the window in which the person decides."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from flask import Response, jsonify, redirect, request, url_for
from flask_login import current_user

from portal.accounts.services import current_person
from portal.backpack import services
from portal.backpack.displaying import origin_of, written
from portal.backpack.receipt import Offer, Problem, handed_over
from portal.backpack.receipt.images import Unusable
from portal.backpack.receipt.offers import INVALID, MALFORMED
from portal.backpack.receipt.visits import Visits
from portal.backpack.views.blueprint import bp
from portal.core.db import commit
from portal.core.i18n import _
from portal.web.headers import pop_up, public_document
from portal.web.limits import limit
from portal.web.pages import page
from portal.web.policy import Permission
from portal.web.stamps import csrf_free, public, requires

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from portal.accounts.models import Person

MOST_AT_ONCE = 12
LONGEST_QUERY = 1_800
OPAQUE = "null"
DENIED, EXISTS = "DENIED", "EXISTS"
_RATE = "60/minute"


@dataclass(frozen=True, kw_only=True)
class Offered:
    """One badge in the window: what was found, and whether it is there already."""

    offer: Offer
    exists: bool = False

    @property
    def reason(self) -> str:
        """Why it cannot be accepted, in the Issuer API's words; an empty text where the person may decide."""
        if self.offer.problem is not None:
            return self.offer.problem.reason
        if not self.offer.recipient:
            return INVALID
        return EXISTS if self.exists else ""


@cache
def _script() -> bytes:
    return (Path(__file__).resolve().parents[1] / "issuer.js").read_bytes()


@bp.get("/issuer.js")
@public
def issuer_script() -> ResponseReturnValue:
    """Send the script that other sites include."""
    return public_document(Response(_script(), content_type="text/javascript; charset=utf-8"))


def _offered(urls: Sequence[str]) -> list[Offered]:
    """Look at every badge that is handed over; the database is let go of while the issuers are asked."""
    person = current_person()
    addresses = services.addresses_of(person)
    commit()
    visits = Visits()
    offers = [handed_over(url, addresses, visits) for url in urls]
    owner = services.owner_of(person)
    return [Offered(offer=offer, exists=_exists(owner, offer)) for offer in offers]


def _exists(owner: Any, offer: Offer) -> bool:
    return offer.received is not None and services.badge_at(owner, offer.received.assertion_url) is not None


def _asked() -> list[str]:
    return list(dict.fromkeys(url.strip() for url in request.values.getlist("assertion") if url.strip()))


def _opener() -> str:
    """Return the origin that opened the window: the result is sent to it alone."""
    asked = request.values.get("opener", "")
    return OPAQUE if asked == OPAQUE else origin_of(asked)


def _result(errors: list[dict[str, str]], successes: list[str]) -> str:
    return json.dumps({"type": "openbadges.issued", "errors": errors, "successes": successes})


def _errors_of(offered: Sequence[Offered]) -> list[dict[str, str]]:
    return [{"assertion": each.offer.url, "reason": each.reason} for each in offered if each.reason]


@bp.route("/issuer/window", methods=["GET"])
@requires(Permission.BACKPACK_USE)
@pop_up
@limit("backpack-window", _RATE)
def issuer_window() -> ResponseReturnValue:
    """Show the badges that another site hands over, and ask about each."""
    urls = _asked()
    if not urls or len(urls) > MOST_AT_ONCE:
        return page("backpack/nothing_handed_over.html", too_many=bool(urls), most=MOST_AT_ONCE), 400
    offered = _offered(urls)
    open_ones = [each for each in offered if not each.reason]
    return page(
        "backpack/window.html",
        offered=offered,
        single=len(open_ones) == 1,
        undecided=bool(open_ones),
        opener=_opener(),
        addresses=services.addresses_of(current_person()),
        result=None if open_ones else _result(_errors_of(offered), []),
    )


@bp.route("/issuer/window", methods=["POST"])
@requires(Permission.BACKPACK_USE)
@pop_up
@limit("backpack-window", _RATE)
def issuer_decided() -> ResponseReturnValue:
    """Receive what the person accepted; say so to the site that opened the window."""
    urls = _asked()[:MOST_AT_ONCE]
    declined = {url for number, url in enumerate(urls) if request.form.get(f"decision-{number}") != "accept"}
    offered = _offered([url for url in urls if url not in declined])
    person = current_person()
    accepted, refused = [], [{"assertion": url, "reason": DENIED} for url in urls if url in declined]
    for each in offered:
        reason = each.reason or _keep(person, each.offer)
        if reason:
            refused.append({"assertion": each.offer.url, "reason": reason})
        else:
            accepted.append(each.offer)
    commit()
    return page(
        "backpack/decided.html",
        accepted=accepted,
        refused=refused,
        problems={each.offer.url: each.offer for each in offered},
        opener=_opener(),
        result=_result(refused, [offer.url for offer in accepted]),
    )


def _keep(person: Person, offer: Offer) -> str:
    """Put a badge into the backpack; return why not, in the Issuer API's words."""
    assert offer.received is not None
    try:
        _badge, new = services.keep(person, offer.received, offer.recipient)
    except Unusable as error:
        return error.reason
    return "" if new else EXISTS


@bp.route("/issuer/frameless", methods=["POST"])
@public
@csrf_free
@limit("backpack-frameless", _RATE)
def issuer_frameless() -> ResponseReturnValue:
    """Take over what a plain form of another site hands over: nothing happens but that the window's question is asked.

    The answer touches no session (the browser sent none along), and the question asks for sign-in where it is needed.
    """
    urls = [url for value in request.form.getlist("assertions") for url in _urls_in(value)]
    fitting: list[str] = []
    for url in dict.fromkeys(urls):
        if len(urlencode([("assertion", each) for each in [*fitting, url]])) > LONGEST_QUERY:
            break
        fitting.append(url)
    return redirect(url_for("backpack.issuer_window", assertion=fitting[:MOST_AT_ONCE]), 303)


def _urls_in(value: str) -> list[str]:
    """Read one field: an address, or a JSON list of addresses."""
    value = value.strip()
    if value.startswith("["):
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            return []
        return [url.strip() for url in found if isinstance(url, str) and url.strip()]
    return [value] if value else []


@bp.route("/issuer/assertion", methods=["GET", "POST"])
@public
@limit("backpack-assertion", _RATE)
def issuer_assertion() -> ResponseReturnValue:
    """Look at one assertion (GET), or receive it (POST), for whoever is signed in."""
    if not current_user.is_authenticated:
        return jsonify(message=_("You are not signed in."), code="signed-out", extra=None), 403
    url = request.values.get("assertion", "").strip()
    if not url:
        return _fault(Problem(reason=MALFORMED, code="input", message=_("The parameter `assertion` is missing.")))
    [found] = _offered([url])
    offer = found.offer
    if offer.problem is not None or offer.received is None:
        return _fault(offer.problem)
    document = document_of(offer)
    if request.method == "GET":
        answer = {"exists": found.exists, "badge": document, "recipient": offer.recipient or False}
        return jsonify(answer | ({"owner": True} if offer.recipient else {}))
    if not offer.recipient:
        return jsonify(message=_("This badge was given to somebody else."), code="recipient", extra=None), 403
    if found.exists:
        return Response(status=304)
    reason = _keep(current_person(), offer)
    commit()
    if reason == EXISTS:
        return Response(status=304)
    return _fault(None) if reason else (jsonify(exists=False, badge=document), 201)


def _fault(problem: Problem | None) -> ResponseReturnValue:
    code = problem.code if problem else "resources"
    message = problem.message if problem else _("The badge's picture is damaged.")
    return jsonify(message=message, code=code, extra=problem.reason if problem else None), 400


def document_of(offer: Offer) -> dict[str, Any]:
    """Return an offered assertion as this backpack would show it."""
    received = offer.received
    assert received is not None
    return written(
        assertion=received.assertion,
        badge_class=received.badge_class,
        issuer=received.issuer,
        url=received.assertion_url,
        uid=received.uid,
    )


def host_shown(origin: str) -> str:
    """Return the host of an origin as a person reads it."""
    return urlsplit(origin).netloc if origin != OPAQUE else ""
