"""Typst, as the portal uses it: files go in by name, PDF or PNG comes out; nothing outside of them is read."""

from __future__ import annotations

import functools
import json
import tempfile
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from portal.core.errors import LaurelError

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER / "fonts"
TYPEFACES = "fonts.typ"
SHEETS_A_PRESS = 100
"""How many sheets a press sets before it is taken down: it remembers every picture that it was given."""


class FontsMissing(LaurelError):
    """The fonts of printed certificates were not put in their place."""


@functools.cache
def _fonts() -> Any:
    if not any(FONTS.glob("*.ttf")):
        message = f"There are no fonts in {FONTS}. Run `npm ci && npm run build`."
        raise FontsMissing(message)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


class _Press:
    """A compiler with a folder of its own, for one sheet at a time: setting up either takes longer than a simple page."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="laurel-paper-")
        self._compiler = typst.Compiler(root=self._folder.name, font_paths=_fonts())
        self.left = SHEETS_A_PRESS

    def set(self, files: Mapping[str, bytes], how: Mapping[str, Any]) -> bytes:
        """Return what main.typ makes of the files, which are gone from the disk afterwards."""
        self.left -= 1
        paths = {Path(self._folder.name, name): content for name, content in files.items()}
        try:
            for path, content in paths.items():
                path.write_bytes(content)
            made = self._compiler.compile(input=str(Path(self._folder.name, "main.typ")), **how)
        finally:
            for path in paths:
                path.unlink(missing_ok=True)
        assert isinstance(made, bytes)
        return made

    def close(self) -> None:
        """Take the folder away."""
        self._folder.cleanup()


_idle: deque[_Press] = deque()
"""Presses that wait for a sheet: as many as threads ever set one at the same time."""


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
    own = {
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
        "main.typ": main.read_bytes(),
        TYPEFACES: (FOLDER / TYPEFACES).read_bytes(),
    }
    press = _press()
    try:
        made = press.set({**files, **own}, how)
    except BaseException:
        press.close()
        raise
    if press.left:
        _idle.append(press)
    else:
        press.close()
    return made


def _press() -> _Press:
    try:
        return _idle.pop()
    except IndexError:
        return _Press()
