"""Who may make statements: keys that outside content has for one step, and a learner's own launch of it for some hours."""

from __future__ import annotations

import binascii
import secrets
import uuid
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.core import ids
from portal.core.clock import now
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.learning.models import ActivityKey, LearningPath, Membership

MOST_KEYS = 20
LAUNCH = "launch"
LAUNCH_SECONDS = 12 * 3600
LONGEST_HEADER = 2000


@dataclass(frozen=True)
class Caller:
    """Whoever makes statements: for which step of which path, by which key, or for which member by their own launch."""

    path_id: int
    step_key: str
    key: ActivityKey | None = None
    membership: Membership | None = None
    launched_at: datetime | None = None


def key_by_public_id(public_id: str) -> ActivityKey | None:
    """Return the key of a public id with its path, or None."""
    return session().scalar(
        select(ActivityKey).where(ActivityKey.public_id == public_id).options(joinedload(ActivityKey.path))
    )


def keys_of(path: LearningPath, key: str) -> Sequence[ActivityKey]:
    """Return the keys of a step, the newest first; revoked ones too."""
    statement = (
        select(ActivityKey)
        .where(ActivityKey.path_id == path.id, ActivityKey.step_key == key)
        .order_by(ActivityKey.id.desc())
    )
    return session().scalars(statement).all()


def make_key(path: LearningPath, step_key: str, name: str, by: Person) -> tuple[ActivityKey, str]:
    """Make a key for a step; return it with its secret, which is stored as a digest alone. Flushed.

    Raises Refused where a step has too many.
    """
    statement = select(func.count()).where(
        ActivityKey.path_id == path.id, ActivityKey.step_key == step_key, ActivityKey.revoked_at.is_(None)
    )
    if (session().scalar(statement) or 0) >= MOST_KEYS:
        raise Refused(_("A step can have at most %(most)s keys. Revoke one first.", most=MOST_KEYS), field="name")
    secret = ids.secret()
    row = ActivityKey(
        path_id=path.id,
        step_key=step_key,
        name=name,
        key=ids.public_id(),
        secret_digest=ids.digest(secret),
        created_by_id=by.id,
    )
    session().add(row)
    session().flush()
    return row, secret


def revoke_key(key: ActivityKey) -> None:
    """Let a key make no more statements; what it made stays. Flushed."""
    if key.revoked_at is None:
        key.revoked_at = now()
        session().flush()


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(cast("str", current_app.secret_key), salt="laurel-xapi-launch")


def launch_authorization(membership: Membership, step_key: str) -> str:
    """Return the Authorization header with which content that a learner opened speaks of them, for twelve hours."""
    token = _seal().dumps([membership.public_id, step_key])
    return "Basic " + b64encode(f"{LAUNCH}:{token}".encode()).decode()


def registration_of(membership: Membership, step_key: str) -> str:
    """Return the registration of a learner's work on a step: the same UUID each time they open it."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"laurel:{membership.source}:{step_key}"))


def caller_of(header: str) -> Caller | None:
    """Return who stands behind an Authorization header (RFC 7617), or None."""
    scheme, _space, coded = header.strip().partition(" ")
    if scheme.lower() != "basic" or len(header) > LONGEST_HEADER:
        return None
    try:
        user, colon, password = b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    if not colon:
        return None
    return _launched(password) if user == LAUNCH else _keyed(user, password)


def _keyed(user: str, password: str) -> Caller | None:
    row = session().scalar(select(ActivityKey).where(ActivityKey.key == user, ActivityKey.revoked_at.is_(None)))
    digest = row.secret_digest if row is not None else ids.digest("")
    fits = secrets.compare_digest(digest, ids.digest(password))
    return Caller(row.path_id, row.step_key, key=row) if row is not None and fits else None


def _launched(token: str) -> Caller | None:
    try:
        (member, step_key), made = _seal().loads(token, max_age=LAUNCH_SECONDS, return_timestamp=True)
    except (BadSignature, ValueError, TypeError):
        return None
    membership = session().scalar(
        select(Membership)
        .where(Membership.public_id == member, Membership.left_at.is_(None))
        .options(joinedload(Membership.person))
    )
    if membership is None or not membership.person.active:
        return None
    return Caller(membership.path_id, step_key, membership=membership, launched_at=made)
