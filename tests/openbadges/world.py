"""A small web of badge documents, and samples of everything a badge may carry."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from PIL import Image

from portal.openbadges import model, ob11, ob20, ob30
from portal.openbadges.documents import Document, stable_bytes
from portal.openbadges.keys import Ed25519Pair, RsaPair
from portal.openbadges.keys.did import PublishedKey, did_document, key_id
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
        evidence=(
            model.Evidence(url=f"{origin}/certificates/c1", name="Certificate", narrative="It says so."),
            model.Evidence(url=f"{origin}/work/w1", name="A plan", genre="Reviewed work", description="Ten pages"),
            model.Evidence(narrative="Ten people were advised.", name="What was done"),
        ),
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


DID = "did:web:portal.example"
ED25519 = Ed25519Pair.generate()
RSA = RsaPair.generate()
JWK_ADDRESS = f"{ORIGIN}/ob/v3/keys/rsa"
LIST_ADDRESS = f"{ORIGIN}/ob/v3/status/1"
LIST_TOKEN_ADDRESS = f"{ORIGIN}/ob/v3/status/1.jwt"
SIGNER = ob30.Signer(ED25519, key_id(DID, ED25519.public))


def assertion_v3(origin: str = ORIGIN) -> model.Assertion:
    """An assertion with everything that 3.0 and signed 2.0 add."""
    source = assertion(origin)
    issuer = replace(
        source.badge.issuer,
        did=DID,
        public_key_id=f"{origin}/ob/keys/rsa",
        revocation_list=f"{origin}/ob/revoked",
    )
    badge = replace(
        source.badge,
        issuer=issuer,
        id_v3=f"{origin}/ob/v3/badge/b1",
        achievement_type="Course",
        related=(*source.badge.related, model.Related(id=source.badge.id)),
    )
    return replace(
        source,
        badge=badge,
        id_v3=f"{origin}/ob/v3/credential/a1",
        id_signed="urn:uuid:7b8f1c1e-aaaa-4000-8000-000000000001",
        subject_id="urn:uuid:7b8f1c1e-bbbb-4000-8000-000000000001",
        status=model.StatusEntry(list_url=LIST_ADDRESS, index=4_711),
        result=model.Result(
            value="A",
            name="Grade",
            description_id="urn:uuid:7b8f1c1e-cccc-4000-8000-000000000001",
            maximum="A",
            minimum="F",
        ),
        activity_start=datetime(2026, 4, 1, tzinfo=UTC),
        activity_end=datetime(2026, 4, 30, tzinfo=UTC),
    )


def plain_v3(source: model.Assertion) -> model.Assertion:
    """The same without anything optional."""
    bare = plain(source)
    badge = replace(bare.badge, achievement_type="")
    return replace(bare, badge=badge, result=None, status=None, activity_start=None, activity_end=None)


def host_v3(world: World, revoked: tuple[int, ...] = (), keys: tuple[PublishedKey, ...] = ()) -> None:
    """Serve an issuer's keys and its status list in both forms."""
    keys = keys or (PublishedKey(ED25519.public), PublishedKey(RSA.public))
    world.put(f"{ORIGIN}/.well-known/did.json", did_document(DID, keys), "application/did+ld+json")
    world.put(JWK_ADDRESS, RSA.public.jwk(), "application/jwk+json")
    statuses = ob30.StatusList(revoked=revoked)
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    listing = ob30.status_list_credential(statuses, address=LIST_ADDRESS, issuer=DID, valid_from=moment)
    world.put(LIST_ADDRESS, SIGNER.sign(listing, created=moment), "application/vc+ld+json")
    token_listing = ob30.status_list_credential(statuses, address=LIST_TOKEN_ADDRESS, issuer=DID, valid_from=moment)
    token = ob30.sign_jwt(token_listing, RSA, key_address=JWK_ADDRESS)
    world.put(LIST_TOKEN_ADDRESS, token.encode(), "application/vc+jwt")


def host_signed(world: World, source: model.Assertion, revoked: tuple[str, ...] = ()) -> None:
    """Serve what signed 2.0 badges need."""
    issuer = source.badge.issuer
    key = ob20.cryptographic_key(issuer.public_key_id, issuer.id, RSA.public)
    world.put(issuer.public_key_id, key, "application/ld+json")
    listing = ob20.revocation_list(issuer.revocation_list, issuer.id, [(name, "By mistake") for name in revoked])
    world.put(issuer.revocation_list, listing, "application/ld+json")


def world_v3(source: model.Assertion) -> World:
    """A world that serves one assertion in every form."""
    world = world_of(source)
    host_v3(world)
    host_signed(world, source)
    return world
