"""The Displayer API: what anybody may read, by e-mail address and number, of collections that are public."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request
from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.services import person_by_address
from portal.backpack import services
from portal.backpack.displaying import displayed
from portal.backpack.models import BackpackOwner, Collection
from portal.backpack.views.blueprint import bp
from portal.core.db import session
from portal.web.limits import limit
from portal.web.stamps import csrf_free, public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

LARGEST = 2**53 - 1
LONGEST_EMAIL = 320
_FUNCTION = re.compile(r"[A-Za-z_$][\w$]{0,63}(?:\.[A-Za-z_$][\w$]{0,63}){0,4}", re.ASCII)
_READ = "240/minute"


@bp.post("/displayer/convert/email")
@public
@csrf_free
@limit("displayer-convert", "60/minute")
def displayer_convert_email() -> ResponseReturnValue:
    """Tell the number of whoever verified an address; only where they have a public collection."""
    sent: Any = request.get_json(silent=True) if request.is_json else request.form
    email = sent.get("email") if hasattr(sent, "get") else None
    if not isinstance(email, str) or not email.strip() or len(email) > LONGEST_EMAIL:
        return jsonify(status="invalid", error="missing `email` parameter"), 400
    person = person_by_address(email)
    owner = services.owner_of(person) if person is not None and person.active else None
    if owner is None or not services.collections_of(owner, public_only=True):
        return jsonify(status="missing", error=f"Could not find a user by the email address `{email}`"), 404
    return jsonify(status="okay", email=email, userId=owner.number)


@bp.get("/displayer/<number:number>/groups.json")
@public
@limit("displayer-read", _READ)
def displayer_groups(number: int) -> ResponseReturnValue:
    """List the public collections of a person."""
    owner = _owner(number)
    collections = services.collections_of(owner, public_only=True)
    if not collections:
        return _answer(None)
    groups = [
        {"groupId": each.collection.number, "name": each.collection.name, "badges": each.total}
        for each in services.arrange(collections, first=0)
    ]
    return _answer({"userId": number, "groups": groups})


@bp.get("/displayer/<number:number>/group/<number:group>.json")
@public
@limit("displayer-read", _READ)
def displayer_group(number: int, group: int) -> ResponseReturnValue:
    """List the badges of a public collection."""
    owner = _owner(number)
    collection = _collection(owner, group)
    if collection is None:
        return _answer(None)
    badges = [displayed(badge) for badge in services.contents_of(collection)]
    return _answer({"userId": number, "groupId": group, "badges": badges})


def _owner(number: int) -> BackpackOwner | None:
    if number > LARGEST:
        return None
    return session().scalar(
        select(BackpackOwner)
        .join(Person, Person.id == BackpackOwner.person_id)
        .where(BackpackOwner.number == number, Person.active)
    )


def _collection(owner: BackpackOwner | None, number: int) -> Collection | None:
    if owner is None or number > LARGEST:
        return None
    return session().scalar(
        select(Collection).where(Collection.owner_id == owner.id, Collection.number == number, Collection.public)
    )


def _answer(content: dict[str, Any] | None) -> Response:
    """Write JSON, or JSONP where a function is named; what is private, foreign or missing looks the same."""
    status = 200 if content is not None else 404
    written = content if content is not None else {"httpStatus": 404, "status": "missing"}
    function = request.args.get("callback")
    if function is None:
        response = jsonify(written)
        response.status_code = status
    elif _FUNCTION.fullmatch(function):
        # A page that includes this as a script learns of an error by its content alone: the status is always 200.
        text = json.dumps(written).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        response = Response(f"/**/{function}({text});", content_type="text/javascript; charset=utf-8")
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    else:
        response = jsonify(status="invalid", error="invalid `callback` parameter")
        response.status_code = 400
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    return response
