"""The kinds of files that can be handed in: what each is called, and how its content is recognised."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

from portal.core import pictures
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.learning.goals.sniffing import sniff

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
LONGEST_NAME = 120
FIELD = "files"
PICTURES = pictures.PictureRules(
    formats=("PNG", "JPEG", "WEBP"), min_side=1, max_side=6000, max_bytes=LARGEST, field=FIELD
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_FORBIDDEN = frozenset('/\\:*?"<>|\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f')

GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "documents": (_l("Documents"), ("pdf", "docx", "odt", "rtf", "txt", "md")),
    "sheets": (_l("Spreadsheets"), ("xlsx", "ods", "csv")),
    "slides": (_l("Slides"), ("pptx", "odp", "pdf")),
    "pictures": (_l("Pictures"), ("jpg", "jpeg", "png", "webp")),
    "audio": (_l("Sound"), ("mp3", "m4a", "ogg", "wav", "flac")),
    "video": (_l("Video"), ("mp4", "webm", "mov")),
    "archives": (_l("ZIP archives"), ("zip",)),
}
USUAL = ("documents", "sheets", "slides", "pictures")
_SNIFFED = {
    "pdf": "application/pdf",
    "docx": _OFFICE + "wordprocessingml.document",
    "xlsx": _OFFICE + "spreadsheetml.sheet",
    "pptx": _OFFICE + "presentationml.presentation",
    "odt": _OPEN + "text",
    "ods": _OPEN + "spreadsheet",
    "odp": _OPEN + "presentation",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
_PICTURE_TYPES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}


def extensions_of(groups: Iterable[str]) -> tuple[str, ...]:
    """Return the endings of file names that some groups stand for, each once."""
    return tuple(dict.fromkeys(ending for group in groups for ending in GROUPS.get(group, ("", ()))[1]))


def clean_name(name: str) -> str:
    """Return a file name without folders, control characters and signs that systems do not take; letters of any script stay."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        " " if sign in _FORBIDDEN else sign
        for sign in last
        if sign in _FORBIDDEN or unicodedata.category(sign)[0] != "C"
    )
    stem, point, ending = " ".join(kept.split()).strip(". ").rpartition(".")
    stem, ending = (stem or ending, ending if stem else "")
    room = LONGEST_NAME - len(ending) - 1
    return f"{stem[:room].strip(' .')}{point if ending else ''}{ending[:20]}" or "file"


def checked(name: str, data: bytes, groups: Iterable[str]) -> tuple[bytes, str]:
    """Return what of a file is kept and its content type; pictures are encoded anew.

    Raises Refused, beside `files`, where the file is empty or too large, of a kind that is not asked for, or not what its
    name says.
    """
    ending = name.rpartition(".")[2].lower()
    allowed = extensions_of(groups)
    if not data:
        raise _refuse(_("“%(name)s” is empty.", name=name))
    if len(data) > LARGEST:
        raise _refuse(_("“%(name)s” is larger than %(size)s MB.", name=name, size=LARGEST // MEGABYTE))
    if ending not in allowed:
        raise _refuse(
            _(
                "“%(name)s” is not of a kind that is asked for. Save it as one of these: %(endings)s.",
                name=name,
                endings=", ".join(allowed).upper(),
            )
        )
    if ending in _PICTURE_TYPES:
        return _picture(name, data)
    found = _type_of(ending, data)
    if found is None:
        raise _refuse(
            _(
                "“%(name)s” is not a %(ending)s file, whatever its name says. Save it again in the program it comes from.",
                name=name,
                ending=ending.upper(),
            )
        )
    return data, found


def _refuse(message: str) -> Refused:
    return Refused(message, field=FIELD)


def _picture(name: str, data: bytes) -> tuple[bytes, str]:
    try:
        picture = pictures.check(data, PICTURES)
    except Refused as error:
        raise _refuse(f"{name}: {error.message}") from error
    return picture.data, pictures.CONTENT_TYPES[picture.format]


def _type_of(ending: str, data: bytes) -> str | None:
    if ending in _SNIFFED:
        return _SNIFFED[ending] if sniff(io.BytesIO(data)) == _SNIFFED[ending] else None
    return _OTHERS[ending](data)


def _text(kind: str) -> Callable[[bytes], str | None]:
    def check(data: bytes) -> str | None:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "latin-1", "replace")
        return None if "\x00" in text else kind

    return check


def _rich_text(data: bytes) -> str | None:
    return "application/rtf" if data.startswith(b"{\\rtf") else None


def _quicktime(data: bytes) -> str | None:
    return "video/quicktime" if data[4:8] in {b"ftyp", b"moov", b"wide", b"mdat"} else None


def _archive(data: bytes) -> str | None:
    return "application/zip" if zipfile.is_zipfile(io.BytesIO(data)) else None


_OTHERS: dict[str, Callable[[bytes], str | None]] = {
    "txt": _text("text/plain"),
    "md": _text("text/plain"),
    "csv": _text("text/csv"),
    "rtf": _rich_text,
    "mov": _quicktime,
    "zip": _archive,
}
