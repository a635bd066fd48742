"""Giving a badge to somebody, once for every reason, and taking it back."""

from __future__ import annotations

import logging
import secrets
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.badges import addresses
from portal.badges.models import LIVE, Award, BadgeClass, Rebinding
from portal.badges.services.issuer import issuer, missing_for_issuing
from portal.badges.services.signing import compose, open_desk, sign
from portal.badges.services.statuses import sign_anew
from portal.badges.services.stories import UNTOLD, Story, story_of, tell
from portal.core import clock, ids, storage
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.settings import settings
from portal.openbadges.baking import KEYWORD_OB2, bake_png

if TYPE_CHECKING:
    from sqlalchemy import Select

    from portal.accounts.models import EmailAddress, Person
    from portal.badges.models import IssuerProfile

log = logging.getLogger(__name__)


def award(
    badge_class: BadgeClass,
    *,
    to: Person,
    address: EmailAddress,
    source: str,
    evidence_url: str = "",
    expires_at: datetime | None = None,
    subject_id: str = "",
    story: Story = UNTOLD,
) -> Award:
    """Give a badge to a person at one of their verified addresses, and return the award.

    `source` names why ("certificate:<public id>"): there is one live award for every source, and a repeat, also one at
    the same moment in another process, returns it; one that was only offered until now is accepted by it. `evidence_url`
    is a whole web address, `expires_at` aware, `subject_id` the person's own DID, or empty for one drawn by lot.
    `story` is what the award says of how it was earned. The
    documents are composed here and never change. Raises Refused where the issuer is not complete, or naming the field
    `address` where the address is not the person's or not verified. (Open Badges 1.1 and 2.0, Assertion.)
    """
    found = live_award(source)
    if found is not None and (not found.offered or _says(found, address, subject_id, story)):
        return accept(found)
    profile = _issuer_for(to, address)
    row = Award(
        public_id=ids.public_id(),
        badge_class_id=badge_class.id,
        badge_class=badge_class,
        person_id=to.id,
        recipient_address=address.address.lower(),
        salt=secrets.token_hex(16),
        issued_at=clock.now(),
        expires_at=expires_at,
        evidence_url=evidence_url,
        source=source,
        subject_id=subject_id or uuid.uuid4().urn,
        revocation_reason="",
        accepted_at=clock.now(),
    )
    tell(row, story)
    if found is not None:
        _end_for(found)
    with session().no_autoflush:
        desk = open_desk(profile)
        compose(row, desk)
        sign(row, profile, desk)
    kept = _kept(row)
    if found is not None:
        found.replaced_by_id = kept.id
    return kept


def _says(offered: Award, address: EmailAddress, subject_id: str, story: Story) -> bool:
    """Whether what was offered names the address and the subject that its holder chose, and tells their story."""
    if story_of(offered) != story:
        return False
    drawn = offered.subject_id.startswith("urn:uuid:")
    return offered.recipient_address == address.address.lower() and (
        offered.subject_id == subject_id if subject_id else drawn
    )


def _end_for(old: Award) -> None:
    """End an award because another one takes its place."""
    old.replaced_at = clock.now()
    sign_anew([old])


def accept(row: Award) -> Award:
    """Make public what was only offered, because its holder wants it; accepting again changes nothing.

    Raises Refused where it does not stand any more.
    """
    if row.offered_at is not None and not row.live:
        raise Refused(_("This badge does not stand any more, so it cannot be accepted."))
    if row.offered_at is not None:
        row.offered_at, row.accepted_at = None, clock.now()
        session().flush()
    return row


def decline(row: Award) -> Award:
    """End what was offered, because its holder does not want it: nothing of it was ever public, or ever is.

    Declining again changes nothing. Raises Refused where it was accepted meanwhile.
    """
    if row.offered_at is None:
        raise Refused(_("You have accepted this badge already. You can withdraw it from publication."))
    if row.live:
        row.withdrawn_at = clock.now()
        sign_anew([row])
    return row


def _kept(row: Award) -> Award:
    try:
        with session().begin_nested():
            session().add(row)
    except IntegrityError:
        found = live_award(row.source)
        if found is None:
            raise
        return found
    return row


def _issuer_for(person: Person, address: EmailAddress) -> IssuerProfile:
    if address.person_id != person.id or address.verified_at is None:
        raise Refused(_("Choose one of your verified e-mail addresses."), field="address")
    missing = missing_for_issuing()
    profile = issuer()
    if missing or profile is None:
        raise Refused(_("No badge can be given yet. An administrator has to name the issuer first."))
    if profile.base_url is None:
        profile.base_url = settings().base_url
    return profile


def live_award(source: str) -> Award | None:
    """Return the award that stands for a source, or None."""
    return session().scalar(select(Award).where(Award.source == source, LIVE))


def last_award(source: str) -> Award | None:
    """Return the newest award for a source, whatever became of it, or None."""
    return session().scalar(select(Award).where(Award.source == source).order_by(Award.id.desc()).limit(1))


