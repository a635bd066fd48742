"""The status lists of 3.0: every award has a random place in one, and the list is signed anew whenever one ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from portal.badges import addresses
from portal.badges.models import LIVE, Award, AwardOrder, StatusList
from portal.badges.services.keys import proof_key, token_key
from portal.core import clock, ids
from portal.core.db import session
from portal.openbadges import ob30
from portal.openbadges.documents import stable_bytes
from portal.openbadges.model import StatusEntry
from portal.openbadges.ob30.status import LENGTH

FULL = LENGTH // 2
"""A list is closed when half of it is taken, so that a free place is found at the first or second try."""


def take_place(row: Award) -> StatusEntry:
    """Give an award a random place in a list that has room, and return the entry for its credential."""
    if row.status_list_id is None:
        found = _with_room()
        row.status_list_id, row.status_index = found.id, _free(found, 1)[0]
        found.taken += 1
    public_id = session().scalars(select(StatusList.public_id).where(StatusList.id == row.status_list_id)).one()
    return StatusEntry(list_url=addresses.status_list(public_id), index=int(row.status_index or 0))


def _with_room() -> StatusList:
    statement = select(StatusList).where(StatusList.taken < FULL).order_by(StatusList.id).limit(1).with_for_update()
    return session().scalar(statement) or _new()


def _new() -> StatusList:
    row = StatusList(public_id=ids.public_id(), taken=0)
    _sign(row, [])
    session().add(row)
    session().flush()
    return row


def _free(found: StatusList, number: int) -> list[int]:
    """Draw so many free places of a list that is locked; what orders hold is not free."""
    drawn: set[int] = set()
    while len(drawn) < number:
        tried = {ob30.random_index() for _each in range(number - len(drawn))} - drawn
        for table in (Award, AwardOrder):
            taken = select(table.status_index).where(table.status_list_id == found.id, table.status_index.in_(tried))
            tried -= {index for index in session().scalars(taken) if index is not None}
        drawn |= tried
    return list(drawn)


def reserve(orders: Sequence[AwardOrder]) -> dict[int, str]:
    """Give every order that has none yet a random place in a list with room; flushed.

    Returns the addresses of the lists by their inner numbers. A place stays with its order, however often its worker is
    killed, so it is never lost and never given twice.
    """
    waiting = [order for order in orders if order.status_index is None]
    while waiting:
        found = _with_room()
        now_placed, waiting = waiting[: FULL - found.taken], waiting[FULL - found.taken :]
        for order, index in zip(now_placed, _free(found, len(now_placed)), strict=True):
            order.status_list_id, order.status_index = found.id, index
        found.taken += len(now_placed)
        session().flush()
    wanted = {order.status_list_id for order in orders}
    rows = session().execute(select(StatusList.id, StatusList.public_id).where(StatusList.id.in_(wanted)))
    return {number: addresses.status_list(public_id) for number, public_id in rows}


def sign_anew(awards: Iterable[Award]) -> None:
    """Sign the lists of awards that have just ended; flushed. A list is locked while it is read and signed."""
    touched = {row.status_list_id for row in awards if row.status_list_id is not None}
    session().flush()
    for list_id in sorted(touched):
        row = session().scalars(select(StatusList).where(StatusList.id == list_id).with_for_update()).one()
        ended = session().scalars(select(Award.status_index).where(Award.status_list_id == list_id, ~LIVE))
        _sign(row, [index for index in ended if index is not None])
    session().flush()


def _sign(row: StatusList, revoked: Iterable[int]) -> None:
    moment, token = clock.now(), token_key()
    listing = ob30.status_list_credential(
        ob30.StatusList(revoked=revoked),
        address=addresses.status_list(row.public_id),
        issuer=addresses.did(),
        valid_from=moment,
    )
    row.document = stable_bytes(proof_key().signer.sign(listing, created=moment))
    row.token = ob30.sign_jwt(listing, token.pair, key_address=addresses.key_jwk(token.public_id)).encode()
    row.signed_at = moment


def sign_all_anew() -> None:
    """Sign every list with the keys that sign now: after a key was marked as compromised."""
    for row in session().scalars(select(StatusList).with_for_update()):
        ended = session().scalars(select(Award.status_index).where(Award.status_list_id == row.id, ~LIVE))
        _sign(row, [index for index in ended if index is not None])
    session().flush()
