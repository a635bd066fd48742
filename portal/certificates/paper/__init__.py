"""Certificates on paper: the PDF, and the same as pictures."""

from portal.certificates.paper.printing import drawing_of, kept_pdf, picture_for_others, shown

__all__ = ["drawing_of", "kept_pdf", "picture_for_others", "shown"]
