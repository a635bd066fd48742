"""Giving a badge to many at once: signed before any transaction begins, kept in batches, never twice.

An order is claimed and committed, its place in a status list reserved and committed, its documents signed while nothing is
locked, and then award and order are kept in one transaction. So a worker may be killed at any moment: what it held is due
again, and the one live award of each source makes a double impossible (docs/adr/0010).
"""

from __future__ import annotations

import logging
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.accounts.models import EmailAddress
from portal.badges.models import LIVE, Award, AwardBatch, AwardOrder, BadgeClass, OrderState
from portal.badges.services.issuer import issuer
from portal.badges.services.runs import Documents, Runs, Who
from portal.badges.services.signing import Desk, open_desk
from portal.badges.services.statuses import reserve
from portal.core import clock, ids
from portal.core.db import session
from portal.core.errors import Refused
from portal.core.settings import settings
from portal.notices import services as notices
from portal.openbadges.errors import Unfit

log = logging.getLogger(__name__)
BATCH = 500
MOST_TRIES = 5


@dataclass
class Prepared:
    """Orders that can be signed now, with all that signing needs, so that it asks the database nothing."""

    desk: Desk
    badges: dict[int, BadgeClass]
    lists: dict[int, str]
    orders: list[AwardOrder] = field(default_factory=list)
    addresses: dict[int, str] = field(default_factory=dict)


