"""Backpack Connect: once the person has allowed it, the worker puts badges into the backpack itself."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from sqlalchemy import update

from portal.core import outbound
from portal.core.clock import now
from portal.core.db import commit, session
from portal.delivery.connections import connection_of, keep_tokens, new_tokens, tokens_of, withdraw
from portal.delivery.couriers.courier import Outcome, Parcel
from portal.delivery.models import Connection, Reason, SendingState
from portal.delivery.probing import ProbeResult

PUSH_SECONDS = 20.0
REFRESH_SECONDS = 15.0
MOST_BYTES = 200_000
LONGEST_WAIT = timedelta(days=1)
BUSY_FOR = timedelta(seconds=60)

# Words that backpacks use in their refusals, in the order in which they are looked for.
_WORDS = (
    ("inaccessible", Reason.INACCESSIBLE),
    ("image", Reason.IMAGE),
    ("origin", Reason.OTHER_ORIGIN),
    ("recipient", Reason.OTHER_ADDRESS),
    ("email", Reason.OTHER_ADDRESS),
    ("malformed", Reason.MALFORMED),
    ("invalid", Reason.INVALID),
)


@dataclass(frozen=True)
class _Key:
    """What a push needs to know of a connection while no transaction runs."""

    connection_id: int
    api_root: str
    access: str
    refresh: str


class Connect:
    """Pushes with the person's consent (Mozilla Backpack Connect)."""

    key = "connect"

    def serves(self, found: ProbeResult) -> bool:
        """Whether the backpack offers Backpack Connect."""
        return found.connect

    def begin(self, parcel: Parcel) -> Outcome:
        """Return that the worker can go, or that the person has to allow it first."""
        connection = connection_of(parcel.person_id, parcel.backpack_url)
        if connection is not None and connection.holds:
            return Outcome(state=SendingState.WAITING)
        return Outcome(state=SendingState.NEEDS_PERMISSION)

    def carry(self, parcel: Parcel) -> Outcome:
        """Push the badge; where the access token is over, exchange it once and push again.

        A time limit that passes says nothing of what became of the push: it is repeated, and a 304 then says that the
        badge arrived. (Mozilla Backpack Connect: POST {api_root}/issue, POST {api_root}/token.)
        """
        key = _key_of(parcel)
        if key is None:
            return Outcome(state=SendingState.NEEDS_PERMISSION, reason=Reason.PERMISSION_WITHDRAWN)
        try:
            answer = _push(key, parcel)
            if answer.status == 401:
                renewed = _renewed(key, parcel)
                if isinstance(renewed, Outcome):
                    return renewed
                answer = _push(renewed, parcel)
        except outbound.OutboundError as error:
            return _unanswered(error)
        _note_use(key.connection_id)
        if answer.status == 401:
            _withdraw(key.connection_id)
            return Outcome(state=SendingState.NEEDS_PERMISSION, reason=Reason.PERMISSION_WITHDRAWN)
        return outcome_of(answer, tried_before=parcel.tried_before)


def _key_of(parcel: Parcel) -> _Key | None:
    connection = connection_of(parcel.person_id, parcel.backpack_url)
    tokens = tokens_of(connection) if connection else None
    commit()
    if connection is None or tokens is None:
        return None
    return _Key(connection.id, connection.api_root, tokens.access, tokens.refresh)


def _push(key: _Key, parcel: Parcel) -> outbound.Answer:
    token = base64.b64encode(key.access.encode()).decode()
    return outbound.fetch(
        f"{key.api_root}/issue",
        method="POST",
        data={"badge": parcel.assertion_url},
        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        timeout=PUSH_SECONDS,
        max_bytes=MOST_BYTES,
    )


def _renewed(key: _Key, parcel: Parcel) -> _Key | Outcome:
    """Exchange the refresh token: one worker at a time, since a spent one that is shown again ends the permission."""
    mine = session().scalar(
        update(Connection)
        .where(Connection.id == key.connection_id, Connection.busy_until <= now())
        .values(busy_until=now() + BUSY_FOR)
        .returning(Connection.id)
        .execution_options(synchronize_session=False)
    )
    commit()
    if mine is None:
        return Outcome(state=SendingState.WAITING, again_at=now() + timedelta(seconds=3))
    try:
        present = _key_of(parcel)
        if present is None:
            return Outcome(state=SendingState.NEEDS_PERMISSION, reason=Reason.PERMISSION_WITHDRAWN)
        return present if present.access != key.access else _exchanged(present)
    finally:
        session().execute(update(Connection).where(Connection.id == key.connection_id).values(busy_until=now()))
        commit()


