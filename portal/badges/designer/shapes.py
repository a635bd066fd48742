"""What a document may hold: names and bounds of every field, as JSON Schema (draft 2020-12), a schema for each kind of layer."""

from __future__ import annotations

from typing import Any, Final

VERSION: Final = 2
UNITS: Final = 1024
SLOTS: Final = ("frame", "field", "ribbon", "accent", "ink", "paper")
FONTS: Final = ("Montserrat", "Oswald", "Playfair Display", "Lexend", "Atkinson Hyperlegible", "Great Vibes")
SHAPES: Final = (
    *("circle", "ring", "square", "triangle", "diamond", "pentagon", "hexagon", "octagon", "shield", "crest"),
    *("scallop", "flower", "quatrefoil", "starburst", "star", "wave", "gear", "rays", "wreath", "heart", "drop"),
    *("arch", "pennant", "ticket", "plus", "moon"),
)
NUMBERS: Final = ("corner", "thickness", "peak", "waist", "notch", "points", "depth", "share", "opening", "leaf")
MOST_LAYERS: Final = 150
MOST_IMAGES: Final = 12
MOST_IMAGE_CHARACTERS: Final = 900_000

Schema = dict[str, Any]


def _number(least: float, most: float) -> Schema:
    return {"type": "number", "minimum": least, "maximum": most}


def _text(most: int, *, least: int = 0) -> Schema:
    return {"type": "string", "minLength": least, "maxLength": most}


def _one_of(names: tuple[str, ...]) -> Schema:
    return {"enum": list(names)}


def _object(needed: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**needed, **(optional or {})},
        "required": list(needed),
        "additionalProperties": False,
    }


def _or_none(schema: Schema) -> Schema:
    return {"anyOf": [{"type": "null"}, schema]}


COLOUR: Final[Schema] = {"type": "string", "pattern": f"^(#[0-9a-fA-F]{{6}}|@({'|'.join(SLOTS)})([+-][0-9]{{1,2}})?)$"}
HEX: Final[Schema] = {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}
_STOPS: Schema = {
    "type": "array",
    "minItems": 2,
    "maxItems": 12,
    "items": {"type": "array", "prefixItems": [_number(0, 1), COLOUR], "items": False, "minItems": 2},
}
_GRADIENT = _object({"kind": _one_of(("linear", "radial")), "stops": _STOPS}, {"angle": _number(-360, 360)})
PAINT: Final[Schema] = {"if": {"type": "string"}, "then": COLOUR, "else": _GRADIENT}
_LINE = _object({"paint": PAINT, "width": _number(0, 120)}, {"dash": _one_of(("solid", "dots", "dashes", "long"))})
_INSET_LINE = _object(
    {"paint": PAINT, "width": _number(0, 120), "inset": _number(0, 400)},
    {"dash": _one_of(("solid", "dots", "dashes", "long"))},
)
_SHADOW = _object({"blur": _number(0, 120)}, {"y": _number(-120, 120), "strength": _number(0, 100)})
_NUMBERS = _object({}, {name: _number(0, 400) for name in NUMBERS})
_SHAPE = _one_of(SHAPES)
_SIDE = _number(4, 4096)
_ID: Schema = {"type": "string", "pattern": "^[a-zA-Z0-9-]{1,32}$"}

_WORDS: dict[str, Schema] = {
    "text": _text(200),
    "font": _one_of(FONTS),
    "weight": _number(100, 900),
    "size": _number(8, 600),
    "tracking": _number(-20, 100),
    "caps": {"type": "boolean"},
    "fill": PAINT,
}
_WORDS_BESIDES: dict[str, Schema] = {"outline": _or_none(_LINE), "shadow": _or_none(_SHADOW)}
_BASE: dict[str, Schema] = {
    "id": _ID,
    "kind": {"type": "string"},
    "name": _text(80),
    "x": _number(-4096, 4096),
    "y": _number(-4096, 4096),
    "rotation": _number(-720, 720),
    "opacity": _number(0, 100),
    "hidden": {"type": "boolean"},
    "locked": {"type": "boolean"},
}
_BESIDES: dict[str, Schema] = {"group": _ID, "shadow": _or_none(_SHADOW)}


def _layer(needed: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return _object({**_BASE, **needed}, {**_BESIDES, **(optional or {})})


LAYERS: Final[dict[str, Schema]] = {
    "shape": _layer(
        {"shape": _SHAPE, "width": _SIDE, "height": _SIDE, "numbers": _NUMBERS, "fill": _or_none(PAINT)},
        {"border": _or_none(_LINE), "stitch": _or_none(_INSET_LINE), "bevel": _number(0, 80)},
    ),
    "row": _layer(
        {
            "shape": _SHAPE,
            "count": {"type": "integer", "minimum": 1, "maximum": 24},
            "size": _number(4, 1024),
            "gap": _number(-500, 2000),
            "bend": _number(-800, 800),
            "numbers": _NUMBERS,
            "fill": PAINT,
        },
        {"border": _or_none(_LINE)},
    ),
    "ribbon": _layer(
        {
            "width": _SIDE,
            "height": _SIDE,
            "bend": _number(-400, 400),
            "tail": _number(0, 600),
            "drop": _number(-400, 400),
            "fill": PAINT,
            "lettering": _object(_WORDS, _WORDS_BESIDES),
        },
        {
            "tailFill": PAINT,
            "foldFill": PAINT,
            "border": _or_none(_LINE),
            "edge": _or_none(_INSET_LINE),
        },
    ),
    "tails": _layer(
        {
            "width": _SIDE,
            "height": _SIDE,
            "spread": _number(-90, 90),
            "notch": _number(-100, 200),
            "fill": PAINT,
        },
        {"stripe": _or_none(PAINT)},
    ),
    "text": _layer(
        {
            **_WORDS,
            "path": _one_of(("straight", "above", "below")),
            "radius": _number(20, 2048),
            "span": _number(10, 350),
            "width": _number(0, 4096),
            "leading": _number(0.5, 4),
        },
        {"outline": _or_none(_LINE)},
    ),
    "icon": _layer(
        {
            "icon": {"type": "string", "pattern": "^[a-z0-9-]{1,60}$"},
            "width": _SIDE,
            "height": _SIDE,
            "fill": PAINT,
            "tone": PAINT,
            "toneStrength": _number(0, 100),
        }
    ),
    "image": _layer(
        {
            "image": _ID,
            "width": _SIDE,
            "height": _SIDE,
            "numbers": _NUMBERS,
            "mask": _or_none(_SHAPE),
        },
        {"border": _or_none(_LINE)},
    ),
}

DOCUMENT: Final[Schema] = _object(
    {
        "format": {"const": "laurel-badge"},
        "version": {"const": VERSION},
        "name": _text(200, least=1),
        "alt": _text(500),
        "colours": _object(dict.fromkeys(SLOTS, HEX)),
        "layers": {"type": "array", "maxItems": MOST_LAYERS, "items": {"type": "object"}},
        "images": {
            "type": "object",
            "maxProperties": MOST_IMAGES,
            "propertyNames": _ID,
            "additionalProperties": {
                "type": "string",
                "maxLength": MOST_IMAGE_CHARACTERS,
                "pattern": r"^data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}\Z",
            },
        },
    }
)
