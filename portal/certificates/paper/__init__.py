"""Certificates on paper: the PDF, and the code that leads from paper to the public check."""

from portal.certificates.paper.codes import code
from portal.certificates.paper.printing import pdf

__all__ = ["code", "pdf"]