def _exchanged(key: _Key) -> _Key | Outcome:
    try:
        answer = outbound.fetch(
            f"{key.api_root}/token",
            method="POST",
            json={"grant_type": "refresh_token", "refresh_token": key.refresh},
            headers={"Accept": "application/json"},
            timeout=REFRESH_SECONDS,
            max_bytes=MOST_BYTES,
        )
        found = answer.json() if answer.ok else None
    except outbound.OutboundError as error:
        return _unanswered(error)
    except ValueError:
        return Outcome(state=SendingState.WAITING, reason=Reason.NOT_UNDERSTOOD)
    if answer.status in {400, 401, 403}:
        _withdraw(key.connection_id)
        return Outcome(state=SendingState.NEEDS_PERMISSION, reason=Reason.PERMISSION_WITHDRAWN)
    tokens, seconds = new_tokens(found)
    if tokens is None:
        return _later(answer)
    connection = session().get(Connection, key.connection_id, populate_existing=True)
    if connection is None or not connection.holds:
        commit()
        return Outcome(state=SendingState.NEEDS_PERMISSION, reason=Reason.PERMISSION_WITHDRAWN)
    keep_tokens(connection, tokens, seconds)
    commit()
    return _Key(key.connection_id, key.api_root, tokens.access, tokens.refresh)


def _withdraw(connection_id: int) -> None:
    connection = session().get(Connection, connection_id, populate_existing=True)
    if connection is not None and connection.holds:
        withdraw(connection)
    commit()


def _note_use(connection_id: int) -> None:
    session().execute(update(Connection).where(Connection.id == connection_id).values(used_at=now()))
    commit()


def _unanswered(error: outbound.OutboundError) -> Outcome:
    if isinstance(error, outbound.Forbidden):
        return Outcome(state=SendingState.FAILED, reason=Reason.PRIVATE_ADDRESS)
    if isinstance(error, outbound.TimedOut):
        return Outcome(state=SendingState.WAITING, reason=Reason.TIMED_OUT)
    if isinstance(error, outbound.TooLarge):
        return Outcome(state=SendingState.WAITING, reason=Reason.NOT_UNDERSTOOD)
    return Outcome(state=SendingState.WAITING, reason=Reason.UNREACHABLE)


def outcome_of(answer: outbound.Answer, *, tried_before: bool) -> Outcome:
    """Return what a backpack's answer to a push means.

    201 says that it took the badge, 304 that it had it: from an attempt of ours where there was one before. 429 and 5xx
    are tried again, not before Retry-After. (Mozilla Backpack Connect: POST {api_root}/issue.)
    """
    if answer.status in {200, 201}:
        return Outcome(state=SendingState.SENT)
    if answer.status == 304:
        return Outcome(state=SendingState.SENT if tried_before else SendingState.ALREADY_THERE)
    if answer.status in {408, 425, 429} or answer.status >= 500:
        return _later(answer)
    if answer.status == 403:
        return Outcome(state=SendingState.REFUSED, reason=_reason_in(answer, Reason.OTHER_ADDRESS))
    if answer.status == 400:
        return Outcome(state=SendingState.REFUSED, reason=_reason_in(answer, Reason.INVALID))
    return Outcome(state=SendingState.FAILED, reason=Reason.NOT_UNDERSTOOD)


def _reason_in(answer: outbound.Answer, otherwise: Reason) -> Reason:
    said = answer.body[:4_000].decode(errors="replace").lower()
    return next((reason for word, reason in _WORDS if word in said), otherwise)


def _later(answer: outbound.Answer) -> Outcome:
    return Outcome(
        state=SendingState.WAITING,
        reason=Reason.BUSY,
        again_at=retry_after(answer.headers.get("retry-after", ""), now()),
    )


def retry_after(text: str, moment: datetime) -> datetime | None:
    """Return when a Retry-After header allows another try: seconds or a date, at most a day away (RFC 9110, 10.2.3)."""
    if text.isascii() and text.isdecimal():
        asked = timedelta(seconds=int(text)) if len(text) < 8 else LONGEST_WAIT
        return moment + min(asked, LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if at.tzinfo is None:
        return None
    return min(max(at, moment), moment + LONGEST_WAIT)
