"""A person's own decentralised identifier (DID): said by them, well formed, and proven by nobody."""

from __future__ import annotations

import re

from portal.accounts.models import Person
from portal.badges.models import OwnIdentifier
from portal.core import clock
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.openbadges.errors import Unreadable
from portal.openbadges.keys.did import did_web_address, document_of_key
from portal.openbadges.text import is_web_address

MOST = 255
_WELL_FORMED = re.compile(r"did:(?:key|web):[A-Za-z0-9._%:-]*[A-Za-z0-9._-]")


def own_identifier(person: Person) -> str:
    """Return the identifier that a person said is theirs, or an empty text."""
    row = session().get(OwnIdentifier, person.id)
    return row.did if row else ""


def say_identifier(person: Person, did: str) -> None:
    """Keep the identifier that a person says is theirs; an empty one takes it back. Flushed.

    Raises Refused naming the field `did` for anything but a did:key whose key can be read and a did:web that leads to a web
    address. (W3C DID Core 1.0, section 3.1; did:key and did:web method specifications.)
    """
    did = did.strip()
    row = session().get(OwnIdentifier, person.id)
    if not did:
        if row is not None:
            session().delete(row)
            session().flush()
        return
    _check(did)
    row = row or OwnIdentifier(person_id=person.id)
    row.did, row.said_at = did, clock.now()
    session().add(row)
    session().flush()


def _check(did: str) -> None:
    if len(did) > MOST:
        raise Refused(_("Use at most %(most)s characters here.", most=MOST), field="did")
    if not _WELL_FORMED.fullmatch(did):
        raise Refused(_("Enter an identifier that begins with did:key: or did:web:, without a # part."), field="did")
    try:
        whole = is_web_address(did_web_address(did)) if did.startswith("did:web:") else bool(document_of_key(did))
    except (Unreadable, ValueError):
        whole = False
    if not whole:
        raise Refused(_("This identifier is cut off or mistyped. Copy it again from your wallet, whole."), field="did")
