"""Typst, as the portal uses it: files go in by name, PDF or PNG comes out; nothing outside of them is read."""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from portal.core.errors import LaurelError

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER / "fonts"
TYPEFACES = "fonts.typ"


class FontsMissing(LaurelError):
    """The fonts of printed certificates were not put in their place."""


@functools.cache
def _fonts() -> Any:
    if not any(FONTS.glob("*.ttf")):
        message = f"There are no fonts in {FONTS}. Run `npm ci && npm run build`."
        raise FontsMissing(message)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def typeset_pdf(main: Path, data: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """Return a tagged PDF (ISO 14289-1, PDF/UA-1) that a Typst file makes of data and of files, which it finds by name.

    What people wrote is in `data`, which reaches Typst as JSON, so that no name can become markup.
    """
    return _typeset(main, data, files, format="pdf", pdf_standards=["ua-1"])


def typeset_svg(main: Path, data: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """Return the one page that a Typst file makes as SVG, its letters drawn as outlines."""
    return _typeset(main, data, files, format="svg")


def typeset_png(main: Path, data: Mapping[str, Any], files: Mapping[str, bytes], *, ppi: float) -> bytes:
    """Return the one page that a Typst file makes as PNG, with so many pixels an inch."""
    return _typeset(main, data, files, format="png", ppi=ppi)


def _typeset(main: Path, data: Mapping[str, Any], files: Mapping[str, bytes], **how: Any) -> bytes:
    with tempfile.TemporaryDirectory(prefix="laurel-paper-") as name:
        folder = Path(name)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (folder / "main.typ").write_bytes(main.read_bytes())
        (folder / TYPEFACES).write_bytes((FOLDER / TYPEFACES).read_bytes())
        made = typst.compile(str(folder / "main.typ"), root=name, font_paths=_fonts(), **how)
    assert isinstance(made, bytes)
    return made
