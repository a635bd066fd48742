"""Finding the key that a signature names, and whose key it is.

Sources: W3C Controlled Identifiers 1.0, section 3.3 (Retrieve Verification Method); Open Badges 3.0, sections 8.2.4 and 8.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from portal.openbadges.errors import N_, Unreadable
from portal.openbadges.examining import members
from portal.openbadges.examining.fetching import ACCEPT_KEY
from portal.openbadges.keys import PublicKey
from portal.openbadges.keys.did import did_web_address, document_of_key, key_of_method
from portal.openbadges.text import host_of

if TYPE_CHECKING:
    from portal.openbadges.documents import Document
    from portal.openbadges.examining.fetching import Visits


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key, and who says that it is theirs."""

    key: PublicKey
    controller: str = ""
    """Whose document lists it for assertions; empty for a bare key at an address."""
    host: str = ""
    """The host that publishes it."""

    def belongs_to(self, issuer: str) -> bool:
        """Whether it is this issuer's: named in their document, or, for a bare key, published on their host."""
        if self.controller:
            return self.controller == issuer
        return bool(self.host) and self.host == host_of_identifier(issuer)


def document_of(identifier: str, visits: Visits) -> Document:
    """Read the document of a DID or address.

    Raise `CannotFetch`, `NotServed` or `Unreadable`, the last also where the document is somebody else's.
    """
    if identifier in visits.known:
        return visits.known[identifier]
    if not identifier.startswith("did:"):
        return visits.document(identifier, ACCEPT_KEY)
    document = document_of_key(identifier)
    if document is not None:
        return document
    if not identifier.startswith("did:web:"):
        raise Unreadable(N_("Identifiers of this kind are not known here."))
    document = visits.document(did_web_address(identifier), ACCEPT_KEY)
    if members.identifier(document) != identifier:
        raise Unreadable(N_("The document there is that of another identifier."))
    return document


def find_key(reference: str, visits: Visits) -> FoundKey:
    """Find the key behind a `verificationMethod` or `kid`; raises what `document_of` raises."""
    base = urldefrag(reference).url
    document = document_of(base, visits)
    host = host_of_identifier(base)
    jwk = _jwk(document, reference)
    if jwk is not None:
        return FoundKey(PublicKey.of_jwk(jwk), host=host)
    method = _method(document, reference, base)
    controller = members.identifier(method.get("controller")) or members.identifier(method.get("owner"))
    if not controller:
        return FoundKey(key_of_method(method), host=host)
    own = document if members.identifier(document) == controller else document_of(controller, visits)
    if members.identifier(own) != controller or not _may_assert(own, reference):
        raise Unreadable(N_("Its owner does not name it as a key for badges, or no longer does."))
    return FoundKey(key_of_method(method), controller, host)


def lists_key(issuer: str, key: PublicKey, visits: Visits) -> bool:
    """Whether an issuer's own document lists a key for assertions; raises what `document_of` raises."""
    document = document_of(issuer, visits)
    for method in _methods(document):
        try:
            same = key_of_method(method).thumbprint() == key.thumbprint()
        except Unreadable:
            continue
        if same and _may_assert(document, members.identifier(method)):
            return True
    return False


def _jwk(document: Document, reference: str) -> Document | None:
    """Take a bare JWK, or the one that is meant in a set of them."""
    if isinstance(document.get("kty"), str):
        return document
    keys = members.objects(document.get("keys"))
    named = [key for key in keys if key.get("kid") in (reference, urldefrag(reference).fragment or None)]
    if named:
        return named[0]
    return keys[0] if len(keys) == 1 else None


def _methods(document: Document) -> list[Document]:
    names = ("verificationMethod", "assertionMethod", "publicKey")
    return [method for name in names for method in members.objects(document.get(name))]


def _method(document: Document, reference: str, base: str) -> Document:
    for method in _methods(document):
        name = members.identifier(method)
        if reference == (base + name if name.startswith("#") else name):
            return method
    if members.identifier(document) == reference:
        return document
    raise Unreadable(N_("It is not in the document that should hold it."))


def _may_assert(document: Document, reference: str) -> bool:
    """Tell whether a document lets a key assert; one without the list, as older ones are, lets each of its own."""
    if "assertionMethod" not in document and document.get("publicKey"):
        return any(members.identifier(item) == reference for item in members.listed(document["publicKey"]))
    base = members.identifier(document)
    names = {members.identifier(item) for item in members.listed(document.get("assertionMethod"))}
    return reference in names | {base + name for name in names if name.startswith("#")}


def host_of_identifier(identifier: str) -> str:
    """Tell the host that speaks for a `did:web` or an address; empty where none does."""
    if identifier.startswith("did:web:"):
        try:
            return host_of(did_web_address(identifier.partition("#")[0]))
        except Unreadable:
            return ""
    return host_of(identifier)
