"""The PDF of a certificate: A4 landscape, tagged for screen readers (PDF/UA-1), made by Typst."""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from portal.certificates.paper.codes import svg
from portal.certificates.services.checking import share_url
from portal.core import storage
from portal.core.errors import LaurelError
from portal.core.i18n import _, date, speak
from portal.core.settings import settings

if TYPE_CHECKING:
    from portal.certificates.models import Certificate

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER / "fonts"


class FontsMissing(LaurelError):
    """The fonts of printed certificates were not put in their place."""


@functools.cache
def _fonts() -> Any:
    if not any(FONTS.glob("*.ttf")):
        message = f"There are no fonts in {FONTS}. Run `npm ci && npm run build`."
        raise FontsMissing(message)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _compiled(files: dict[str, bytes]) -> bytes:
    """Compile in a folder of its own, outside which Typst reads nothing."""
    with tempfile.TemporaryDirectory(prefix="laurel-certificate-") as name:
        folder = Path(name)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        made = typst.compile(
            str(folder / "certificate.typ"), root=name, font_paths=_fonts(), format="pdf", pdf_standards=["ua-1"]
        )
    assert isinstance(made, bytes)
    return made


def pdf(certificate: Certificate) -> bytes:
    """Return the certificate as a PDF, in its own language.

    What people wrote reaches Typst as JSON, so that no name can become markup. (ISO 14289-1, PDF/UA-1.)
    """
    speak(certificate.language)
    data = _data(certificate)
    files: dict[str, bytes] = {
        "certificate.typ": (FOLDER / "certificate.typ").read_bytes(),
        "background.svg": (FOLDER / "background.svg").read_bytes(),
        "code.svg": svg(share_url(certificate)),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
    }
    if certificate.cover_key is not None:
        files[data["picture"]] = storage.read(certificate.cover_key)
    return _compiled(files)


def _data(certificate: Certificate) -> dict[str, Any]:
    before, _mark, after = _("has completed the learning path %(title)s.", title="\0").partition("\0")
    facts = [(_("Issued"), date(certificate.issued_at))]
    facts.append(
        (_("Valid through"), date(certificate.valid_until)) if certificate.valid_until else (_("Valid"), _("Permanent"))
    )
    facts.append((_("Certificate number"), certificate.number))
    return {
        "language": certificate.language.partition("-")[0],
        "title": _("Certificate: %(title)s", title=certificate.path_title),
        "heading": _("Certificate of completion"),
        "certifies": _("This certifies that"),
        "name": certificate.holder_name,
        "before": before,
        "path": certificate.path_title,
        "after": after,
        "facts": facts,
        "issuer": certificate.issuer_name,
        "issuer_role": _("Issuer of this certificate"),
        "picture": f"picture.{certificate.cover_key.rpartition('.')[2]}" if certificate.cover_key else None,
        "picture_alt": _("Badge of %(title)s", title=certificate.path_title),
        "code_alt": _("QR code that leads to the public check of this certificate"),
        "check_words": _("Check it at"),
        "check_address": f"{settings().base_url.partition('://')[2]}/check",
    }
