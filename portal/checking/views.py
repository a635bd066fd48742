"""The pages of this room."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("checking", __name__)