@dataclass
class Signed:
    """What was signed, ready to be kept: the rows of the awards, and the orders that no badge can be made for."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    orders: list[AwardOrder] = field(default_factory=list)
    unfit: list[AwardOrder] = field(default_factory=list)


def prepare(taken: Sequence[AwardOrder]) -> Prepared | None:
    """Settle the claimed orders that need no award, and give the others their places; flushed.

    Returns what is left to sign, or None where nothing is. An order that was tried again and again is given up.
    """
    for order in taken:
        if order.attempts > MOST_TRIES:
            _settle(order, OrderState.FAILED)
    had = _live_sources(taken)
    addresses = _addresses(taken)
    orders = [order for order in taken if order.state == OrderState.WAITING]
    for order in orders:
        if order.source in had:
            _settle(order, OrderState.HAD)
        elif order.person_id not in addresses:
            _settle(order, OrderState.NO_ADDRESS)
    orders = [order for order in orders if order.state == OrderState.WAITING]
    profile = issuer()
    if profile is None or not orders:
        session().flush()
        return None
    profile.base_url = profile.base_url or settings().base_url
    wanted = {order.badge_class_id for order in orders}
    badges = {row.id: row for row in session().scalars(select(BadgeClass).where(BadgeClass.id.in_(wanted)))}
    desk = open_desk(profile)
    for row in badges.values():
        desk.said(row)
    return Prepared(desk, badges, reserve(orders), orders, addresses)


def _settle(order: AwardOrder, state: OrderState) -> None:
    order.state, order.lease, order.leased_until = state, None, clock.now()


def _live_sources(taken: Sequence[AwardOrder]) -> set[str]:
    """Return the sources that have an award that stands already."""
    sources = [order.source for order in taken]
    return set(session().scalars(select(Award.source).where(Award.source.in_(sources), LIVE)))


def _addresses(taken: Sequence[AwardOrder]) -> dict[int, str]:
    """Return a verified address of each person: the one an order names where that is theirs, else their main one."""
    people = {order.person_id for order in taken}
    asked = {order.person_id: order.address for order in taken if order.address}
    rows = session().execute(
        select(EmailAddress.person_id, EmailAddress.verified_address)
        .where(EmailAddress.person_id.in_(people), EmailAddress.verified_address.is_not(None))
        .order_by(EmailAddress.is_primary, EmailAddress.id.desc())
    )
    found: dict[int, str] = {}
    for person_id, address in rows:
        if address and (person_id not in found or found[person_id] != asked.get(person_id)):
            found[person_id] = address
    return found


def signed(prepared: Prepared) -> Signed:
    """Compose and sign every form of every award; asks the database nothing, so call it outside of a transaction."""
    done, runs = Signed(), Runs(prepared.desk)
    for order in prepared.orders:
        who = _who(order, prepared)
        try:
            documents = runs.documents(who, prepared.badges[order.badge_class_id])
        except (Refused, Unfit):
            log.warning("The badge of order %s cannot be signed.", order.id, exc_info=True)
            done.unfit.append(order)
        else:
            done.rows.append(_row(order, who, documents, prepared.desk))
            done.orders.append(order)
    return done


def _who(order: AwardOrder, prepared: Prepared) -> Who:
    return Who(
        public_id=ids.public_id(),
        address=prepared.addresses[order.person_id].lower(),
        salt=secrets.token_hex(16),
        subject_id=uuid.uuid4().urn,
        evidence_url=order.evidence_url,
        expires_at=order.expires_at,
        list_url=prepared.lists[cast("int", order.status_list_id)],
        place=cast("int", order.status_index),
    )


def _row(order: AwardOrder, who: Who, documents: Documents, desk: Desk) -> dict[str, Any]:
    return {
        "public_id": who.public_id,
        "badge_class_id": order.badge_class_id,
        "person_id": order.person_id,
        "recipient_address": who.address,
        "salt": who.salt,
        "issued_at": desk.moment,
        "expires_at": who.expires_at,
        "evidence_url": who.evidence_url,
        "source": order.source,
        "document_v1": documents.v1,
        "document_v2": documents.v2,
        "subject_id": who.subject_id,
        "document_signed": documents.signed,
        "document_v3": documents.v3,
        "document_v3_jwt": documents.v3_jwt,
        "signed_at": desk.moment,
        "proof_key_id": desk.proof.id,
        "token_key_id": desk.token.id,
        "status_list_id": order.status_list_id,
        "status_index": who.place,
        "revocation_reason": "",
        "offered_at": desk.moment,
        "batch_id": order.batch_id,
    }


def keep(done: Signed) -> int:
    """Keep awards and what became of their orders, and tell the holders; return how many awards are new.

    An order whose lease ran out meanwhile belongs to somebody else by now, and is left to them.
    """
    mine = _still_mine([*done.orders, *done.unfit])
    pairs = [(row, order) for row, order in zip(done.rows, done.orders, strict=True) if order.id in mine]
    if pairs:
        session().execute(_insert().on_conflict_do_nothing(), [row for row, _order in pairs])
    names = [row["public_id"] for row, _order in pairs]
    kept = set(session().scalars(select(Award.public_id).where(Award.public_id.in_(names))))
    _end([order.id for row, order in pairs if row["public_id"] in kept], OrderState.GIVEN)
    _end([order.id for row, order in pairs if row["public_id"] not in kept], OrderState.HAD)
    _end([order.id for order in done.unfit if order.id in mine], OrderState.UNFIT)
    _tell([row for row, _order in pairs if row["public_id"] in kept])
    return len(kept)


def _still_mine(orders: Sequence[AwardOrder]) -> set[int]:
    """Lock the orders whose lease is still ours, and return their numbers."""
    leases = {order.id: order.lease for order in orders}
    statement = (
        select(AwardOrder.id, AwardOrder.lease)
        .where(AwardOrder.id.in_(leases))
        .order_by(AwardOrder.id)
        .with_for_update()
    )
    return {number for number, lease in session().execute(statement) if lease is not None and lease == leases[number]}


def _insert() -> Any:
    dialect = sqlite if session().get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(cast("Any", Award.__table__))


def _end(numbers: Sequence[int], state: OrderState) -> None:
    if numbers:
        session().execute(
            update(AwardOrder)
            .where(AwardOrder.id.in_(numbers))
            .values(state=state, lease=None, leased_until=clock.now())
            .execution_options(synchronize_session=False)
        )


def _tell(rows: Sequence[dict[str, Any]]) -> None:
    """Tell the holders what they were given, and where they accept it."""
    if not rows:
        return
    batches = {row["batch_id"] for row in rows}
    titles = {
        number: (title, name)
        for number, title, name in session().execute(
            select(AwardBatch.id, AwardBatch.title, BadgeClass.name)
            .join(AwardBatch.badge_class)
            .where(AwardBatch.id.in_(batches))
        )
    }
    notices.tell_each(
        "badge_offered",
        [
            notices.Telling(
                person_id=row["person_id"],
                key=f"badge-offered:{row['public_id']}",
                url=f"/badges/mine/{row['public_id']}",
                values={"path": titles[row["batch_id"]][0], "badge": titles[row["batch_id"]][1]},
            )
            for row in rows
        ],
    )
