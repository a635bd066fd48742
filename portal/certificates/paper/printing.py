"""The PDF of a certificate, kept by the hash of what stands on it; the same drawn for the screen, and for a link to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.certificates.design.services import paper_design
from portal.certificates.paper.sheets import Achievement, Sheet, sheet
from portal.certificates.paper.typesetting import FOLDER, typeset_pdf, typeset_png, typeset_svg
from portal.certificates.services.checking import check_url, share_url
from portal.core import storage

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.certificates.design.designs import Design
    from portal.certificates.models import Certificate

EDITION = "2"
"""Changed together with a layout, so that pictures for the screen are drawn anew. What was printed stays as it was."""
PIXELS_PER_INCH = 72


def achievement_of(certificate: Certificate) -> Achievement:
    """Return what a certificate says."""
    return Achievement(
        name=certificate.holder_name,
        path=certificate.path_title,
        issuer=certificate.issuer_name,
        number=certificate.number,
        issued=certificate.issued_at,
        valid_until=certificate.valid_until,
        zone=certificate.zone,
        language=certificate.language,
        grade=certificate.grade,
        minutes=certificate.minutes,
        cover_key=certificate.cover_key,
        check_link=share_url(certificate),
    )


def sheet_of(certificate: Certificate) -> Sheet:
    """Return a certificate ready to be set."""
    return sheet(paper_design(certificate.paper), achievement_of(certificate))


def pdf_key(laid_out: Sheet) -> str:
    """Return under which key the PDF of a certificate is kept."""
    return f"{laid_out.digest}.pdf"


def pdf(certificate: Certificate) -> bytes:
    """Return a certificate as a PDF (ISO 14289-1, PDF/UA-1), made anew."""
    return _set(sheet_of(certificate))


def _set(laid_out: Sheet) -> bytes:
    return typeset_pdf(laid_out.layout, laid_out.data, laid_out.files)


def kept_pdf(certificate: Certificate) -> bytes:
    """Return a certificate as a PDF: the one that was made of it, or a new one, which is kept from then on."""
    laid_out = sheet_of(certificate)
    return _kept(pdf_key(laid_out), lambda: _set(laid_out))


def drawing_of(certificate: Certificate) -> bytes:
    """Return a certificate as SVG, for the screen; kept."""
    return drawing(paper_design(certificate.paper), achievement_of(certificate))


def drawing(design: Design, achievement: Achievement) -> bytes:
    """Return a certificate as SVG, for the screen; kept."""
    laid_out = sheet(design, achievement)
    key = f"{laid_out.digest_of(EDITION)}.svg"
    return _kept(key, lambda: typeset_svg(laid_out.layout, laid_out.data, laid_out.files))


def picture_for_others(certificate: Certificate, *, named: bool, mark: str = "") -> bytes:
    """Return what other sites show beside a link to a certificate: a PNG of 1200 × 630 pixels; kept.

    `named` says whether the holder's name is in it, `mark` is a word that stands across, such as Revoked.
    """
    laid_out = sheet(paper_design(certificate.paper), achievement_of(certificate))
    link = laid_out.retold(
        FOLDER / "link.typ",
        check_link=check_url(certificate),
        name=certificate.holder_name if named else "",
        path=certificate.path_title,
        mark=mark,
    )
    key = f"{link.digest_of(EDITION)}.png"
    return _kept(key, lambda: typeset_png(link.layout, link.data, link.files, ppi=PIXELS_PER_INCH))


@dataclass(frozen=True)
class Shown:
    """What a page says of the picture of a certificate: all that stands on it as one text, and its size on the screen."""

    words: str
    width: int
    height: int

    @property
    def portrait(self) -> bool:
        """Whether it stands upright."""
        return self.height > self.width


def shown(certificate: Certificate) -> Shown:
    """Return what stands on a certificate, for those who cannot see its picture, and how large the picture is."""
    said = sheet_of(certificate).data
    statement, closing = ("".join(piece for piece, _strong in said[name]) for name in ("statement", "closing"))
    facts = "; ".join(f"{label}: {value}" for label, value in said["facts"])
    signed = "; ".join(" ".join(filter(None, (one["name"], one["role"]))) for one in said["signatures"])
    lines = (said["issuer"], said["heading"], f"{said['opening']} {said['name']} {statement}", closing, facts, signed)
    words = ". ".join(line.rstrip(".") for line in lines if line) + "."
    return Shown(words, round(said["width"] * 4), round(said["height"] * 4))


def _kept(key: str, make: Callable[[], bytes]) -> bytes:
    try:
        return storage.read(key)
    except storage.Missing:
        made = make()
        storage.keep_as(key, made)
        return made
