"""Certificates on paper: the PDF, the same as a picture, and the code that leads from paper to the public check."""

from portal.certificates.paper.codes import code
from portal.certificates.paper.printing import drawing, kept_pdf, pdf, picture_for_others, words_of

__all__ = ["code", "drawing", "kept_pdf", "pdf", "picture_for_others", "words_of"]
