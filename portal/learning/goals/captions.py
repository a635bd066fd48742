"""Captions of a video: WebVTT (W3C), checked before a browser gets it."""

from __future__ import annotations

import re

from portal.core.errors import Refused
from portal.core.i18n import _

LARGEST = 1024 * 1024
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"^[ \t]*{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+\S.*)?$")


def check_captions(data: bytes) -> bytes:
    """Return captions as they are stored: UTF-8 with line feeds.

    Raises Refused, naming the line, where the file is no WebVTT: no header, no cue, a time that cannot be read, or a cue
    that ends before it begins.
    """
    if len(data) > LARGEST:
        raise Refused(_("Captions can have at most 1 MB."), field="captions")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_("The captions are not in UTF-8. Save them as WebVTT in UTF-8."), field="captions") from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd").split("\n")
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        raise Refused(
            _("These are no WebVTT captions: the first line has to be WEBVTT. Save the captions as WebVTT (.vtt)."),
            field="captions",
        )
    if not _count_cues(lines):
        raise Refused(_("There is no caption in this file."), field="captions")
    return "\n".join(lines).encode()


def _count_cues(lines: list[str]) -> int:
    cues = 0
    for number, line in enumerate(lines[1:], start=2):
        if "-->" not in line:
            continue
        found = _TIMING.match(line)
        if found is None:
            raise Refused(
                _("Line %(number)s of the captions is not a time such as 00:01.000 --> 00:04.000.", number=number),
                field="captions",
            )
        if _seconds(found.groups()[:4]) >= _seconds(found.groups()[4:]):
            raise Refused(_("The caption in line %(number)s ends before it begins.", number=number), field="captions")
        cues += 1
    return cues


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
