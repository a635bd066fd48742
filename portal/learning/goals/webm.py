"""WebM that a browser or a camera wrote as it came: it does not say how long it is, and so nobody could say how much of it was played.

What is read is EBML (RFC 8794) with the elements of Matroska (RFC 9559) that WebM has.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

SEGMENT, SEEK_HEAD, INFO, CUES = 0x18538067, 0x114D9B74, 0x1549A966, 0x1C53BB6B
CLUSTER, CLUSTER_TIME, BLOCK_GROUP, BLOCK, SIMPLE_BLOCK = 0x1F43B675, 0xE7, 0xA0, 0xA1, 0xA3
DURATION = 0x4489
_ENTERED = frozenset({SEGMENT, CLUSTER, BLOCK_GROUP})
MOST_ELEMENTS = 1_000_000
LARGEST_INFO = 4096
SPOOLED = 8 * 1024 * 1024


class _Unreadable(Exception):
    """What was read is no EBML, or ends in the middle."""


@dataclass(frozen=True)
class _Element:
    """One element: `begin` is where its head stands, `body` where its content does; `size` is None where it is not said."""

    name: int
    begin: int
    body: int
    size: int | None


def with_duration(file: BinaryIO) -> BinaryIO:
    """Return a WebM file that says how long it is: the file itself where it does or where it cannot be told, else a copy.

    The file is left at its beginning; a copy is a temporary file that whoever asked closes.
    """
    try:
        found = _lacking(file)
    except (_Unreadable, struct.error, OverflowError):
        found = None
    file.seek(0)
    if found is None:
        return file
    info, written = found
    copy = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=SPOOLED))  # noqa: SIM115 - the caller closes it
    copy.write(file.read(info.begin))
    copy.write(written)
    file.seek(info.body + cast("int", info.size))
    shutil.copyfileobj(file, copy)
    file.seek(0)
    copy.seek(0)
    return copy


def _lacking(file: BinaryIO) -> tuple[_Element, bytes] | None:
    """Return the element that should say how long the file is, and what should stand there; None where nothing is to be done.

    Only what was written as it came is touched: no place in it is named by a number of bytes that would be another one then.
    """
    info: _Element | None = None
    last = base = 0
    for element in _elements(file):
        if element.name in {SEEK_HEAD, CUES} or (element.name == SEGMENT and element.size is not None):
            return None
        if element.name == INFO:
            info = element
        elif element.name == CLUSTER_TIME:
            base = int.from_bytes(_content(file, element, 8))
        elif element.name in {BLOCK, SIMPLE_BLOCK}:
            last = max(last, base + _time_in(file, element))
    if info is None or not last or not info.size or info.size > LARGEST_INFO:
        return None
    kept = b""
    for part in _elements(file, info.body, info.body + info.size):
        if part.name != DURATION:
            kept += _bytes_at(file, part.begin, part.body + (part.size or 0) - part.begin)
        elif any(_content(file, part, 8)):
            return None
    body = kept + b"\x44\x89\x88" + struct.pack(">d", float(last))
    return info, INFO.to_bytes(4) + b"\x01" + len(body).to_bytes(7) + body


def _elements(file: BinaryIO, begin: int = 0, end: int | None = None) -> Iterator[_Element]:
    """Go through the elements of a file, or of a part of it, into those that hold blocks; raise _Unreadable where it is none."""
    place = begin
    for _number in range(MOST_ELEMENTS):
        if end is not None and place >= end:
            return
        file.seek(place)
        head = file.read(12)
        if not head:
            return
        name = _length(head[0], 4)
        size = _length(head[name], 8) if len(head) > name else 0
        if len(head) < name + size or not size:
            raise _Unreadable
        held = int.from_bytes(head[name : name + size]) & ((1 << 7 * size) - 1)
        unknown = held == (1 << 7 * size) - 1
        found = _Element(int.from_bytes(head[:name]), place, place + name + size, None if unknown else held)
        if unknown and found.name not in _ENTERED:
            raise _Unreadable
        yield found
        place = found.body if found.name in _ENTERED else found.body + held
    raise _Unreadable


def _length(first: int, most: int) -> int:
    """Return how many bytes a number of EBML takes whose first byte this is (RFC 8794, 4)."""
    length = 9 - first.bit_length()
    if length > most:
        raise _Unreadable
    return length


def _bytes_at(file: BinaryIO, begin: int, size: int) -> bytes:
    file.seek(begin)
    data = file.read(size)
    if len(data) < size:
        raise _Unreadable
    return data


def _content(file: BinaryIO, element: _Element, most: int) -> bytes:
    if element.size is None or element.size > most:
        raise _Unreadable
    return _bytes_at(file, element.body, element.size)


def _time_in(file: BinaryIO, element: _Element) -> int:
    """Return when a block begins, after its cluster (RFC 9559, 10.1): two bytes behind the number of its track."""
    track = _length(_bytes_at(file, element.body, 1)[0], 8)
    return int.from_bytes(_bytes_at(file, element.body + track, 2), signed=True)
