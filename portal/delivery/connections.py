"""What a person allowed this portal at a backpack: asked for, kept, used, withdrawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from sqlalchemy import select, update

from portal.core import crypto, ids
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import LaurelError, Refused
from portal.core.i18n import _
from portal.core.settings import absolute
from portal.delivery.backpacks import origin_of
from portal.delivery.models import Connection, ConsentRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select

    from portal.accounts.models import Person

CONSENT_LASTS = timedelta(minutes=30)
LONGEST_TOKEN = 4_000
DEFAULT_LIFE = 3600
LONGEST_LIFE = 366 * 24 * 3600
SCOPE = "issue"


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The pair of tokens of a permission, in the clear."""

    access: str
    refresh: str


class Denied(LaurelError):
    """The person, or their backpack, did not allow it."""


def connection_of(person_id: int, backpack_url: str) -> Connection | None:
    """Return a person's connection to a backpack, whether it holds or not, or None."""
    return session().scalar(
        select(Connection).where(Connection.person_id == person_id, Connection.backpack_url == backpack_url)
    )


def connections_of(person: Person) -> Select[Any]:
    """Return a SELECT of a person's connections that hold, the newest first."""
    return (
        select(Connection)
        .where(Connection.person_id == person.id, Connection.withdrawn_at.is_(None))
        .order_by(Connection.allowed_at.desc(), Connection.id.desc())
    )


def begin_consent(person: Person, *, backpack_url: str, back_to: str) -> tuple[str, str]:
    """Note that a person goes to a backpack's consent page; return its address and the digest the session must keep.

    `back_to` is a path of this portal, where they return to in the end. The way back holds a nonce that is good once, for
    half an hour, and only in a session that keeps its digest. (Mozilla Backpack Connect: GET /access.)
    """
    nonce = ids.secret()
    request = ConsentRequest(
        digest=ids.digest(nonce),
        person_id=person.id,
        backpack_url=backpack_url,
        back_to=back_to,
        expires_at=now() + CONSENT_LASTS,
    )
    session().add(request)
    session().flush()
    query = urlencode({"callback": absolute(f"/backpacks/return/{nonce}"), "scope": SCOPE})
    return f"{backpack_url}/access?{query}", request.digest


def finish_consent(person: Person, nonce: str, answer: Mapping[str, str]) -> tuple[ConsentRequest, Connection]:
    """Keep the tokens that a backpack sent a person back with; the nonce is spent whatever the answer is.

    Raises Refused where the nonce is unknown, used, too old or another person's, and Denied (with the request as its
    argument) where the backpack says no or its answer makes no sense. (Mozilla Backpack Connect: the return from /access.)
    """
    request = session().scalar(
        update(ConsentRequest)
        .where(
            ConsentRequest.digest == ids.digest(nonce),
            ConsentRequest.person_id == person.id,
            ConsentRequest.used_at.is_(None),
            ConsentRequest.expires_at > now(),
        )
        .values(used_at=now())
        .returning(ConsentRequest)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    if request is None:
        raise Refused(_("This way back from the backpack was used before or is too old. Begin again with Allow."))
    tokens, life = _tokens_of(answer)
    api_root = answer.get("api_root", "").rstrip("/")
    if answer.get("error") or tokens is None or not _belongs_to(api_root, request.backpack_url):
        raise Denied(request)
    connection = connection_of(person.id, request.backpack_url) or Connection(
        person_id=person.id, backpack_url=request.backpack_url
    )
    connection.api_root, connection.allowed_at, connection.withdrawn_at = api_root, now(), None
    keep_tokens(connection, tokens, life)
    session().add(connection)
    session().flush()
    return request, connection


def _belongs_to(api_root: str, backpack_url: str) -> bool:
    """Whether the backpack names an API of its own: tokens are sent nowhere else."""
    try:
        parts = urlsplit(api_root)
    except ValueError:
        return False
    plain = (
        not (parts.query or parts.fragment) and len(api_root) <= 500 and not any(ord(sign) <= 32 for sign in api_root)
    )
    return plain and origin_of(api_root) == origin_of(backpack_url)


def _tokens_of(answer: Mapping[str, Any]) -> tuple[Tokens | None, int]:
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not isinstance(access, str) or not isinstance(refresh, str):
        return None, 0
    if not access or not refresh or max(len(access), len(refresh)) > LONGEST_TOKEN:
        return None, 0
    life = str(answer.get("expires", ""))
    seconds = int(life) if life.isascii() and life.isdecimal() and len(life) < 10 else DEFAULT_LIFE
    return Tokens(access=access, refresh=refresh), min(max(seconds, 1), LONGEST_LIFE)


def new_tokens(answer: object) -> tuple[Tokens | None, int]:
    """Return the tokens in a backpack's answer to a refresh and their life in seconds, or None where there are none."""
    return _tokens_of(answer) if isinstance(answer, dict) else (None, 0)


def keep_tokens(connection: Connection, tokens: Tokens, seconds: int) -> None:
    """Encrypt a pair of tokens into the connection."""
    connection.tokens = crypto.encrypt(json.dumps([tokens.access, tokens.refresh]).encode())
    connection.expires_at = now() + timedelta(seconds=seconds)


def tokens_of(connection: Connection) -> Tokens | None:
    """Return the tokens of a connection that holds; None where it does not, or where the key that opens them is lost."""
    if not connection.holds or connection.tokens is None:
        return None
    try:
        access, refresh = json.loads(crypto.decrypt(connection.tokens))
    except (crypto.KeyLost, ValueError):
        return None
    return Tokens(access=access, refresh=refresh)


def withdraw(connection: Connection) -> None:
    """End a connection: the tokens are forgotten at once."""
    connection.tokens = None
    connection.withdrawn_at = now()
    session().flush()
