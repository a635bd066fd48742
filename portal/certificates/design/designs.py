"""A design: everything that says how a certificate looks, as a value that is kept, frozen and printed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from portal.certificates.design.colours import PALETTES
from portal.core.i18n import _l


@dataclass(frozen=True)
class Layout:
    """One arrangement of a certificate: a file of portal/certificates/paper/layouts draws it."""

    key: str
    label: Any
    note: Any
    portrait: bool = False


LAYOUTS = (
    Layout("wave", _l("Wave"), _l("A coloured band with the badge, a fine frame, words on the right.")),
    Layout("heritage", _l("Heritage"), _l("A classic frame with engraved corners, everything centred.")),
    Layout("horizon", _l("Horizon"), _l("A wide curved banner with the heading, the badge on its edge.")),
    Layout("facet", _l("Facet"), _l("Bold facets of colour, strong type, for a modern academy.")),
    Layout("clean", _l("Clean"), _l("White space, one line of colour, the facts in a column.")),
    Layout("diploma", _l("Diploma"), _l("Upright, with a frame and the badge at the top."), portrait=True),
)
SIZES = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
"""Width and height of paper held upright, in millimetres."""
MOST_SIGNATURES = 3


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Somebody who signs: a picture of the signature, the name in a handwriting typeface, or a line to sign on."""

    name: str = ""
    role: str = ""
    picture_key: str | None = None
    script: bool = False


@dataclass(frozen=True, kw_only=True)
class Design:
    """How a certificate looks; an empty text means the usual words, an empty language that of the learning path."""

    layout: str = "wave"
    size: str = "a4"
    language: str = ""
    primary: str = PALETTES[0].primary
    accent: str = PALETTES[0].accent
    ground: str = PALETTES[0].ground
    heading: str = ""
    opening: str = ""
    statement: str = ""
    closing: str = ""
    logo_key: str | None = None
    signatures: tuple[Signature, ...] = ()

    @property
    def portrait(self) -> bool:
        """Whether the sheet stands upright."""
        return any(layout.portrait for layout in LAYOUTS if layout.key == self.layout)

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height of the sheet."""
        width, height = SIZES[self.size]
        return (width, height) if self.portrait else (height, width)

    @property
    def digest(self) -> str:
        """The SHA-256 of everything the design says, in hex."""
        return hashlib.sha256(json.dumps(written(self), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


STANDARD = Design()
"""What is used where no template is chosen."""


def written(design: Design) -> dict[str, Any]:
    """Return a design as a JSON object."""
    return asdict(design) | {"signatures": [asdict(one) for one in design.signatures]}


def read(data: dict[str, Any]) -> Design:
    """Return the design that a JSON object says; what a later version of the portal added has its usual value."""
    known = {field.name for field in fields(Design)} - {"signatures"}
    signatures = tuple(Signature(**one) for one in data.get("signatures", []))
    return Design(signatures=signatures, **{name: value for name, value in data.items() if name in known})
