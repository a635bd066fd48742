"""What stands on one certificate: its words, pictures and colours, ready for a layout."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from portal.certificates.design.colours import shades
from portal.certificates.design.designs import Signature
from portal.certificates.design.wording import filled
from portal.certificates.paper import codes
from portal.certificates.paper.words import Words
from portal.core import storage
from portal.core.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.certificates.design.designs import Design

FOLDER = Path(__file__).resolve().parent
PARTS = "parts.typ"
PRINTED = 1024
STATEMENT = "has completed the learning path {path}[, {hours}][, grade {grade}]."


@dataclass(frozen=True, kw_only=True)
class Achievement:
    """What one certificate says: whose it is, of what, from when to when; `zone` is where its days are counted."""

    name: str
    path: str
    issuer: str
    number: str
    issued: datetime
    check_link: str
    language: str = "en"
    valid_until: datetime | None = None
    zone: str = "UTC"
    grade: float | None = None
    minutes: int | None = None
    cover_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A certificate ready to be set: the layout's file, its data as JSON, and the keys of the pictures that it shows."""

    layout: Path
    data: dict[str, Any]
    pictures: tuple[str, ...]
    fresh: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The SHA-256 of everything that stands on the certificate, in hex."""
        return self.digest_of("")

    def digest_of(self, edition: str) -> str:
        """Return the SHA-256 of everything that stands on it, and of the edition of the layouts that draw it."""
        said = json.dumps([self.layout.stem, self.data, edition], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()

    def retold(self, layout: Path, **changes: Any) -> Sheet:
        """Return the same in another layout, with some of it changed."""
        return replace(self, layout=layout, data={**self.data, **changes})

    @property
    def files(self) -> dict[str, bytes]:
        """The files that the layout reads, by name."""
        link, colours = self.data["check_link"], self.data["colours"]
        return {
            PARTS: (FOLDER / PARTS).read_bytes(),
            "code.svg": codes.svg(link, colours["code"]),
        } | {key: self.fresh.get(key) or storage.read(key) for key in self.pictures}


def sheet(design: Design, achievement: Achievement, fresh: Mapping[str, bytes] | None = None) -> Sheet:
    """Return a certificate as a design shows it; `fresh` holds pictures that are not stored yet, by key."""
    fresh = fresh or {}
    words = Words(design.language or achievement.language)
    values = _values(achievement, words)
    width, height = design.millimetres
    data: dict[str, Any] = {
        "language": words.language,
        "width": width,
        "height": height,
        "colours": dict(shades(design.primary, design.accent, design.ground)),
        "title": words.say("Certificate: %(title)s", title=achievement.path),
        "heading": _line(design.heading or words.say("Certificate of completion"), values),
        "opening": _line(design.opening or words.say("This certifies that"), values),
        "name": achievement.name,
        "statement": filled(design.statement or words.say(STATEMENT), values),
        "closing": filled(design.closing, values),
        "facts": _facts(achievement, values, words),
        "issuer": achievement.issuer,
        "signatures": [_signed(one, words, fresh) for one in _signatures(design, achievement, words)],
        "logo": design.logo_key,
        "logo_alt": words.say("Logo of %(name)s", name=achievement.issuer),
        "logo_ratio": _ratio(design.logo_key, fresh),
        "picture": _cover(achievement.cover_key),
        "picture_alt": words.say("Badge of %(title)s", title=achievement.path),
        "code_alt": words.say("QR code that leads to the public check of this certificate"),
        "check_words": words.say("Check it at"),
        "check_address": f"{settings().base_url.partition('://')[2]}/check",
        "check_link": achievement.check_link,
    }
    pictures = [design.logo_key, data["picture"], *(one["picture"] for one in data["signatures"])]
    return Sheet(
        layout=FOLDER / "layouts" / f"{design.layout}.typ",
        data=data,
        pictures=tuple(key for key in pictures if key),
        fresh=fresh,
    )


def _values(achievement: Achievement, words: Words) -> dict[str, str]:
    until, grade, minutes = achievement.valid_until, achievement.grade, achievement.minutes
    return {
        "name": achievement.name,
        "path": achievement.path,
        "issued": words.date(achievement.issued, achievement.zone),
        "valid_until": words.date(until, achievement.zone) if until else "",
        "grade": "" if grade is None else words.percent(grade),
        "hours": words.time(minutes) if minutes else "",
        "number": achievement.number,
        "issuer": achievement.issuer,
    }


def _facts(achievement: Achievement, values: Mapping[str, str], words: Words) -> list[tuple[str, str]]:
    until = values["valid_until"]
    return [
        (words.say("Issued"), values["issued"]),
        (words.say("Valid until"), until) if until else (words.say("Validity"), words.say("Permanent")),
        (words.say("Certificate number"), achievement.number),
    ]


def _line(text: str, values: Mapping[str, str]) -> str:
    return "".join(piece for piece, _strong in filled(text, values))


def _signatures(design: Design, achievement: Achievement, words: Words) -> tuple[Signature, ...]:
    issuer = Signature(name=achievement.issuer, role=words.say("Issuer of this certificate"))
    return design.signatures or (issuer,)


def _signed(one: Signature, words: Words, fresh: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "name": one.name,
        "role": one.role,
        "script": one.script,
        "picture": one.picture_key,
        "ratio": _ratio(one.picture_key, fresh),
        "alt": words.say("Signature of %(name)s", name=one.name),
    }


def _ratio(key: str | None, fresh: Mapping[str, bytes]) -> float:
    """Return how many times wider than high a picture is."""
    if key is None:
        return 1.0
    with Image.open(io.BytesIO(fresh.get(key) or storage.read(key))) as image:
        return round(image.width / image.height, 4)


def _cover(key: str | None) -> str | None:
    """Return the key of the cover as it is printed: at most 1,024 pixels wide and high, and never a WebP."""
    if key is None:
        return None
    small = f"{hashlib.sha256(f'printed:{key}'.encode()).hexdigest()}.png"
    if storage.has(small):
        return small
    with Image.open(io.BytesIO(storage.read(key))) as image:
        if max(image.size) <= PRINTED and image.format in {"PNG", "JPEG"}:
            return key
        shown = image.convert("RGBA" if image.has_transparency_data else "RGB")
        shown.thumbnail((PRINTED, PRINTED), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        shown.save(buffer, "PNG")
    storage.keep_as(small, buffer.getvalue())
    return small


def sample(*, name: str, path: str, issuer: str, issued: datetime, language: str) -> Achievement:
    """Return a made-up achievement, as a preview shows it; issued on a day, so that a preview can be kept."""
    day = issued.astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    return Achievement(
        name=name,
        path=path,
        issuer=issuer,
        number="7F3K-92QD-4MRT-X8WB",
        issued=day,
        valid_until=day + timedelta(days=730),
        check_link=f"{settings().base_url}/check",
        language=language,
        grade=92,
        minutes=14 * 60,
    )
