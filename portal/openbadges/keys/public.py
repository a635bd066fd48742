"""A public key, whatever form it was published in: multibase, JWK or PEM."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

import base58
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from portal.openbadges.errors import N_, Unreadable

Material = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey

_ED25519 = b"\xed\x01"
_CURVES: dict[bytes, tuple[str, ec.EllipticCurve]] = {
    b"\x80\x24": ("P-256", ec.SECP256R1()),
    b"\x81\x24": ("P-384", ec.SECP384R1()),
}
_HASHES: dict[str, hashes.HashAlgorithm] = {"P-256": hashes.SHA256(), "P-384": hashes.SHA384()}
_MAX_TEXT = 4_096
_LEAST_RSA_BITS = 2_048


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures."""

    material: Material

    @property
    def kind(self) -> str:
        """`Ed25519`, `P-256`, `P-384` or `RSA`."""
        if isinstance(self.material, ed25519.Ed25519PublicKey):
            return "Ed25519"
        if isinstance(self.material, rsa.RSAPublicKey):
            return "RSA"
        return {"secp256r1": "P-256", "secp384r1": "P-384"}.get(self.material.curve.name, self.material.curve.name)

    @property
    def algorithm(self) -> str:
        """The JWS algorithm that goes with this key."""
        return {"Ed25519": "EdDSA", "RSA": "RS256", "P-256": "ES256", "P-384": "ES384"}.get(self.kind, "")

    def accepts(self, signature: bytes, message: bytes) -> bool:
        """Whether a raw signature is right: Ed25519, or ECDSA as `r ‖ s` over the curve's own hash."""
        try:
            if isinstance(self.material, ed25519.Ed25519PublicKey):
                self.material.verify(signature, message)
            elif isinstance(self.material, ec.EllipticCurvePublicKey) and self.kind in _HASHES:
                size = (self.material.curve.key_size + 7) // 8
                if len(signature) != 2 * size:
                    return False
                r, s = (int.from_bytes(half, "big") for half in (signature[:size], signature[size:]))
                self.material.verify(encode_dss_signature(r, s), message, ec.ECDSA(_HASHES[self.kind]))
            else:
                return False
        except InvalidSignature:
            return False
        return True

    def multibase(self) -> str:
        """Write as `publicKeyMultibase` (Multikey); only Ed25519 and the NIST curves have one here."""
        if isinstance(self.material, ed25519.Ed25519PublicKey):
            raw = self.material.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return "z" + base58.b58encode(_ED25519 + raw).decode()
        for prefix, (kind, _curve) in _CURVES.items():
            if kind == self.kind:
                raw = self.material.public_bytes(
                    serialization.Encoding.X962,
                    serialization.PublicFormat.CompressedPoint,
                )
                return "z" + base58.b58encode(prefix + raw).decode()
        msg = f"there is no multibase form of a key of the kind {self.kind}"
        raise ValueError(msg)

    def jwk(self) -> dict[str, Any]:
        """Write as a JSON Web Key (RFC 7517) with nothing but the key itself and its algorithm."""
        return {**self.jose().as_dict(private=False), "alg": self.algorithm}

    def jose(self) -> RSAKey | ECKey | OKPKey:
        """Hand the key to the JOSE library."""
        pem = self.pem().encode()
        if self.kind == "RSA":
            return RSAKey.import_key(pem)
        return OKPKey.import_key(pem) if self.kind == "Ed25519" else ECKey.import_key(pem)

    def pem(self) -> str:
        """Write as PEM (SubjectPublicKeyInfo)."""
        return self.material.public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        ).decode()

    def thumbprint(self) -> str:
        """Compute the JWK thumbprint (RFC 7638), a short name of the key that anybody can compute."""
        return str(self.jose().thumbprint())

    @classmethod
    def of_multibase(cls, text: str) -> PublicKey:
        """Read a `publicKeyMultibase`; raise `Unreadable`."""
        raw = read_multibase(text)
        prefix, body = raw[:2], raw[2:]
        try:
            if prefix == _ED25519:
                return cls(ed25519.Ed25519PublicKey.from_public_bytes(body))
            if prefix in _CURVES:
                return cls(ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[prefix][1], body))
        except ValueError as error:
            raise Unreadable(N_("The key is damaged.")) from error
        raise Unreadable(N_("The key is of a kind that is not known here."))

    @classmethod
    def of_jwk(cls, jwk: object) -> PublicKey:
        """Read a JSON Web Key of the kinds RSA, EC and OKP; raise `Unreadable`."""
        if not isinstance(jwk, dict):
            raise Unreadable(N_("The key is damaged."))
        kinds: dict[object, type[RSAKey | ECKey | OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
        kind = kinds.get(jwk.get("kty"))
        if kind is None or len(json.dumps(jwk)) > _MAX_TEXT:
            raise Unreadable(N_("The key is of a kind that is not known here."))
        try:
            public = {name: jwk[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in jwk}
            return cls.of_pem(kind.import_key(public).as_pem(private=False).decode())
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm) as error:
            raise Unreadable(N_("The key is damaged.")) from error

    @classmethod
    def of_pem(cls, pem: str) -> PublicKey:
        """Read a PEM public key; raise `Unreadable`."""
        try:
            material = serialization.load_pem_public_key(pem.encode())
        except (ValueError, UnsupportedAlgorithm) as error:
            raise Unreadable(N_("The key is damaged.")) from error
        if not isinstance(material, ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            raise Unreadable(N_("The key is of a kind that is not known here."))
        if isinstance(material, rsa.RSAPublicKey) and material.key_size < _LEAST_RSA_BITS:
            raise Unreadable(N_("The key is too short to be trusted."))
        return cls(material)


def read_multibase(text: str) -> bytes:
    """Read multibase in base58btc (`z`) or base64url (`u`); raise `Unreadable`."""
    if len(text) > _MAX_TEXT:
        raise Unreadable(N_("The key is damaged."))
    try:
        if text.startswith("z") and text.isalnum():
            return bytes(base58.b58decode(text[1:]))
        if text.startswith("u"):
            return read_base64url(text[1:], strict=True)
    except ValueError as error:
        raise Unreadable(N_("The key is damaged.")) from error
    raise Unreadable(N_("The key is of a kind that is not known here."))


def read_base64url(text: str, *, strict: bool = False) -> bytes:
    """Read base64url; raise `ValueError`. Strict is the one spelling alone: no padding, no stray bits at the end."""
    try:
        raw = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    if strict and base64.urlsafe_b64encode(raw).rstrip(b"=") != text.encode():
        msg = "this is not the one spelling of these bytes"
        raise ValueError(msg)
    return raw
