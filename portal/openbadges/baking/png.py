"""Baking a PNG: one uncompressed iTXt chunk is inserted, and every other byte stays as it is.

Source: Open Badges 2.0, Baking Specification; Open Badges 3.0, section 5.3 (Baked Badge).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.openbadges.errors import N_, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD_OB2 = "openbadges"
KEYWORD_OB3 = "openbadgecredential"
MAX_PICTURE = 16_000_000
"""The most bytes a picture may have."""
MAX_TEXT = 1_000_000
"""The most bytes a baked text may have, after decompression."""

_HEADER = struct.Struct(">I4s")
_IHDR_END = len(SIGNATURE) + 25
_TEXT_CHUNKS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_MAX_CHUNKS = 100_000
_MAX_KEYWORD = 79
_FRAME = 12


@dataclass(frozen=True, slots=True)
class _Chunk:
    kind: bytes
    start: int
    end: int

    def body(self, png: bytes) -> bytes:
        return png[self.start + 8 : self.end - 4]

    def is_whole(self, png: bytes) -> bool:
        return zlib.crc32(png[self.start + 4 : self.end - 4]) == int.from_bytes(png[self.end - 4 : self.end], "big")


def bake_png(png: bytes, text: str | bytes, keyword: str = KEYWORD_OB2) -> bytes:
    """Put `text` into a PNG under `keyword`, in place of what stands there under the same keyword.

    The picture is never decoded or re-encoded. `text` goes in uncompressed, as UTF-8. Raise `Unreadable` where the
    bytes are no whole PNG or a size is out of bounds.
    """
    body = text.encode() if isinstance(text, str) else text
    if len(body) > MAX_TEXT:
        raise Unreadable(N_("The badge is larger than %(limit)s bytes."), limit=MAX_TEXT)
    name = keyword.encode("ascii")
    parts = [png[:_IHDR_END], _text_chunk(name, body)]
    kept = _IHDR_END
    for chunk in _chunks(png):
        if chunk.kind in _TEXT_CHUNKS and _keyword(chunk, png) == name:
            parts.append(png[kept : chunk.start])
            kept = chunk.end
    parts.append(png[kept:])
    return b"".join(parts)


def unbake_png(png: bytes, keyword: str = KEYWORD_OB2) -> str | None:
    """Take the text under `keyword` out of a PNG; None where there is none.

    A tEXt, zTXt or compressed iTXt chunk is read as well, decompressed within a bound. Raise `Unreadable` for a broken
    picture, a broken chunk, and for two chunks that say different things.
    """
    name = keyword.encode("ascii")
    texts = {_text(chunk, png) for chunk in _chunks(png) if chunk.kind in _TEXT_CHUNKS and _keyword(chunk, png) == name}
    if len(texts) > 1:
        raise Unreadable(N_("This picture holds several different badges."))
    return texts.pop() if texts else None


def _text_chunk(name: bytes, body: bytes) -> bytes:
    data = name + b"\0\0\0\0\0" + body
    crc = zlib.crc32(data, zlib.crc32(b"iTXt"))
    return b"".join((_HEADER.pack(len(data), b"iTXt"), data, crc.to_bytes(4, "big")))


def _chunks(png: bytes) -> Iterator[_Chunk]:
    """Walk a PNG's chunks up to IEND; raise `Unreadable` where the walk does not come out even."""
    if len(png) > MAX_PICTURE:
        raise Unreadable(N_("The picture is larger than %(limit)s bytes."), limit=MAX_PICTURE)
    if not png.startswith(SIGNATURE + b"\0\0\0\x0dIHDR"):
        raise Unreadable(N_("This is not a PNG picture."))
    at = len(SIGNATURE)
    for _number in range(_MAX_CHUNKS):
        if at + _FRAME > len(png):
            break
        length, kind = _HEADER.unpack_from(png, at)
        end = at + _FRAME + length
        if end > len(png):
            break
        yield _Chunk(kind, at, end)
        if kind == b"IEND":
            return
        at = end
    raise Unreadable(N_("This PNG picture is cut short or damaged."))


def _keyword(chunk: _Chunk, png: bytes) -> bytes:
    head = png[chunk.start + 8 : min(chunk.end - 4, chunk.start + 8 + _MAX_KEYWORD + 1)]
    name, nul, _rest = head.partition(b"\0")
    return name if nul else b""


def _text(chunk: _Chunk, png: bytes) -> str:
    if not chunk.is_whole(png):
        raise Unreadable(N_("The badge inside this picture is damaged."))
    rest = chunk.body(png).partition(b"\0")[2]
    if chunk.kind == b"tEXt":
        body = rest
    elif chunk.kind == b"zTXt":
        body = _inflate(rest[1:])
    else:
        flags, rest = rest[:2], rest[2:]
        body = rest.split(b"\0", 2)[-1] if rest.count(b"\0") > 1 else b""
        body = _inflate(body) if flags[:1] == b"\1" else body
    if len(body) > MAX_TEXT:
        raise Unreadable(N_("The badge is larger than %(limit)s bytes."), limit=MAX_TEXT)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _inflate(body: bytes) -> bytes:
    machine = zlib.decompressobj()
    try:
        text = machine.decompress(body, MAX_TEXT + 1)
    except zlib.error as error:
        raise Unreadable(N_("The badge inside this picture is damaged.")) from error
    if len(text) <= MAX_TEXT and not machine.eof:
        raise Unreadable(N_("The badge inside this picture is damaged."))
    return text
