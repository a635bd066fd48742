"""The pages and public documents of this room."""

from portal.badges import jobs
from portal.badges.blueprint import bp
from portal.badges.views import credentials, endorsing, giving, keys, own, public, revoking

__all__ = ["bp", "credentials", "endorsing", "giving", "jobs", "keys", "own", "public", "revoking"]
