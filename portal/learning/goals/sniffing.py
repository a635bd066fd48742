"""What a file is, by what stands in it: a name can say anything."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

HEAD = 4096
_ZIPPED = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_OPEN_DOCUMENTS = frozenset(
    {
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)
_MP4_VIDEO = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash", b"MSNV"}
)
_MP4_AUDIO = frozenset({b"M4A ", b"M4B "})
_MPEG_LAYERS = frozenset({0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2})
MOST_ENTRIES = 20_000
LONGEST_TYPE = 100


def sniff(file: BinaryIO) -> str | None:
    """Return the content type of a file that learners may be given, or None where it is none of those.

    Known are PDF, Word, PowerPoint and Excel without macros, OpenDocument, MP4, WebM, MP3, M4A, Ogg, WAV and FLAC. The
    file is left at its beginning.
    """
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(file)
    return _document(head) or _moving(head) or _sounding(head)


def _document(head: bytes) -> str | None:
    return "application/pdf" if b"%PDF-" in head[:1024] else None


def _moving(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _MP4_AUDIO:
            return "audio/mp4"
        return "video/mp4" if brand in _MP4_VIDEO else None
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return "video/webm"
    return None


def _sounding(head: bytes) -> str | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] in _MPEG_LAYERS):
        return "audio/mpeg"
    return {b"OggS": "audio/ogg", b"fLaC": "audio/flac"}.get(head[:4])


def _zipped(file: BinaryIO) -> str | None:
    """Tell office documents from other archives; what carries macros is refused."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:MOST_ENTRIES]
            found = _office(names) or _open_document(archive, names)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        found = None
    file.seek(0)
    return found


def _office(names: list[str]) -> str | None:
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for folder, kind in _ZIPPED.items() if any(name.startswith(folder) for name in names)), None)


def _open_document(archive: zipfile.ZipFile, names: list[str]) -> str | None:
    if not names or names[0] != "mimetype" or any(name.startswith(("Basic/", "Scripts/")) for name in names):
        return None
    if archive.getinfo("mimetype").file_size > LONGEST_TYPE:
        return None
    said = archive.read("mimetype").decode("ascii", "replace").strip()
    return said if said in _OPEN_DOCUMENTS else None
