"""The two blueprints of this room."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("learning", __name__)
authoring = Blueprint("authoring", __name__, url_prefix="/authoring")