def award_by_public_id(public_id: str) -> Award | None:
    """Return the award of a public id, or None."""
    return session().scalar(select(Award).where(Award.public_id == public_id))


def awards_of(person: Person) -> Select[Any]:
    """Return a SELECT of everything a person was given, the newest first."""
    return select(Award).where(Award.person_id == person.id).order_by(Award.issued_at.desc(), Award.id.desc())


def replace(old: Award, address: EmailAddress) -> Award:
    """Give an award anew to another verified address of the same person; the old one answers 410 from now on.

    Only for an award that no backpack has accepted: whether that is so is the caller's to know. Replacing by the address
    it has already changes nothing. Raises Refused where the old award does not stand any more or its holder is gone.
    """
    person = old.person
    if not old.live or person is None:
        raise Refused(_("This badge does not stand any more, so it cannot be given to another address."))
    if old.recipient_address == address.address.lower():
        return old
    _issuer_for(person, address)
    _end_for(old)
    new = award(
        old.badge_class,
        to=person,
        address=address,
        source=old.source,
        evidence_url=old.evidence_url,
        expires_at=old.expires_at,
        subject_id="" if old.subject_id.startswith("urn:uuid:") else old.subject_id,
        story=story_of(old),
    )
    old.replaced_by_id = new.id
    session().flush()
    return new


def rebind(old: Award, address: EmailAddress, *, by: Person) -> Award:
    """Give an award anew to a newly verified address of its holder, also where a backpack has the old one already.

    The old one answers 410 and names the new row; a `Rebinding` keeps when, by whom, and both addresses masked. Raises
    Refused as `replace` does.
    """
    before = old.recipient_address or ""
    new = replace(old, address)
    if new is not old:
        row = Rebinding(
            old_id=old.id,
            new_id=new.id,
            by_id=by.id,
            at=clock.now(),
            from_address=masked(before),
            to_address=masked(address.address),
        )
        session().add(row)
        session().flush()
        log.info("The award %s was given anew as %s to another address of its holder.", old.public_id, new.public_id)
    return new


def masked(address: str) -> str:
    """Return an e-mail address so that its owner knows it again and nobody else learns it: a•••@e•••.org."""
    local, _at, host = address.partition("@")
    name, _dot, top = host.rpartition(".")
    return f"{local[:1]}•••@{name[:1]}•••.{top}" if local and name else "•••"


def rebindings_of(row: Award) -> list[Rebinding]:
    """Return every time that an award, or what it came from, was given anew to another address; the latest first."""
    chain = (
        select(Rebinding.id, Rebinding.old_id)
        .where(or_(Rebinding.new_id == row.id, Rebinding.old_id == row.id))
        .cte("chain", recursive=True)
    )
    chain = chain.union(select(Rebinding.id, Rebinding.old_id).join(chain, Rebinding.new_id == chain.c.old_id))
    statement = select(Rebinding).where(Rebinding.id.in_(select(chain.c.id))).options(joinedload(Rebinding.by))
    return list(session().scalars(statement.order_by(Rebinding.id.desc())))


def revoke(row: Award, *, reason: str, by: Person | None = None) -> Award:
    """Take an award back for good; its documents answer 410 with the reason, which everybody can read.

    Revoking again changes nothing. Raises Refused naming the field `reason` where none is given, or where the award was
    replaced by another. (Open Badges 2.0, Revoking.)
    """
    if not reason.strip():
        raise Refused(_("Say why: everybody who checks the badge reads this."), field="reason")
    if row.replaced_at is not None:
        raise Refused(_("This award was replaced by another one. Revoke that one."))
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.revocation_reason = reason.strip()
        row.revoked_by_id = by.id if by else None
        sign_anew([row])
    return row


def reinstate(row: Award) -> None:
    """Refuse: a revocation is for good. Raises Refused with the explanation, always."""
    raise Refused(
        _(
            "Revoking “%(badge)s” was for good: whoever has checked it since knows it as revoked. Let it be earned again.",
            badge=row.badge_class.name,
        )
    )


def withdraw(row: Award) -> Award:
    """End the publication of an award because its holder wants that: it answers 410, the organisation keeps the row.

    Withdrawing again, or what does not stand any more, changes nothing.
    """
    if row.live:
        row.withdrawn_at = clock.now()
        sign_anew([row])
    return row


def assertion_url(row: Award) -> str:
    """Return the address of an award's 2.0 assertion, which is a human page in a browser."""
    return addresses.assertion(row.public_id)


def assertion_v1_url(row: Award) -> str:
    """Return the address of an award's 1.1 assertion: what a Mozilla-style backpack is given."""
    return addresses.assertion_v1(row.public_id)


def baked_png(row: Award) -> bytes:
    """Return the badge's picture with the award's 2.0 assertion in it (Open Badges 2.0, Baking: iTXt `openbadges`)."""
    return bake_png(storage.read(row.badge_class.image_key), row.document_v2, KEYWORD_OB2)
