"""The organisation's colours, offered beside the palettes of the designer."""

from __future__ import annotations

from sqlalchemy import select

from portal.badges.designer.models import BrandColours
from portal.core.db import session

MOST = 12


def brand_colours() -> list[str]:
    """Return the organisation's colours as #rrggbb, in the order they were given."""
    row = session().scalar(select(BrandColours).limit(1))
    return list(row.colours) if row else []


def save_brand_colours(colours: list[str]) -> None:
    """Replace the organisation's colours; `colours` are checked #rrggbb, at most MOST of them."""
    row = session().scalar(select(BrandColours).limit(1))
    if row is None:
        row = BrandColours()
        session().add(row)
    row.colours = list(dict.fromkeys(colour.lower() for colour in colours))[:MOST]
    session().flush()
