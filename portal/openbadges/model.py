"""The things a badge is made of, apart from the form that any one version of the standard gives them.

Every object carries the addresses of all its forms: `id` is its Open Badges 2.0 address, `id_v1` its 1.1 address and
`id_v3` its 3.0 identifier. Addresses of forms that are not composed may stay empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.openbadges.documents import Document


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """An issuer of badges, as the public sees it."""

    id: str
    """Address of the 2.0 Profile."""
    url: str
    """The issuer's own web site."""
    name: str
    email: str
    description: str = ""
    image_url: str = ""
    id_v1: str = ""
    """Address of the 1.1 issuer document."""
    url_v1: str = ""
    """A page on the origin that serves the badges; a Mozilla Backpack compares it with who sends. Default: `url`."""
    did: str = ""
    """The 3.0 identifier, a `did:web`."""
    public_key_id: str = ""
    """Address of the CryptographicKey that 2.0 signatures name, where there are any."""
    revocation_list: str = ""
    """Address of the 2.0 RevocationList, where there are signatures."""
    endorsements: tuple[Document, ...] = ()
    """Endorsements of the issuer by others, as credentials with a Data Integrity proof, carried in 3.0."""
    endorsement_tokens: tuple[str, ...] = ()
    """Endorsements of the issuer by others, as JWTs, carried in 3.0 tokens alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alignment:
    """What a badge corresponds to in a framework of somebody else's."""

    name: str
    url: str
    framework: str = ""
    code: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """Another form, version or translation of the same badge."""

    id: str
    language: str = ""
    version: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class BadgeClass:
    """What is awarded: one badge with its meaning, frozen when it is first given."""

    id: str
    issuer: Profile
    name: str
    description: str
    criteria_url: str
    """A page that people can read."""
    image_url: str
    criteria: str = ""
    """The criteria in Markdown."""
    image_alt: str = ""
    tags: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    language: str = ""
    """A BCP 47 language tag."""
    version: str = ""
    achievement_type: str = ""
    """One of the 3.0 vocabulary (`Badge`, `Course`, `Certificate` …) or a text that begins with `ext:`."""
    related: tuple[Related, ...] = ()
    endorsements: tuple[Document, ...] = ()
    """Endorsements by others, as credentials with a Data Integrity proof, carried in 3.0."""
    endorsement_tokens: tuple[str, ...] = ()
    """Endorsements by others, as JWTs, carried in 3.0 tokens alone."""
    id_v1: str = ""
    id_v3: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """Whom a badge is given to: an e-mail address that only its salted hash tells."""

    address: str
    salt: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What shows that a badge was earned."""

    url: str = ""
    name: str = ""
    description: str = ""
    narrative: str = ""
    genre: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """A grade or another outcome, with the description that 3.0 wants for it."""

    value: str
    name: str
    kind: str = "LetterGrade"
    """A `resultType` of the 3.0 vocabulary: `LetterGrade`, `Percent`, `RawScore`, `Result` …"""
    description_id: str = ""
    """Identifier of the result description, a `urn:uuid:` by preference; needed where there is a result."""
    minimum: str = ""
    maximum: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusEntry:
    """Where a 3.0 credential's revocation is written down: a list and a place in it."""

    list_url: str
    index: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Assertion:
    """One badge class given to one recipient."""

    id: str
    badge: BadgeClass
    recipient: Recipient
    issued_at: datetime
    expires_at: datetime | None = None
    image_url: str = ""
    """The baked picture's address."""
    evidence: tuple[Evidence, ...] = ()
    narrative: str = ""
    uid: str = ""
    """Unique at this issuer; 1.1 needs it. Default: the last part of the path of `id`."""
    id_v1: str = ""
    id_v3: str = ""
    id_signed: str = ""
    """Identifier of the signed 2.0 form; default: `urn:uuid` is not made up, so set it where that form is composed."""
    subject_id: str = ""
    """The holder's identifier in 3.0: a DID they gave, else a pseudonymous `urn:uuid:`."""
    result: Result | None = None
    status: StatusEntry | None = None
    activity_start: datetime | None = None
    activity_end: datetime | None = None
