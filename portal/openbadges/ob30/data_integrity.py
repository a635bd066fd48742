"""Data Integrity proofs: signing with eddsa-rdfc-2022, checking that, ecdsa-rdfc-2019 and the older Ed25519Signature2020.

Sources: W3C Verifiable Credential Data Integrity 1.0; Data Integrity EdDSA Cryptosuites 1.0 section 3.2; Data Integrity
ECDSA Cryptosuites 1.0 section 3.2; the Ed25519 Signature 2020 report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256, sha384
from typing import TYPE_CHECKING

import base58

from portal.openbadges.documents import Document, stable_bytes, timestamp
from portal.openbadges.errors import N_, Unreadable
from portal.openbadges.examining import members
from portal.openbadges.keys.public import PublicKey, read_multibase
from portal.openbadges.moulds import TextMould
from portal.openbadges.ob30.canonical import canonicalise
from portal.openbadges.ob30.contexts import Contexts, default_contexts
from portal.openbadges.ob30.shapes import Canonicaliser, CanonicalMould
from portal.openbadges.text import check_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from portal.openbadges.keys import Ed25519Pair

SUITE = "eddsa-rdfc-2022"
_VALUE = "laurel-mark-proof-value"
_KINDS = {"eddsa-rdfc-2022": ("Ed25519",), "ecdsa-rdfc-2019": ("P-256", "P-384"), "Ed25519Signature2020": ("Ed25519",)}
_ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"


@dataclass(slots=True)
class Signer:
    """Signs credentials with one key; shapes are prepared once and kept, so keep the signer. Safe between threads."""

    pair: Ed25519Pair
    method: str
    """The key's identifier in the issuer's document (`keys.did.key_id`)."""
    canonicaliser: Canonicaliser = field(default_factory=lambda: Canonicaliser(default_contexts()))

    def sign(self, credential: Document, *, created: datetime) -> Document:
        """Return the credential with a proof (eddsa-rdfc-2022, section 3.2.1).

        `created` is an aware time, written in whole seconds. Raise `Unfit` for texts and members that no verifier would
        accept (safe mode), with the place as field, and `Unreadable` for unknown contexts.
        """
        check_document(credential)
        proof, options = self._proof(credential, created)
        canonical = self.canonicaliser.canonicalise
        message = b"".join(sha256(canonical(part).encode()).digest() for part in (options, credential))
        value = "z" + base58.b58encode(self.pair.sign(message)).decode()
        return {**credential, "proof": [{**proof, "proofValue": value}]}

    def _proof(self, credential: Document, created: datetime) -> tuple[Document, Document]:
        """Return a proof without its value, and the options that the signature covers."""
        proof: Document = {
            "type": "DataIntegrityProof",
            "cryptosuite": SUITE,
            "created": timestamp(created),
            "verificationMethod": self.method,
            "proofPurpose": "assertionMethod",
        }
        return proof, {"@context": credential["@context"], **proof}

    def mould(self, credential: Document, *, created: datetime, marks: Iterable[str]) -> SignedMould | None:
        """Return a way to sign credentials that differ from this one in their marks alone; None where there is none."""
        check_document(credential)
        canonical = self.canonicaliser.mould(credential, marks)
        if canonical is None:
            return None
        proof, options = self._proof(credential, created)
        digest = sha256(self.canonicaliser.canonicalise(options).encode()).digest()
        said = stable_bytes({**credential, "proof": [{**proof, "proofValue": _VALUE}]}).decode()
        return SignedMould(self.pair, digest, canonical, TextMould(said, [*marks, _VALUE]))


@dataclass(frozen=True, slots=True)
class SignedMould:
    """Signs many credentials that are alike (see `portal.openbadges.moulds`)."""

    pair: Ed25519Pair
    options_digest: bytes
    canonical: CanonicalMould
    said: TextMould

    def sign(self, values: Mapping[str, str]) -> bytes | None:
        """Return the bytes of one signed credential; None where it has to be signed by itself."""
        canonical = self.canonical.fill(values)
        if canonical is None:
            return None
        signature = self.pair.sign(self.options_digest + sha256(canonical.encode()).digest())
        return self.said.fill({**values, _VALUE: "z" + base58.b58encode(signature).decode()}).encode()


def check_signable(credential: Document, contexts: Contexts | None = None) -> None:
    """Refuse what `Signer.sign` would refuse, without signing: ask when a badge is saved.

    Raise `Unfit` with the member's place or name as field, and `Unreadable` for what is no JSON-LD at all.
    """
    check_document(credential)
    canonicalise(credential, contexts or default_contexts())


def suite_of(proof: Document) -> str:
    """Name the cryptosuite of a proof; for older proofs, their type."""
    kinds = members.types(proof)
    return members.text(proof, "cryptosuite") if "DataIntegrityProof" in kinds else next(iter(kinds), "")


def is_supported(proof: Document) -> bool:
    """Whether proofs of this kind can be checked here."""
    return suite_of(proof) in _KINDS


def is_proved(credential: Document, proof: Document, key: PublicKey, contexts: Contexts) -> bool:
    """Whether one proof of a credential is right under this key.

    Raise `Unfit` or `Unreadable` where the document cannot be canonicalised without doubt.
    """
    suite = suite_of(proof)
    if key.kind not in _KINDS.get(suite, ()):
        return False
    try:
        signature = read_multibase(members.text(proof, "proofValue"))
    except Unreadable:
        return False
    document = {name: value for name, value in credential.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    options["@context"] = _options_context(document, proof)
    digest = sha384 if key.kind == "P-384" else sha256
    message = b"".join(digest(canonicalise(part, contexts).encode()).digest() for part in (options, document))
    return key.accepts(signature, message)


def _options_context(document: Document, proof: Document) -> object:
    context = document.get("@context")
    if context is None:
        raise Unreadable(N_("It names no context."))
    if suite_of(proof) == "Ed25519Signature2020" and _ED25519_2020 not in members.listed(context):
        return [*members.listed(context), _ED25519_2020]
    return context
