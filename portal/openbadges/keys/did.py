"""Decentralised identifiers: composing an issuer's `did:web` document, and finding keys in others'.

Sources: W3C DID Core 1.0; did:web, did:key and did:jwk method specifications; W3C Controlled Identifiers 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from portal.openbadges.documents import Document, read_document
from portal.openbadges.errors import N_, Unreadable
from portal.openbadges.keys.public import PublicKey, read_base64url

if TYPE_CHECKING:
    from collections.abc import Iterable

CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A key in an issuer's document; `usable` is false for one that was marked compromised."""

    public: PublicKey
    usable: bool = True


def did_web(base_url: str) -> str:
    """Make the `did:web` of a site from its base address, for example `did:web:portal.example%3A8443:learn`."""
    parts = urlsplit(base_url)
    path = [quote(part, safe="") for part in parts.path.split("/") if part]
    return ":".join(["did:web", quote(parts.netloc.lower(), safe=""), *path])


def did_web_address(did: str) -> str:
    """Tell where the document of a `did:web` is published (always https); raise `Unreadable`."""
    host, *path = [unquote(part) for part in did.removeprefix("did:web:").split(":")]
    if not did.startswith("did:web:") or not host or "/" in host or "@" in host:
        raise Unreadable(N_("This is not a did:web identifier."))
    return f"https://{host}/{'/'.join(path)}/did.json" if path else f"https://{host}/.well-known/did.json"


def key_id(did: str, key: PublicKey) -> str:
    """Name a key inside its document: the fragment is the multibase key, or an RSA key's thumbprint."""
    return f"{did}#{key.thumbprint() if key.kind == 'RSA' else key.multibase()}"


def did_document(did: str, keys: Iterable[PublishedKey], *, also_known_as: Iterable[str] = ()) -> Document:
    """Compose an issuer's document with its present and retired keys.

    A compromised key stays listed, but no longer among those that may assert, so that what it signed fails.
    """
    methods: list[Document] = []
    asserting: list[str] = []
    for key in keys:
        name = key_id(did, key.public)
        if key.public.kind == "RSA":
            methods.append({"id": name, "type": "JsonWebKey", "controller": did, "publicKeyJwk": key.public.jwk()})
        else:
            multibase = key.public.multibase()
            methods.append({"id": name, "type": "Multikey", "controller": did, "publicKeyMultibase": multibase})
        if key.usable:
            asserting.append(name)
    document: Document = {"@context": CONTEXTS, "id": did}
    if names := list(also_known_as):
        document["alsoKnownAs"] = names
    return document | {"verificationMethod": methods, "assertionMethod": asserting}


def document_of_key(did: str) -> Document | None:
    """Unfold a `did:key` or `did:jwk`, which carry their key themselves; None for other methods; raise `Unreadable`."""
    did = did.partition("#")[0]
    if did.startswith("did:key:"):
        multibase = did.removeprefix("did:key:")
        PublicKey.of_multibase(multibase)
        method: Document = {
            "id": f"{did}#{multibase}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multibase,
        }
    elif did.startswith("did:jwk:"):
        try:
            jwk = read_document(read_base64url(did.removeprefix("did:jwk:")))
        except ValueError as error:
            raise Unreadable(N_("The key is damaged.")) from error
        method = {"id": f"{did}#0", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}
    else:
        return None
    return {"@context": CONTEXTS, "id": did, "verificationMethod": [method], "assertionMethod": [method["id"]]}


def key_of_method(method: Document) -> PublicKey:
    """Read the key of a verification method, whichever member holds it; raise `Unreadable`."""
    multibase, jwk, pem = (method.get(name) for name in ("publicKeyMultibase", "publicKeyJwk", "publicKeyPem"))
    if isinstance(multibase, str):
        return PublicKey.of_multibase(multibase)
    if jwk is not None:
        return PublicKey.of_jwk(jwk)
    if isinstance(pem, str):
        return PublicKey.of_pem(pem)
    if isinstance(method.get("kty"), str):
        return PublicKey.of_jwk(method)
    raise Unreadable(N_("The key is of a kind that is not known here."))
