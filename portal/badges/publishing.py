"""Reading what was issued, on the shortest way: one prepared statement over one index, and the bytes as they are stored."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from flask import current_app
from sqlalchemy import Engine, bindparam, create_engine, select

from portal.badges import addresses
from portal.badges.models import Award, BadgeClass, StatusList
from portal.core.db import db, prepare_engine
from portal.openbadges import model, ob11, ob20
from portal.openbadges.documents import stable_bytes

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Dialect, Select

_EXTENSION = "laurel_public_reader"
_AWARDS: Any = Award.__table__.c
_CLASSES: Any = BadgeClass.__table__.c
_STATUSES: Any = StatusList.__table__.c
REPLACED = "The badge was given again to another e-mail address of the same person."
WITHDRAWN = "The holder has withdrawn the publication of this badge."


class Published(NamedTuple):
    """A document as it was stored, and whether it still stands: the instants as the driver gives them, None or not."""

    body: bytes
    revoked_at: object = None
    withdrawn_at: object = None
    replaced_at: object = None
    revocation_reason: str = ""
    image_key: str = ""

    @property
    def gone(self) -> bool:
        """Whether the document is to be answered with 410."""
        return not (self.revoked_at is None and self.withdrawn_at is None and self.replaced_at is None)

    @property
    def reason(self) -> str:
        """Why it does not stand any more, as the public may read it."""
        if self.revoked_at is not None:
            return self.revocation_reason
        return WITHDRAWN if self.withdrawn_at is not None else REPLACED


# What waits for its holder's yes is not there yet for anybody: docs/adr/0010.
def _of_award(column: ColumnElement[bytes]) -> Select[Any]:
    return (
        select(
            column,
            _AWARDS.revoked_at,
            _AWARDS.withdrawn_at,
            _AWARDS.replaced_at,
            _AWARDS.revocation_reason,
            _CLASSES.image_key,
        )
        .join_from(Award.__table__, BadgeClass.__table__, _AWARDS.badge_class_id == _CLASSES.id)
        .where(_AWARDS.public_id == bindparam("public_id"), _AWARDS.offered_at.is_(None))
    )


ASSERTION = _of_award(_AWARDS.document_v2)
ASSERTION_V1 = _of_award(_AWARDS.document_v1)
SIGNED = _of_award(_AWARDS.document_signed)
CREDENTIAL = _of_award(_AWARDS.document_v3)
CREDENTIAL_JWT = _of_award(_AWARDS.document_v3_jwt)
CLASS = select(_CLASSES.document_v2).where(_CLASSES.public_id == bindparam("public_id"))
CLASS_V1 = select(_CLASSES.document_v1).where(_CLASSES.public_id == bindparam("public_id"))
ACHIEVEMENT = select(_CLASSES.document_v3).where(_CLASSES.public_id == bindparam("public_id"))
STATUS = select(_STATUSES.document).where(_STATUSES.public_id == bindparam("public_id"))
STATUS_JWT = select(_STATUSES.token).where(_STATUSES.public_id == bindparam("public_id"))
CLASS_IMAGE_KEY = select(_CLASSES.image_key).where(_CLASSES.public_id == bindparam("public_id"))


@lru_cache(maxsize=32)
def _compiled(statement: Select[Any], dialect: Dialect) -> tuple[str, bool]:
    """Return a statement as the driver takes it, once for each, and whether its parameter goes by position."""
    compiled = statement.compile(dialect=dialect)
    return str(compiled), compiled.positional


def reader() -> Engine:
    """Return the connections of this process for single reads: without transactions, and without a ping before each."""
    known = current_app.extensions.get(_EXTENSION)
    if known is None:
        engine = create_engine(
            db.engine.url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, pool_recycle=3600
        )
        prepare_engine(engine)
        known = current_app.extensions.setdefault(_EXTENSION, engine)
    return cast("Engine", known)


def _row(statement: Select[Any], public_id: str) -> Any:
    """Read one row with the driver alone; a connection that broke since it was used last is made anew, once."""
    engine = reader()
    text, positional = _compiled(statement, engine.dialect)
    values = (public_id,) if positional else {"public_id": public_id}
    try:
        return _read(engine, text, values)
    except engine.dialect.loaded_dbapi.OperationalError:
        engine.dispose()
        return _read(engine, text, values)


def _read(engine: Engine, text: str, values: tuple[str] | dict[str, str]) -> Any:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(text, values)
        return cursor.fetchone()
    except BaseException:
        connection.invalidate()
        raise
    finally:
        connection.close()


def published(statement: Select[Any], public_id: str) -> Published | None:
    """Return what one of the prepared statements of this module finds, or None for an unknown id or a form that is not made yet."""
    row = _row(statement, public_id)
    return None if row is None or row[0] is None else Published(*row)


def class_image_key(public_id: str) -> str | None:
    """Return the key of the picture of a badge class, or None for an unknown id."""
    row = _row(CLASS_IMAGE_KEY, public_id)
    return None if row is None else cast("str", row[0])


def stub(public_id: str, reason: str, *, v1: bool = False) -> bytes:
    """Return the stripped body that goes with 410: nothing personal is left in it (Open Badges 2.0, Revoking)."""
    said = model.Assertion(
        id=addresses.assertion(public_id),
        id_v1=addresses.assertion_v1(public_id),
        badge=_NO_CLASS,
        recipient=_NOBODY,
        issued_at=cast("datetime", None),
    )
    return stable_bytes((ob11 if v1 else ob20).revoked(said, reason))


_NOBODY = model.Recipient(address="", salt="")
_NO_CLASS = model.BadgeClass(
    id="",
    issuer=model.Profile(id="", url="", name="", email=""),
    name="",
    description="",
    criteria_url="",
    image_url="",
)
