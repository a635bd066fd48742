"""The blueprint that the modules of this folder fill."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("backpack", __name__, url_prefix="/backpack")
