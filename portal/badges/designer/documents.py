"""Reading a design document from outside: size, form, bounds, pictures inside it; then it can be trusted and drawn."""

from __future__ import annotations

import base64
import binascii
import json
import unicodedata
from typing import Any, NoReturn

from jsonschema import Draft202012Validator

from portal.badges.designer.migrations import upgrade
from portal.badges.designer.shapes import DOCUMENT, LAYERS, VERSION
from portal.core import pictures
from portal.core.errors import Refused
from portal.core.i18n import _

MOST_BYTES = 6 * 1024 * 1024
FIELD = "document"
IMAGE_RULES = pictures.PictureRules(
    formats=("PNG", "JPEG", "WEBP"), min_side=1, max_side=2048, max_bytes=700_000, field=FIELD
)
_document = Draft202012Validator(DOCUMENT)
_layers = {kind: Draft202012Validator(schema) for kind, schema in LAYERS.items()}
_KEPT_CONTROLS = frozenset("\n")

Document = dict[str, Any]


def read(data: bytes) -> Document:
    """Return the document in a design file, brought up to the present version.

    `data` is UTF-8 JSON of at most MOST_BYTES. Raises Refused (field "document") with what is wrong and where.
    """
    if len(data) > MOST_BYTES:
        raise Refused(
            _("This design is larger than %(size)s MB. Use fewer or smaller pictures in it.", size=MOST_BYTES // 2**20),
            field=FIELD,
        )
    document = upgrade(_parse(data))
    _check_version(document)
    _check(document)
    return document


def write(document: Document) -> str:
    """Return a checked document as it is stored and downloaded."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


def _parse(data: bytes) -> Document:
    try:
        document = json.loads(data.decode("utf-8"), parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(
            _("This file is not a badge design. Choose a file that was saved with “Save a design file”."), field=FIELD
        ) from error
    if not isinstance(document, dict) or document.get("format") != "laurel-badge":
        raise Refused(
            _("This file is not a badge design. Choose a file that was saved with “Save a design file”."), field=FIELD
        )
    return document


def _check_version(document: Document) -> None:
    version = document.get("version")
    if type(version) is int and version > VERSION:
        raise Refused(
            _("This design was made with a newer version of the designer. Update this portal, then open it again."),
            field=FIELD,
        )


def _check(document: Document) -> None:
    _refuse_first(_document, document, _("the design"))
    seen: set[str] = set()
    for position, layer in enumerate(document["layers"], start=1):
        where = _("layer %(number)s", number=position)
        kind = layer.get("kind")
        if not isinstance(kind, str) or kind not in _layers:
            _refuse(where, "kind")
        _refuse_first(_layers[kind], layer, where)
        if layer["id"] in seen:
            _refuse(where, "id")
        seen.add(layer["id"])
        if kind == "image" and layer["image"] not in document["images"]:
            _refuse(where, "image")
    _check_words(document)
    for source in document["images"].values():
        _check_image(source)


def _refuse_first(validator: Draft202012Validator, value: Any, where: str) -> None:
    fault = next(validator.iter_errors(value), None)
    if fault is not None:
        _refuse(where, ".".join(str(part) for part in fault.absolute_path) or fault.validator)


def _refuse(where: str, what: Any) -> NoReturn:
    raise Refused(
        _(
            "This design cannot be opened: %(where)s says something that the designer does not know (%(what)s).",
            where=where,
            what=str(what)[:80],
        ),
        field=FIELD,
    )


def _check_words(value: Any) -> None:
    """Refuse characters that no text has: they would break storing or drawing."""
    if isinstance(value, str):
        for letter in value:
            if unicodedata.category(letter) in {"Cc", "Cs"} and letter not in _KEPT_CONTROLS:
                _refuse(_("the design"), repr(letter))
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "images":
                _check_words(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_words(inner)


def _check_image(source: str) -> None:
    try:
        data = base64.b64decode(source.partition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        _refuse(_("a picture"), "base64")
    pictures.check(data, IMAGE_RULES)
