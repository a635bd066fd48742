"""Whether a badge has a picture that people can see."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from portal.openbadges.baking import media_type
from portal.openbadges.examining.fetching import ACCEPT_IMAGE, CannotFetch, NotServed

if TYPE_CHECKING:
    from portal.openbadges.examining.case import Case

_SHOWN = 120


def examine_image(case: Case, address: str, *, required: bool = True) -> None:
    """Add the check of the picture at `address`, which may be a `data:` address, and keep its bytes as content."""
    if not address:
        if required:
            case.failed("image", "image.none")
        return
    case.content["image_url"] = address
    try:
        picture = _data(address) if address.startswith("data:") else case.visits.body(address, ACCEPT_IMAGE)
    except CannotFetch as error:
        case.not_possible("image", "image.unreachable", url=address[:_SHOWN], reason=error.words)
        return
    except NotServed as error:
        case.failed("image", "image.gone", url=address, status=error.status)
        return
    kind = media_type(picture)
    if not kind:
        case.failed("image", "image.wrong", url=address[:_SHOWN])
        return
    case.content["image"], case.content["image_type"] = picture, kind
    case.passed("image", "image.ok", kind=kind.removeprefix("image/").removesuffix("+xml").upper())


def _data(address: str) -> bytes:
    head, _comma, body = address.partition(",")
    raw = unquote_to_bytes(body)
    if not head.endswith(";base64"):
        return raw
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return b""
