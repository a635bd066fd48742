"""Backpack Connect, the portal's side: pushing a badge, asking for the identity, renewing tokens."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request

from portal.backpack import services
from portal.backpack.displaying import origin_of
from portal.backpack.receipt import Offer, handed_over
from portal.backpack.receipt.images import Unusable
from portal.backpack.views.blueprint import bp
from portal.backpack.views.issuer import document_of
from portal.core.clock import now
from portal.core.db import commit
from portal.openbadges.documents import identity_hash
from portal.web.limits import limit
from portal.web.stamps import csrf_free, public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.accounts.models import Person
    from portal.backpack.models import PortalGrant

REALM = "backpack"
_RATE = "120/minute"


class Refusal(Exception):
    """A request that is not let in, with its answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def _unauthorised(error: str, text: str) -> Refusal:
    response = jsonify(message=text, code=error, extra=None)
    response.status_code = 401
    response.headers["WWW-Authenticate"] = f'Bearer realm="{REALM}", error="{error}", error_description="{text}"'
    return Refusal(response)


def _bearer() -> str:
    kind, _space, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not value:
        raise _unauthorised("invalid_request", "access token expected")
    try:
        return base64.b64decode(value.strip(), validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise _unauthorised("invalid_token", "Unknown access token") from error


def _grant(scope: str) -> tuple[PortalGrant, Person]:
    """Return the grant that the request's token stands for, and whose backpack it opens."""
    grant = services.by_access_token(_bearer())
    person = services.holder_of(grant) if grant else None
    if grant is None or person is None:
        raise _unauthorised("invalid_token", "The access token is unknown or expired")
    if scope not in grant.scopes.split(","):
        raise _unauthorised("insufficient_scope", f"Scope '{scope}' is required")
    return grant, person


def _body() -> dict[str, Any]:
    sent = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    return sent if isinstance(sent, dict) else {}


def _refused(status: int, code: str, message: str, extra: str | None = None) -> Response:
    response = jsonify(message=message, code=code, extra=extra)
    response.status_code = status
    return response


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/api/issue")
@public
@csrf_free
@limit("backpack-push", _RATE)
def connect_issue() -> ResponseReturnValue:
    """Receive a badge that an allowed portal pushes."""
    try:
        grant, person = _grant("issue")
    except Refusal as refusal:
        return refusal.response
    url = _body().get("badge")
    if not isinstance(url, str) or not url.strip():
        return _refused(400, "input", "The parameter `badge` is missing.")
    addresses, origin = services.addresses_of(person), grant.origin
    # The issuer is asked without a transaction; what was allowed is looked at again afterwards.
    commit()
    offer = handed_over(url.strip(), addresses)
    problem = _objection(offer, origin)
    if problem is not None:
        return problem
    try:
        grant, person = _grant("issue")
    except Refusal as refusal:
        return refusal.response
    return _receive(grant, person, offer)


def _objection(offer: Offer, origin: str) -> Response | None:
    if offer.problem is not None or offer.received is None:
        code, message = (offer.problem.code, offer.problem.message) if offer.problem else ("parse", "no badge")
        return _refused(400, code, message, offer.problem.reason if offer.problem else None)
    if origin_of(str(offer.received.issuer.get("url", ""))) != origin:
        return _refused(403, "origin", "The badge's issuer is not the portal that was allowed.", "INVALID")
    if not offer.recipient:
        return _refused(403, "recipient", "The badge was given to somebody else.", "INVALID")
    return None


def _receive(grant: PortalGrant, person: Person, offer: Offer) -> Response:
    assert offer.received is not None
    grant.last_used_at = now()
    if offer.recipient not in services.addresses_of(person):
        commit()
        return _refused(403, "recipient", "The badge was given to somebody else.", "INVALID")
    try:
        _badge, new = services.keep(person, offer.received, offer.recipient)
    except Unusable as error:
        return _refused(400, error.code, str(error), error.reason)
    commit()
    if not new:
        return Response(status=304)
    response = jsonify(exists=False, badge=document_of(offer))
    response.status_code = 201
    return _private(response)


@bp.get("/api/identity")
@public
@limit("backpack-push", _RATE)
def connect_identity() -> ResponseReturnValue:
    """Say to an allowed portal whose backpack this is: the hash of the primary verified address, without a salt."""
    try:
        _granted, person = _grant("issue")
    except Refusal as refusal:
        return refusal.response
    addresses = services.addresses_of(person)
    if not addresses:
        return _refused(404, "missing", "There is no verified address.")
    return _private(jsonify(identity=identity_hash(addresses[0], ""), type="email", hashed=True))


@bp.post("/api/token")
@public
@csrf_free
@limit("backpack-token", _RATE)
def connect_token() -> ResponseReturnValue:
    """Exchange a refresh token for a new pair of tokens."""
    sent = _body()
    if sent.get("grant_type") != "refresh_token":
        return _refused(400, "unsupported_grant_type", "invalid grant_type")
    token = sent.get("refresh_token")
    tokens = services.refresh_tokens(token) if isinstance(token, str) and token else None
    commit()
    if tokens is None:
        return _refused(400, "invalid_grant", "invalid refresh_token")
    return _private(
        jsonify(
            access_token=tokens.access,
            refresh_token=tokens.refresh,
            expires=tokens.expires,
            token_type="Bearer",  # noqa: S106
        )
    )
