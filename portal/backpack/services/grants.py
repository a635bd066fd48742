"""Portals that a person allowed to push badges: Backpack Connect's tokens, which rotate and are kept as digests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Person
from portal.backpack.models import PortalGrant, SpentToken
from portal.backpack.services.badges import own_backpack
from portal.core import ids
from portal.core.clock import now
from portal.core.db import session

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.backpack.models import BackpackOwner


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """A pair of fresh tokens, known in the clear at this moment alone; `expires` is in seconds."""

    access: str
    refresh: str
    expires: int


def portals_of(owner: BackpackOwner | None) -> Select[Any]:
    """Return a SELECT of the portals that may push badges into a backpack, the latest first."""
    return (
        select(PortalGrant)
        .where(PortalGrant.owner_id == (owner.id if owner else None), PortalGrant.revoked_at.is_(None))
        .order_by(PortalGrant.granted_at.desc(), PortalGrant.id.desc())
    )


def allow_portal(person: Person, origin: str, scopes: str) -> Tokens:
    """Let the portal of an origin push badges to a person; what was allowed to it before ends.

    `scopes` are words separated by commas, as Backpack Connect writes them.
    """
    owner = own_backpack(person)
    grant = session().scalar(
        select(PortalGrant).where(PortalGrant.owner_id == owner.id, PortalGrant.origin == origin).with_for_update()
    )
    if grant is None:
        grant = PortalGrant(owner_id=owner.id, origin=origin)
        session().add(grant)
    else:
        session().execute(delete(SpentToken).where(SpentToken.grant_id == grant.id))
    grant.scopes, grant.granted_at, grant.revoked_at = scopes, now(), None
    return _renew(grant)


def _renew(grant: PortalGrant) -> Tokens:
    tokens = Tokens(access=ids.secret(), refresh=ids.secret(), expires=int(PortalGrant.LIFETIME.total_seconds()))
    grant.access_digest, grant.refresh_digest = ids.digest(tokens.access), ids.digest(tokens.refresh)
    grant.expires_at = now() + PortalGrant.LIFETIME
    session().flush()
    return tokens


def by_access_token(token: str) -> PortalGrant | None:
    """Return the grant of an access token that holds now; None for a token that is unknown, expired or revoked."""
    grant = session().scalar(
        select(PortalGrant)
        .where(PortalGrant.access_digest == ids.digest(token))
        .options(joinedload(PortalGrant.owner, innerjoin=True))
        .execution_options(populate_existing=True)  # it is asked for twice, and may have been revoked in between
    )
    if grant is None or grant.revoked_at is not None or grant.expires_at <= now():
        return None
    return grant


def holder_of(grant: PortalGrant) -> Person | None:
    """Return the person behind a grant while their account is active."""
    person = session().get(Person, grant.owner.person_id, populate_existing=True)
    return person if person is not None and person.active else None


def refresh_tokens(token: str) -> Tokens | None:
    """Exchange a refresh token for a new pair; None where it does not hold.

    Showing one that was exchanged before ends the grant: one of the two who had it is a thief (RFC 9700, 4.14.2).
    """
    digest = ids.digest(token)
    grant = session().scalar(select(PortalGrant).where(PortalGrant.refresh_digest == digest).with_for_update())
    if grant is None:
        spent = session().get(SpentToken, digest)
        stolen = session().get(PortalGrant, spent.grant_id) if spent else None
        if stolen is not None and stolen.revoked_at is None:
            revoke_portal(stolen)
        return None
    if grant.revoked_at is not None:
        return None
    session().add(SpentToken(digest=digest, grant_id=grant.id))
    return _renew(grant)


def revoke_portal(grant: PortalGrant) -> None:
    """End what a portal was allowed: its tokens hold no more from now on."""
    grant.revoked_at = now()
    session().flush()
