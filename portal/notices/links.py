"""The links in mails that end such mails: signed, so that they need no sign-in and name nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from portal.accounts.models import Person
from portal.accounts.services import person_by_public_id
from portal.core.settings import address_of
from portal.notices.kinds import BY_NAME, Kind

ALL = "all"


@dataclass(frozen=True)
class Unsubscription:
    """Whose mails a link ends: of one kind, or all where `kind` is None."""

    person: Person
    kind: Kind | None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(cast("str", current_app.secret_key), salt="laurel.notices.unsubscribe")


def token_for(public_id: str, kind: str = ALL) -> str:
    """Return the token that ends a person's mails of one kind, or of all kinds."""
    return str(_signer().dumps([public_id, kind]))


def address_for(public_id: str, kind: str = ALL) -> str:
    """Return the address that ends a person's mails of one kind, or of all kinds."""
    return address_of("notices.unsubscribe", token=token_for(public_id, kind))


def read(token: str) -> Unsubscription | None:
    """Return what a token ends, or None where this portal did not sign it or its person or kind is no more."""
    try:
        public_id, kind = _signer().loads(token)
    except (BadData, ValueError, TypeError):
        return None
    person = person_by_public_id(public_id)
    if person is None or (kind != ALL and kind not in BY_NAME):
        return None
    return Unsubscription(person, BY_NAME.get(kind))
