"""Lists of revoked credentials: one bit for each, compressed, in a credential of its own.

Sources: W3C Bitstring Status List 1.0; the older Status List 2021, which is read as well.
"""

from __future__ import annotations

import base64
import gzip
import secrets
import zlib
from typing import TYPE_CHECKING

from portal.openbadges.documents import Document, timestamp
from portal.openbadges.errors import N_, Unreadable
from portal.openbadges.keys.public import read_base64url
from portal.openbadges.ob30.contexts import CREDENTIALS_V2

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LENGTH = 131_072
"""How many entries a list has, at least (section 4.1): so many, that an index tells nothing of its holder."""

_MAX_BITS = 64_000_000
_GZIP = 31


class StatusList:
    """Which entries of one list are revoked."""

    def __init__(self, length: int = LENGTH, revoked: Iterable[int] = ()) -> None:
        """Make a list of `length` entries with these ones set."""
        if length < LENGTH or length % 8:
            msg = f"a status list has at least {LENGTH} entries, a multiple of eight"
            raise ValueError(msg)
        self.length = length
        self._bits = bytearray(length // 8)
        for index in revoked:
            self.revoke(index)

    def revoke(self, index: int) -> None:
        """Set an entry; there is no way back, since others may have seen it."""
        if not 0 <= index < self.length:
            msg = f"there is no entry {index}"
            raise IndexError(msg)
        self._bits[index // 8] |= 0x80 >> index % 8

    def __contains__(self, index: int) -> bool:
        return 0 <= index < self.length and bool(self._bits[index // 8] & (0x80 >> index % 8))

    def encoded(self) -> str:
        """Write as `encodedList`: multibase base64url of gzip, the same bytes for the same list."""
        packed = gzip.compress(bytes(self._bits), mtime=0)
        return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def random_index(length: int = LENGTH) -> int:
    """Draw an index for a new credential; whoever stores it draws again where it is taken."""
    return secrets.randbelow(length)


def status_list_credential(
    statuses: StatusList,
    *,
    address: str,
    issuer: str,
    valid_from: datetime,
    valid_until: datetime | None = None,
) -> Document:
    """Compose the BitstringStatusListCredential (section 2.2), unsigned, to be served at `address`.

    `issuer` is the same DID as in the credentials whose status it holds.
    """
    document: Document = {
        "@context": [CREDENTIALS_V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": timestamp(valid_from),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": statuses.encoded(),
        },
    }
    return document | ({"validUntil": timestamp(valid_until)} if valid_until else {})


def bit_of(encoded: str, index: int) -> bool:
    """Read one entry of somebody's `encodedList`, unpacking no more than it takes; raise `Unreadable`."""
    if not 0 <= index < _MAX_BITS:
        raise Unreadable(N_("The badge's place in the list is out of bounds."))
    machine = zlib.decompressobj(_GZIP)
    at = index // 8
    try:
        # base64url may hold a leading `u` as multibase (Bitstring Status List) or none (Status List 2021), whose
        # gzip always begins with H4s.
        packed = read_base64url(encoded if encoded.startswith("H4s") else encoded.removeprefix("u"))
        unpacked = machine.decompress(packed, at + 1)
    except (ValueError, zlib.error) as error:
        raise Unreadable(N_("The list is damaged.")) from error
    if len(unpacked) <= at:
        raise Unreadable(N_("The badge's place in the list is out of bounds."))
    return bool(unpacked[at] & (0x80 >> index % 8))
