"""A small web of badge documents, and samples of everything a badge may carry."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from PIL import Image

from portal.openbadges import model, ob11, ob20
from portal.openbadges.documents import Document, stable_bytes
from portal.openbadges.verifying import CannotFetch, Fetched

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ORIGIN = "https://portal.example"
ADDRESS = "Learner@Example.org"


def picture(size: int = 90, colour: str = "#206bc4") -> bytes:
    """Draw a PNG with a little noise, so that it is longer than a Mozilla Backpack's least size."""
    image = Image.effect_noise((size, size), 64).convert("RGB")
    image.paste(colour, (size // 4, size // 4, size // 2, size // 2))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


PNG = picture()
SVG = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- a badge > "quoted" -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" data-x="a>b"><circle cx="5" cy="5" r="4"/></svg>"""


def profile(origin: str = ORIGIN) -> model.Profile:
    """An issuer with everything that 1.1 and 2.0 know."""
    return model.Profile(
        id=f"{origin}/ob/issuer",
        id_v1=f"{origin}/ob/v1/issuer",
        url="https://academy.example/",
        url_v1=f"{origin}/about",
        name="Academy of Fjords",
        email="badges@academy.example",
        description="Learning by the water.",
        image_url=f"{origin}/ob/issuer.png",
    )


def badge_class(origin: str = ORIGIN) -> model.BadgeClass:
    """A badge class with every optional member."""
    return model.BadgeClass(
        id=f"{origin}/ob/badge/b1",
        id_v1=f"{origin}/ob/v1/badge/b1",
        issuer=profile(origin),
        name="Rådgiver – 一",
        description="Knows how to <advise> & listen.",
        criteria_url=f"{origin}/badges/b1",
        criteria="Read *everything*.",
        image_url=f"{origin}/ob/badge/b1.png",
        image_alt="A blue square",
        tags=("advice", "læring"),
        alignments=(
            model.Alignment(
                name="ESCO",
                url="http://data.europa.eu/esco/skill/1",
                framework="ESCO",
                code="S1.2",
                description="Advising others",
            ),
        ),
        language="nb-NO",
        version="2",
        related=(model.Related(id=f"{origin}/ob/badge/b0", version="1", language="nb-NO"),),
    )


def assertion(origin: str = ORIGIN) -> model.Assertion:
    """An assertion with every optional member."""
    return model.Assertion(
        id=f"{origin}/ob/assertion/a1",
        id_v1=f"{origin}/ob/v1/assertion/a1",
        badge=badge_class(origin),
        recipient=model.Recipient(address=ADDRESS, salt="s4lt"),
        issued_at=datetime(2026, 5, 1, 8, 30, 15, 999, tzinfo=UTC),
        expires_at=datetime(2027, 5, 1, 8, 30, 15, tzinfo=UTC),
        image_url=f"{origin}/ob/assertion/a1.png",
        evidence=(model.Evidence(url=f"{origin}/certificates/c1", name="Certificate", narrative="It says so."),),
        narrative="Earned on a rainy day.",
    )


def plain(source: model.Assertion) -> model.Assertion:
    """The same assertion without anything optional."""
    issuer = replace(source.badge.issuer, description="", image_url="")
    badge = replace(
        source.badge,
        issuer=issuer,
        criteria="",
        image_alt="",
        tags=(),
        alignments=(),
        language="",
        version="",
        related=(),
    )
    return replace(source, badge=badge, expires_at=None, image_url="", evidence=(), narrative="")


@dataclass
class World:
    """Addresses and what they answer; everything else is unreachable."""

    answers: dict[str, Fetched] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, url: str, accept: str) -> Fetched:
        """Answer as a fetch function does."""
        assert accept
        self.asked.append(url)
        if url not in self.answers:
            raise CannotFetch("there is no such host")
        return self.answers[url]

    def put(self, url: str, body: bytes | Document, kind: str = "application/json", status: int = 200) -> None:
        """Let an address answer."""
        self.answers[url] = Fetched(status, kind, body if isinstance(body, bytes) else stable_bytes(body))

    def host(self, source: model.Assertion) -> None:
        """Serve everything that belongs to an assertion, in 1.1 and 2.0."""
        badge, issuer = source.badge, source.badge.issuer
        self.put(source.id, ob20.assertion(source))
        self.put(badge.id, ob20.badge_class(badge))
        self.put(issuer.id, ob20.profile(issuer))
        self.put(source.id_v1, ob11.assertion(source))
        self.put(badge.id_v1, ob11.badge_class(badge))
        self.put(issuer.id_v1, ob11.issuer(issuer))
        for address in (badge.image_url, issuer.image_url, source.image_url):
            if address:
                self.put(address, PNG, "image/png")


def world_of(source: model.Assertion) -> World:
    """A world that serves one assertion and what belongs to it."""
    world = World()
    world.host(source)
    return world
