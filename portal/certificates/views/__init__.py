"""The pages of this room."""

from portal.certificates.blueprint import bp
from portal.certificates.views import certificates, checking, earning, templates, works

__all__ = ["bp", "certificates", "checking", "earning", "templates", "works"]
