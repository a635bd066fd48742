"""A badge that was drawn elsewhere: an uploaded picture becomes a design with one layer, so that it can be drawn on."""

from __future__ import annotations

import base64
import io

from PIL import Image

from portal.badges.designer.documents import Document
from portal.badges.designer.services.designs import Saving
from portal.badges.designer.shapes import UNITS, VERSION
from portal.core import pictures

INSIDE = 720
COLOURS = {
    "frame": "#e8a91c",
    "field": "#1d4ed8",
    "ribbon": "#d23048",
    "accent": "#f2b632",
    "ink": "#0f1f4b",
    "paper": "#f6f8ff",
}


def document_of_picture(data: bytes, name: str, alt: str) -> Saving:
    """Return what to save for an uploaded picture (PNG, JPEG or WebP, at most 4 MB); raises Refused with the reason."""
    rules = pictures.PictureRules(formats=("PNG", "JPEG", "WEBP"), field="picture")
    checked = pictures.check(data, rules)
    image = Image.open(io.BytesIO(checked.data)).convert("RGBA")
    share = UNITS / max(image.size)
    fitted = image.resize((max(1, round(image.width * share)), max(1, round(image.height * share))))
    whole = Image.new("RGBA", (UNITS, UNITS))
    whole.paste(fitted, ((UNITS - fitted.width) // 2, (UNITS - fitted.height) // 2))
    return Saving(document=_document(whole, name, alt), picture=_png(whole), deliberate=True)


def _png(image: Image.Image) -> bytes:
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def _document(whole: Image.Image, name: str, alt: str) -> Document:
    inside = io.BytesIO()
    whole.resize((INSIDE, INSIDE)).save(inside, "WEBP", quality=90)
    layer = {
        "id": "l1",
        "kind": "image",
        "name": "",
        "x": UNITS / 2,
        "y": UNITS / 2,
        "rotation": 0,
        "opacity": 100,
        "hidden": False,
        "locked": False,
        "image": "p1",
        "width": UNITS,
        "height": UNITS,
        "mask": None,
        "numbers": {},
    }
    source = f"data:image/webp;base64,{base64.b64encode(inside.getvalue()).decode()}"
    return {
        "format": "laurel-badge",
        "version": VERSION,
        "name": name,
        "alt": alt,
        "colours": dict(COLOURS),
        "layers": [layer],
        "images": {"p1": source},
    }
