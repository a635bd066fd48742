"""The blueprint of the designer's pages."""

from flask import Blueprint

bp = Blueprint("designer", __name__)
