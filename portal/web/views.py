"""Pages of the shell itself: stored pictures, and the answer to a load balancer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, jsonify
from sqlalchemy import text

from portal.core import storage
from portal.core.db import session
from portal.core.pictures import THUMBNAILS
from portal.web.headers import public_document
from portal.web.stamps import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("web", __name__)
YEAR = 31_536_000


@bp.get("/pictures/<key>")
@bp.get("/pictures/<key>/<int:size>")
@public
def picture(key: str, size: int | None = None) -> ResponseReturnValue:
    """Show a stored picture; its address is the hash of its content, so it never changes."""
    if not key.endswith((".png", ".jpg", ".webp", ".svg")) or (size is not None and size not in THUMBNAILS):
        abort(404)
    try:
        data = storage.read(key if size is None else storage.derived(key, str(size)))
    except storage.Missing:
        abort(404)
    response = Response(data, content_type=storage.content_type(key))
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; style-src 'unsafe-inline'"
    return public_document(response, seconds=YEAR)


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """Say whether the portal can reach its database."""
    session().execute(text("SELECT 1"))
    return jsonify(status="ok")
