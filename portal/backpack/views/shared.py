"""What everybody sees of a public collection: a page, the same as JSON, and a frame for other sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, jsonify, request

from portal.backpack import services
from portal.backpack.displaying import expanded
from portal.backpack.views.blueprint import bp
from portal.core.settings import absolute, address_of
from portal.web.headers import public_document, widen
from portal.web.limits import limit
from portal.web.pages import page, picture_url
from portal.web.stamps import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.backpack.models import Collection, HeldBadge

JSON_KINDS = ["text/html", "application/json", "application/ld+json"]


def _found(share_id: str) -> tuple[Collection, list[HeldBadge]]:
    collection = services.shared_collection(share_id)
    if collection is None:
        abort(404)
    return collection, services.contents_of(collection)


@bp.get("/shared/<share_id>")
@public
@limit("backpack-shared", "120/minute")
def shared(share_id: str) -> ResponseReturnValue:
    """Show a public collection to anybody."""
    collection, badges = _found(share_id)
    link = address_of("backpack.shared", share_id=share_id)
    if request.accept_mimetypes.best_match(JSON_KINDS, default="text/html") != "text/html":
        response = jsonify(_document(collection, badges, link))
        response.vary.add("Accept")
        return public_document(response, seconds=60)
    picture = next((each.picture_key for each in badges if each.picture_key.endswith(".png")), None)
    return page(
        "backpack/shared.html",
        collection=collection,
        badges=badges,
        link=link,
        picture=absolute(picture_url(picture)) if picture else None,
    )


@bp.get("/shared/<share_id>/embed")
@public
@limit("backpack-shared", "120/minute")
def embedded(share_id: str) -> ResponseReturnValue:
    """Show a public collection inside a page of another site."""
    collection, badges = _found(share_id)
    widen("frame-ancestors", "*")
    link = address_of("backpack.shared", share_id=share_id)
    return page("backpack/embed.html", collection=collection, badges=badges, link=link)


def _document(collection: Collection, badges: list[HeldBadge], link: str) -> dict[str, Any]:
    """Write the collection as backpacks of the Badgr family publish theirs."""
    return {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Collection",
        "id": link,
        "entityType": "BackpackCollection",
        "entityId": collection.share_id,
        "name": collection.name,
        "description": collection.description,
        "share_url": link,
        "badges": [expanded(badge) for badge in badges],
    }
